"""What students say of their own data is found and shown; where it is missing they are told."""

from collections.abc import Callable
from dataclasses import replace

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from graders.grading import Setting, run_submission
from graders.grading.own_about import LONGEST, about_data
from graders.model import About, OwnDataTask, Submission, Text

TOLD = "Листья из нашего парка: я снял их телефоном осенью. Помогли повороты и вторая свёртка."
TASK = OwnDataTask(
    id="own", kind="own_data", title=Text(ru="Свои", en="Own"), points=4, accepts=("classification",)
)
Tell = Callable[..., tuple[str, list[str]]]


@pytest.fixture
def tell(setting_of: Callable[[str], Setting], submitted: Callable[..., Submission]) -> Tell:
    """The text that is found in a file and in Markdown cells, and codes of what is said of it."""
    lesson = setting_of("l06_unet")
    work = run_submission(lesson, replace(submitted(), notebook=None), lambda step: None)

    def told(*cells: str, file: str | None = None) -> tuple[str, list[str]]:
        notebook = new_notebook(cells=[new_code_cell("1"), *map(new_markdown_cell, cells)])
        submission = replace(work.submission, notebook=notebook, theory=file)
        found = about_data(replace(work, submission=submission), TASK)
        text = "".join(one.text for one in found if isinstance(one, About))
        return text, [one.message.code for one in found if not isinstance(one, About)]

    return told


@pytest.mark.parametrize(
    "heading", ["## О данных", "# About the data", "### О данных · About the data", "**О моих данных**"]
)
def test_sentences_under_the_heading_are_shown(tell: Tell, heading: str) -> None:
    assert tell(f"{heading}\n{TOLD}") == (TOLD, [])
    assert tell(heading, TOLD) == (TOLD, [])
    assert tell(file=f"{heading}\n{TOLD}\n\n## Анализ\nСеть стала лучше.") == (TOLD, [])
    assert tell(file=f"{heading}\n{TOLD}\n\nВопрос 1. Свёртка по каналам.") == (TOLD, [])


@pytest.mark.parametrize("cells", [(), ("Листья",), ("## О данных",), ("## Анализ\n" + TOLD,), (TOLD,)])
def test_who_says_nothing_is_told_where_to_write(tell: Tell, cells: tuple[str, ...]) -> None:
    assert tell(*cells) == ("", ["own.no_about"])


def test_few_words_are_shown_and_called_few(tell: Tell) -> None:
    assert tell("## О данных\nЛистья.") == ("Листья.", ["own.about_short"])


def test_what_the_starter_says_is_not_the_students_word(
    tell: Tell, setting_of: Callable[[str], Setting]
) -> None:
    starter = setting_of("l06_unet").assignment.folder / "starter.ipynb"
    cells = [cell.source for cell in nbformat.read(starter, 4).cells if cell.cell_type == "markdown"]
    assert tell(*cells) == ("", ["own.no_about"])
    (asked,) = (cell for cell in cells if "About the data" in cell)
    assert tell(f"{asked}\n\n{TOLD}") == (TOLD, [])


def test_a_long_text_is_cut(tell: Tell) -> None:
    text, codes = tell("## О данных\n" + "leaf " * LONGEST)
    assert (len(text), codes) == (LONGEST, [])
