from pathlib import Path

import pytest

from graders.model import KeyPoint, Question, Rubric, Text
from graders.theory import checked
from graders.theory.checked import check_once

PATH = Path("theory.toml")


def rubric(*, weight=1.0):
    point = KeyPoint(
        id="shared",
        weight=weight,
        title=Text(ru="общие веса", en="shared weights"),
        any=("shar* weight", "общ* вес*"),
    )
    question = Question(
        id="1",
        points=1,
        text=Text(ru="Что общее?", en="What is shared?"),
        answer=Text(ru="Общие веса.", en="The shared weights."),
        key_points=(point,),
    )
    return Rubric(questions=(question,))


@pytest.fixture
def tried(monkeypatch):
    """Counts how often a rubric is tried."""
    calls = []
    really = checked.check_rubric
    monkeypatch.setattr(checked, "check_rubric", lambda *given: calls.append(1) or really(*given))
    return calls


def test_a_sound_rubric_is_tried_once(tmp_path, tried):
    assert check_once(rubric(), PATH, tmp_path) == check_once(rubric(), PATH, tmp_path) == []
    assert len(tried) == 1


def test_a_changed_rubric_is_tried_again(tmp_path, tried):
    check_once(rubric(), PATH, tmp_path)
    assert check_once(rubric(weight=0.5), PATH, tmp_path)
    assert len(tried) == 2


def test_mistakes_are_told_every_time(tmp_path):
    first = check_once(rubric(weight=0.5), PATH, tmp_path)
    assert first
    assert check_once(rubric(weight=0.5), PATH, tmp_path) == first


def test_other_code_tries_again(tmp_path, tried, monkeypatch):
    check_once(rubric(), PATH, tmp_path)
    monkeypatch.setattr(checked, "_code", lambda: "other")
    check_once(rubric(), PATH, tmp_path)
    assert len(tried) == 2


def test_a_cache_that_cannot_be_written_only_costs_time(tmp_path, tried):
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert check_once(rubric(), PATH, blocked) == check_once(rubric(), PATH, blocked) == []
    assert len(tried) == 2
