"""Own data through the real sandboxes: honest work is compared, cheats earn nothing, mistakes are told."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from own_notebooks import FOREST, GUESS, KINDS, PICTURES, TABLE, Judge, own_data

from graders.edits import effective
from graders.errors import UsageError
from graders.grading import Setting, make_record, mark_work, run_submission
from graders.i18n import sentence
from graders.model import OwnKind, Submission, say
from graders.report.student import student_report
from graders.review.approval import approve, brought


def test_honest_work_is_compared_with_the_reference_and_waits_for_a_person(judge: Judge) -> None:
    mark = judge(TABLE, FOREST, stretch=1.5)
    assert (mark.status, mark.settled, mark.reason.code) == ("needs_review", False, "own.compared")
    assert mark.earned is not None
    assert mark.earned > 0
    found = own_data(mark)
    names = [rival.name for rival in found.rivals]
    assert names[:2] == ["yours", "reference"]
    assert "majority" in names
    assert found.budget == 1.5 * 2
    assert (found.examples, found.trained_on + found.rivals[0].measured.n) == (1200, 1200)


@pytest.mark.slow
def test_a_person_approves_once_and_the_points_stand(
    own_lesson: Setting, submitted: Callable[..., Submission]
) -> None:
    work = run_submission(own_lesson, submitted(TABLE, FOREST), lambda step: None)
    record = make_record(work, mark_work(work))
    assert record.status == "needs_review"
    assert record.provisional == record.earned > 0
    seen = approve(brought([record])[0], None, author="t", reason="")
    assert (seen.status, seen.earned, seen.provisional) == ("graded", record.earned, 0)
    again = record.model_copy(update={"edits": seen.edits})
    assert effective(again).marks[0].settled
    less = approve(brought([record])[0], 1.5, author="t", reason="labels of noise")
    assert (less.earned, effective(less).marks[0].status) == (1.5, "partial")
    page = student_report(effective(seen), own_lesson.assignment, own_lesson.course, "ru")
    assert "эталон курса" in page
    assert "Данные посмотрел(а) t" in page


def test_a_model_that_learned_nothing_earns_next_to_nothing(judge: Judge) -> None:
    mark = judge(TABLE, GUESS)
    assert mark.reason.code == "own.compared"
    assert mark.earned is not None
    assert mark.earned < 1  # the upper end of its interval may reach beyond the best baseline


@pytest.mark.parametrize(
    "cheat",
    [
        pytest.param(
            "def load_all():\n"
            "    X, y = drawn(10)\n"
            "    cut = [(x, a, b) for x in X for a in range(4) for b in range(4)]\n"
            "    crops = [np.pad(x[a:, b:], ((0, a), (0, b)), mode='edge') for x, a, b in cut]\n"
            "    return np.array(crops), np.repeat(y, 16), None",
            id="the same pictures under slight crops",
        ),
        pytest.param(
            "def load_all():\n    X, y = drawn(300)\n    X[:, 0, 0] = y\n    return X, y, None",
            id="the label in a corner",
        ),
        pytest.param(
            "def load_all():\n    X, y = drawn(10)\n"
            "    return np.tile(X, (100, 1, 1)), np.tile(y, 100), None",
            id="a hundred copies of ten",
        ),
        pytest.param("def load_all():\n    X, y = drawn(300)\n    return X, 0 * y, None", id="one class"),
        pytest.param("def load_all():\n    X, y = drawn(12)\n    return X, y, None", id="twelve examples"),
    ],
)
def test_data_on_which_nothing_can_be_measured_is_told_and_is_no_zero(judge: Judge, cheat: str) -> None:
    mark = judge(PICTURES, cheat, GUESS)
    assert (mark.status, mark.earned) == ("not_run", None)
    assert mark.reason.code.startswith("own.leak")
    assert mark.hint is not None


def test_what_is_wrong_with_the_data_is_told(judge: Judge) -> None:
    mark = judge("def load_all():\n    return [[1, 2], [3]], [1, 2], None", GUESS)
    assert (mark.status, mark.reason.code) == ("failed", "contract.own_ragged")
    assert mark.hint is not None


MILLION = """
import numpy as np
own_kind = "classification"
def load_all():
    random = np.random.default_rng(1)
    X = random.normal(size=(1_000_000, 3))
    wrong = random.random(1_000_000) < 0.1
    return X, ((X[:, 0] * X[:, 1] > 0) ^ wrong).astype(int), None
