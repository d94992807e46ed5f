import builders
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graders.model import StudyPoint
from graders.report.histogram import metric, totals
from graders.report.scale import scale
from graders.report.study_plot import BOTTOM, LEFT, RIGHT, TOP, bounds, grid, study_plot

finite = st.floats(allow_nan=False, allow_infinity=False)


def test_places_on_the_scale_are_in_proportion() -> None:
    drawn = scale(builders.metric_mark(0.8, spread=0.0))
    assert drawn is not None
    assert drawn.value == pytest.approx((drawn.zero + drawn.full) / 2)


def test_better_is_on_the_right_where_lower_is_better() -> None:
    limits = builders.threshold(zero=2.0, full=1.0, others={})
    drawn = scale(builders.metric_mark(1.2, threshold=limits, low=1.1, high=1.4))
    assert drawn is not None
    assert drawn.zero < drawn.low < drawn.value < drawn.high < drawn.full


@given(finite, finite, finite)
def test_any_value_stays_inside_the_drawing(value: float, low: float, high: float) -> None:
    drawn = scale(builders.metric_mark(value, low=low, high=high))
    assert drawn is not None
    assert all(0 <= at <= 100 for at in (drawn.value, drawn.low, drawn.high, drawn.zero, drawn.full))
    assert drawn.full - drawn.zero > 40


def test_a_value_beyond_the_scale_is_said_to_be() -> None:
    far, near = scale(builders.metric_mark(-3.0)), scale(builders.metric_mark(0.8))
    assert far is not None
    assert near is not None
    assert (far.beyond, near.beyond) == ("worse", "")


def test_labels_of_near_runs_stand_in_different_rows() -> None:
    limits = builders.threshold(others={"dense": 0.82, "wide": 0.821, "deep": 0.9})
    drawn = scale(builders.metric_mark(threshold=limits))
    assert drawn is not None
    rows = {tick.name: tick.row for tick in drawn.ticks if tick.role == "other"}
    assert rows["dense"] != rows["wide"]
    assert min(rows.values()) == 1


def test_no_scale_without_a_value() -> None:
    assert scale(builders.bare_mark()) is None


def test_student_and_reference_share_one_axis() -> None:
    drawn = study_plot(builders.study())
    assert drawn is not None
    assert [point.x for point in drawn.student] == [point.x for point in drawn.reference]
    assert all(mine.y > theirs.y for mine, theirs in zip(drawn.student, drawn.reference, strict=True))


def test_one_size_is_not_plotted() -> None:
    study = builders.study()
    assert study_plot(study.model_copy(update={"rows": study.rows[:1], "reference": ()})) is None
    assert study_plot(study.model_copy(update={"varies": None})) is None


@given(st.lists(st.tuples(st.integers(-(10**18), 10**18), finite), min_size=2, max_size=40))
def test_any_table_stays_inside_the_plot(rows: list[tuple[int, float]]) -> None:
    study = builders.study()
    table = tuple(
        study.rows[0].model_copy(update={"width": width, "accuracy": accuracy}) for width, accuracy in rows
    )
    drawn = study_plot(study.model_copy(update={"rows": table}))
    assert drawn is not None
    for point in drawn.student:
        assert LEFT <= point.x <= RIGHT
        assert TOP <= point.y <= BOTTOM
    assert 2 <= len(drawn.ticks) <= 7
    assert len(drawn.sizes) <= 8


@given(st.floats(0, 1), st.floats(0, 1))
def test_the_ends_of_a_plot_hold_its_values(first: float, second: float) -> None:
    low, high = bounds([first, second])
    assert low <= min(first, second) + 1e-9
    assert high >= max(first, second) - 1e-9
    assert 2 <= len(grid((low, high))) <= 7


def test_a_spread_is_drawn_around_the_mean() -> None:
    reference: tuple[StudyPoint, ...] = builders.study().reference
    drawn = study_plot(builders.study())
    assert drawn is not None
    assert len(drawn.reference) == len(reference)
    assert all(point.top < point.y < point.bottom for point in drawn.reference)


def test_every_student_is_counted_once() -> None:
    records = [builders.record(builders.metric_mark(0.5 + i / 40), student=f"s{i}") for i in range(30)]
    for drawn in (totals(records), metric([record.marks[0] for record in records])):
        assert drawn is not None
        assert sum(bar.count for bar in drawn.bars) == 30


def test_the_ungradable_are_not_counted() -> None:
    assert totals([builders.ungradable_record()]) is None
    assert metric([builders.bare_mark()]) is None


def test_values_on_data_of_their_own_share_no_chart() -> None:
    marks = [builders.metric_mark(0.7).model_copy(update={"kind": "own_data"}) for _ in range(3)]
    assert metric(marks) is None
