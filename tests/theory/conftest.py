import tomllib
from pathlib import Path

import pytest

from graders.model import Rubric

RUBRIC = Path(__file__).parents[2] / "assignments" / "l04_cnn" / "theory.toml"


@pytest.fixture(scope="session")
def rubric():
    return Rubric.model_validate(tomllib.loads(RUBRIC.read_text(encoding="utf-8")))


@pytest.fixture(scope="session")
def ask(rubric):
    """The text of a question by its id and language."""
    questions = {question.id: question for question in rubric.questions}
    return lambda number, language="ru": questions[str(number)].text.to(language)
