"""Which source an estimate is taken from, and what follows for the budget."""

from dataclasses import replace

import pytest

from graders.model import Limits
from graders.plan import Known, Lesson, together
from graders.plan.budgets import planned
from graders.plan.estimating import BASE_SECONDS, Loops, estimate
from graders.plan.library import Facts
from graders.plan.timings import Timings
from graders.plan.whole import START_SECONDS

LESSON = Lesson("l04_cnn", ("",), Facts(5000, 1500, {}), reference_seconds=42.0, reference_work=8000)
LOOPS = Loops(work=16_000, steps=200, longest=0.75, guessed=False)
LIMITS = Limits(cell_seconds=60, total_seconds=100)


def test_loops_take_what_the_reference_takes_for_as_many() -> None:
    said = estimate(LOOPS, None, Known(), LESSON, on_gpu=False)
    assert (said.kind, said.seconds) == ("loops", BASE_SECONDS + 2 * (42 - BASE_SECONDS))
    assert said.longest_cell == 0.75 * (said.seconds or 0)


def test_the_pace_of_earlier_runs_counts() -> None:
    slow = estimate(LOOPS, None, Known(pace=3.0), LESSON, on_gpu=False)
    assert slow.seconds == 3 * (BASE_SECONDS + 2 * (42 - BASE_SECONDS))


@pytest.mark.parametrize(
    ("known", "loops", "told", "kind"),
    [
        (Known(seconds=9, unchanged=True), LOOPS, Timings((5.0,), on_gpu=False), "record"),
        (Known(seconds=60), LOOPS, None, "earlier"),
        (Known(seconds=2), LOOPS, None, "loops"),  # the version before trained far less
        (Known(), LOOPS, Timings((5.0,), on_gpu=False), "timings"),
        (Known(), LOOPS, Timings((5.0,), on_gpu=True), "loops"),
        (Known(), LOOPS, Timings((0.5,), on_gpu=False), "loops"),  # of a cell that trains nothing
        (Known(), None, Timings((5.0,), on_gpu=True), "timings"),
        (Known(class_seconds=(1.0, 2.0, 30.0)), None, None, "class"),
        (Known(), None, None, "reference"),
        (Known(), replace(LOOPS, steps=0, work=0), None, "reference"),
    ],
)
def test_the_best_source_is_taken(known: Known, loops: Loops | None, told: Timings | None, kind: str) -> None:
    assert estimate(loops, told, known, LESSON, on_gpu=False).kind == kind


def test_times_of_a_gpu_come_before_the_loops_where_there_is_one() -> None:
    told = Timings((5.0,), on_gpu=True)
    assert estimate(LOOPS, told, Known(), LESSON, on_gpu=True).kind == "timings"


def test_without_any_source_nothing_is_made_up() -> None:
    bare = replace(LESSON, reference_seconds=None, reference_work=0.0)
    said = estimate(LOOPS, None, Known(), bare, on_gpu=False)
    assert (said.kind, said.seconds, said.low, said.high) == ("unknown", None, None, None)


def test_what_a_gpu_was_seen_to_do_takes_a_cpu_longer() -> None:
    told = Timings((5.0,), on_gpu=True)
    cpu, gpu = (estimate(None, told, Known(), LESSON, on_gpu=one) for one in (False, True))
    assert (cpu.seconds or 0) > (gpu.seconds or 0)


@pytest.mark.parametrize(
    ("times", "over", "may_be"), [(0.1, False, False), (0.8, False, True), (4, True, False)]
)
def test_budgets_are_compared_with_estimate_and_interval(times: float, over: bool, may_be: bool) -> None:
    loops = replace(LOOPS, work=LOOPS.work * times)
    one = planned("ann", "l04_cnn", estimate(loops, None, Known(), LESSON, on_gpu=False), LIMITS)
    assert (bool(one.over), bool(one.may_be_over)) == (over, may_be)


def test_a_run_that_was_cut_short_is_over_whatever_it_took() -> None:
    cut = Known(seconds=50, unchanged=True, timed_out=True)
    one = planned("ann", "l04_cnn", estimate(LOOPS, None, cut, LESSON, on_gpu=False), LIMITS)
    assert one.over == ("total_seconds",)
    assert one.estimate.low == 50


def test_a_plan_counts_no_more_than_the_limit_lets_run() -> None:
    loops = replace(LOOPS, work=1e18)
    one = planned("ann", "l04_cnn", estimate(loops, None, Known(), LESSON, on_gpu=False), LIMITS)
    assert one.seconds == LIMITS.total_seconds + BASE_SECONDS


def test_of_a_guess_the_lower_end_must_be_over() -> None:
    for times, expected in ((4, (False, True)), (40, (True, False))):
        loops = replace(LOOPS, work=LOOPS.work * times, guessed=True)
        one = planned("ann", "l04_cnn", estimate(loops, None, Known(), LESSON, on_gpu=False), LIMITS)
        assert (one.estimate.kind, bool(one.over), bool(one.may_be_over)) == ("guess", *expected)


def test_a_loop_that_may_end_early_takes_no_longer_than_to_its_end() -> None:
    full = estimate(LOOPS, None, Known(), LESSON, on_gpu=False)
    early = estimate(replace(LOOPS, early=True), None, Known(), LESSON, on_gpu=False)
    assert (early.kind, early.high) == ("early", full.high)
    assert (early.low or 0) < (full.low or 0)


@pytest.mark.parametrize(
    ("loops", "code", "seconds"),
    [
        (Loops(0, 0, 0, guessed=False, seconds=70), "plan.source.budget", BASE_SECONDS + 70),
        (Loops(1e15, 1e15, 1, guessed=False), "plan.source.endless", None),
    ],
)
def test_what_is_given_a_budget_or_never_ends_is_told(loops: Loops, code: str, seconds: float | None) -> None:
    said = estimate(loops, None, Known(), LESSON, on_gpu=False)
    assert said.source.code == code
    assert seconds is None or said.seconds == pytest.approx(seconds)
    assert "cell_seconds" in planned("ann", "l04_cnn", said, LIMITS).over


def test_notebooks_of_one_lesson_have_limits_of_their_own() -> None:
    limits = Limits(cell_seconds=100, total_seconds=60)
    said = estimate(LOOPS, None, Known(), LESSON, on_gpu=False)
    one, two = (planned("ann", "l04_cnn", said, limits, notebooks=n) for n in (1, 2))
    assert (one.over, two.over) == (("total_seconds",), ())
    assert (one.seconds, two.seconds) == (60 + BASE_SECONDS, said.seconds)


def test_budgets_of_own_data_are_stretched_in_full_where_several_run_at_a_time() -> None:
    cut = estimate(None, None, Known(seconds=10, unchanged=True), LESSON, on_gpu=False)
    one = planned("ann", "l05_lstm", cut, LIMITS, own_seconds=120, host_seconds=6)
    assert together([one], 2, stretch=1).seconds == START_SECONDS + 136
    assert together([one], 2, stretch=4).seconds == START_SECONDS + 2 * 16 + 4 * 120


def test_what_was_measured_after_the_cells_is_not_held_against_their_limit() -> None:
    known = Known(seconds=150, unchanged=True, longest_cell=40, in_cells=90)
    assert planned("ann", "l04_cnn", estimate(None, None, known, LESSON, on_gpu=False), LIMITS).over == ()
