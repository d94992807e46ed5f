import json
import tomllib
from pathlib import Path

import numpy as np
import pytest

from graders.model import KeyPoint, Question, Rubric, Text
from graders.theory.bench import cases_of, read_graded

RUBRIC = Path(__file__).parents[2] / "assignments" / "l04_cnn" / "theory.toml"


@pytest.fixture(scope="session")
def rubric():
    return Rubric.model_validate(tomllib.loads(RUBRIC.read_text(encoding="utf-8")))


@pytest.fixture(scope="session")
def ask(rubric):
    """The text of a question by its id and language."""
    questions = {question.id: question for question in rubric.questions}
    return lambda number, language="ru": questions[str(number)].text.to(language)


NOUNS = (
    "gate cell forget memory kernel channel padding stride momentum learning decay batch norm layer softmax "
    "entropy margin anchor encoder decoder attention query token vocabulary beam noise latent sample prior "
    "residual bottleneck dropout mask filter pooling tensor gradient loss optimizer schedule"
)
"""Five words for each of eight made questions."""
FILLERS = "first then usually always mostly later again often here there"


@pytest.fixture(scope="session")
def made_lines():
    """Lines of a graded set: who says more of five words gets more; `count` questions, `each` answers."""

    def make(count, each, top=5):
        random = np.random.default_rng(0)
        lines = []
        for number in range(count):
            words = NOUNS.split()[5 * number : 5 * number + 5]
            for _ in range(each):
                said = int(random.integers(0, 6))
                text = [*random.permutation(words)[:said], *random.choice(FILLERS.split(), 4)]
                lines.append(
                    {
                        "question_id": f"q{number}",
                        "question": f"What belongs to part {number} of the network?",
                        "reference": "It has a " + ", a ".join(words) + ".",
                        "answer": " ".join(random.permutation(text)),
                        "score": said * top / 5,
                        "max": top,
                    }
                )
        return lines

    return make


@pytest.fixture(scope="session")
def write_set(tmp_path_factory):
    """Writes lines as a graded set and returns its path; text is written as it is."""

    def write(lines):
        path = tmp_path_factory.mktemp("set") / "set.jsonl"
        text = lines if isinstance(lines, str) else "".join(json.dumps(line) + "\n" for line in lines)
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture(scope="session")
def made_class(made_lines, write_set):
    """Eight questions with thirty marked answers each: cases and shares of the points."""
    graded = read_graded(write_set(made_lines(8, 30)))
    return list(cases_of(graded)), np.array([row.score / row.max for row in graded.rows])


@pytest.fixture(scope="session")
def make_question():
    """A question with one key point, in one language or two."""

    def make(text, answer, english="", english_answer="", **changes):
        return Question(
            id="1",
            points=1,
            text=Text(ru=text, en=english or text),
            answer=Text(ru=answer, en=english_answer or answer),
            key_points=(KeyPoint(id="p", weight=1, title=Text(ru="", en="")),),
        ).model_copy(update=changes)

    return make