"""


@pytest.mark.slow
def test_a_million_rows_are_read(judge: Judge) -> None:
    assert own_data(judge(MILLION, GUESS)).examples == 20_000


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ("def train(X, y, budget):\n    return 1", "contract.missing_function"),
        (
            "def train(X, y, budget):\n    return 1\ndef predict(model, X):\n    return model(X)",
            "probe.exception",
        ),
        ("def train(X, y, budget):\n    1 / 0\ndef predict(model, X):\n    return X", "probe.exception"),
        ("def train(X, y, budget):\n    pass\ndef predict(model, X):\n    return 1", "contract.wrong_length"),
        (
            "def train(X, y, budget):\n    pass\ndef predict(model, X):\n    return ['?'] * len(X)",
            "own.unknown_class",
        ),
    ],
)
def test_what_is_wrong_with_train_or_predict_is_told(judge: Judge, cells: str, code: str) -> None:
    mark = judge(TABLE, cells)
    assert mark.status == "failed"
    assert mark.reason.code == code


@pytest.mark.slow
def test_a_training_that_does_not_end_is_no_zero(judge: Judge) -> None:
    forever = "def train(X, y, budget):\n    while True: pass\ndef predict(model, X):\n    return X"
    mark = judge(TABLE, forever, budget_seconds=0.5)
    assert (mark.status, mark.earned, mark.reason) == ("not_run", None, say("own.too_long", budget=0.5))


def test_a_self_check_needs_no_reference(
    own_lesson: Setting, submitted: Callable[..., Submission], tmp_path: Path
) -> None:
    alone = replace(own_lesson, public=True, course=own_lesson.course.model_copy(update={"root": tmp_path}))
    work = run_submission(alone, submitted(TABLE, GUESS), lambda step: None)
    (mark,) = mark_work(work).marks
    assert (mark.status, mark.earned, mark.reason.code) == ("needs_review", None, "own.only_checked")


def test_a_person_may_give_points_where_nothing_could_be_measured(
    own_lesson: Setting, submitted: Callable[..., Submission]
) -> None:
    load = "def load_all():\n    X, y = drawn(12)\n    return X, y, None"
    work = run_submission(own_lesson, submitted(PICTURES, load, GUESS), lambda step: None)
    record = make_record(work, mark_work(work))
    (one,) = brought([record])
    with pytest.raises(UsageError, match="--points"):
        approve(one, None, author="t", reason="")
    seen = approve(one, 3, author="t", reason="hand-made and small")
    assert (seen.status, seen.earned) == ("graded", 3)
    assert effective(seen).marks[0].reason.code == "own.decided"
    other = record.model_copy(update={"edits": (seen.edits[0].model_copy(update={"answer": "0" * 64}),)})
    page = student_report(effective(other), own_lesson.assignment, own_lesson.course, "en")
    assert sentence(say("report.edit.stale"), "en") in page


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_compared_with_its_reference(judge: Judge, kind: OwnKind) -> None:
    mark = judge(f"import numpy as np\n{KINDS[kind]}\nown_kind = {kind!r}", budget_seconds=5)
    assert mark.reason.code in ("own.compared", "own.closed", "own.doubt"), mark.reason
    rivals = own_data(mark).rivals
    assert [rival.name for rival in rivals[:2]] == ["yours", "reference"]
    assert len(rivals) >= 4
