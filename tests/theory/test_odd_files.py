"""Files as odd as students' own: what belongs to which question, from its first words to its last.

They stand in `odd_files.toml`. An expectation `first … last` says how the answer begins and ends, so that
neither the question's words nor a neighbour's answer may be in it.
"""

import tomllib
from pathlib import Path

import pytest

from graders.spec import read_rubric
from graders.theory import Document, find_answers

ASSIGNMENTS = Path(__file__).parents[2] / "assignments"
FILES = tomllib.loads(Path(__file__).with_name("odd_files.toml").read_text(encoding="utf-8"))


def _filled(rubric, text):
    for question in rubric.questions:
        for language in ("ru", "en"):
            text = text.replace(f"{{{language}{question.id}}}", question.text.to(language))
    return text


@pytest.mark.parametrize("name", FILES)
def test_each_answer_of_an_odd_file_is_found_whole_and_alone(name):
    file = FILES[name]
    rubric = read_rubric(ASSIGNMENTS / file["lesson"] / "theory.toml")
    if "text" in file:
        documents = [Document("a.md", _filled(rubric, file["text"]))]
    else:
        cells = [_filled(rubric, text) for text in file["cells"]]
        documents = [Document(f"cell {n}", text, n) for n, text in enumerate(cells, 1)]
    found = {answer.question: answer.text for answer in find_answers(rubric, documents) if answer.text}
    assert list(found) == sorted(file["answers"])  # in the order of the rubric
    for question, said in file["answers"].items():
        first, _, last = said.removesuffix(" …").removeprefix("… ").rpartition(" … ")
        assert found[question].startswith(first or ("" if said.startswith("… ") else last))
        assert found[question].endswith(last)
