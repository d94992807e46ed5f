import pytest

from graders.grading.choice import chosen
from graders.grading.refused import spared
from graders.model import Mark, MetricTask, Refused, Run, Text, TheoryTask, say

TITLE = Text(ru="а", en="a")


def track(name: str, choice: str | None = "track") -> MetricTask:
    return MetricTask(
        id=name,
        kind="metric",
        title=TITLE,
        points=5,
        metric="rmse",
        probe=name,
        needs=(f"{name}(x)",),
        zero="zero",
        full="solve",
        choice=choice,
    )


def mark(name: str, earned: float | None, reason: str = "metric.partial") -> Mark:
    status = "not_run" if earned is None else "partial"
    return Mark(
        task=name, kind="metric", status=status, earned=earned, possible=5, settled=True, reason=say(reason)
    )


TASKS = (
    track("one"),
    track("two"),
    track("other", None),
    TheoryTask(id="t", kind="theory", title=TITLE, points=1),
)
REST = [mark("other", 1.0), mark("t", 0.5)]
MISSING = "contract.missing_function"


@pytest.mark.parametrize(
    ("one", "two", "kept"),
    [
        (mark("one", 2.0), mark("two", 3.0), "two"),
        (mark("one", 3.0), mark("two", 2.0), "one"),
        (mark("one", 0.0, MISSING), mark("two", 0.0), "two"),
        (mark("one", 0.0), mark("two", None), "two"),
        (mark("one", 0.5), mark("two", None), "one"),
        (mark("one", 0.0, MISSING), mark("two", None), "two"),
    ],
)
def test_of_a_choice_the_best_is_marked_in_the_place_of_the_first(one: Mark, two: Mark, kept: str) -> None:
    assert [found.task for found in chosen(TASKS, [one, two, *REST])] == [kept, "other", "t"]


def test_one_that_could_not_be_measured_leaves_a_person_to_look_unless_the_other_is_full() -> None:
    lost = mark("two", None)
    (kept, *_) = chosen(TASKS, [mark("one", 0.5), lost, *REST])
    assert (kept.task, kept.earned, kept.settled) == ("one", 0.5, False)
    assert [item.message for item in kept.evidence] == [say("choice.unknown", task="two"), lost.reason]
    (kept, *_) = chosen(TASKS, [mark("one", 5.0), lost, *REST])
    assert (kept.earned, kept.settled) == (5, True)


def test_a_choice_may_be_called_as_a_task_is() -> None:
    tasks = [track("a", None), track("b", "a"), track("c", "a")]
    found = chosen(tasks, [mark("a", 1.0), mark("b", 2.0), mark("c", 3.0)])
    assert [one.task for one in found] == ["a", "c"]


def test_where_nothing_was_chosen_it_is_said_what_each_lacks() -> None:
    marks = [mark("one", 0.0, MISSING), mark("two", 0.0, MISSING)]
    found = chosen(TASKS, [*marks, *REST])
    assert [one.task for one in found] == ["one", "other", "t"]
    assert (found[0].status, found[0].earned, found[0].reason.code) == ("failed", 0, "choice.none")
    assert [item.message for item in found[0].evidence] == [one.reason for one in marks]


def test_a_choice_that_may_be_missing_because_of_a_refusal_is_no_zero() -> None:
    lost = mark("one", 0.0, MISSING).model_copy(
        update={"reason": say(MISSING, name="one(x)"), "status": "failed"}
    )
    (kept,) = chosen(TASKS[:2], [lost, mark("two", 0.0, MISSING)])
    run = Run(status="completed", refused=(Refused(kind="url", what="https://nowhere.example"),))
    (spare,) = spared([kept], run, ["net = download()\ndef one(x):\n    return net(x)"])
    assert (spare.status, spare.earned) == ("not_run", None)
    (zero,) = spared([kept], run, ["print(1)"])
    assert (zero.status, zero.earned) == ("failed", 0)


def test_without_choices_nothing_changes() -> None:
    tasks = [track("one", None), track("two", None)]
    marks = [mark("one", 1.0), mark("two", 2.0)]
    assert chosen(tasks, marks) == tuple(marks)
