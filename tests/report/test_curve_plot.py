import re

import builders
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graders.model import Checkpoint, CurvePoint, Resumed, say
from graders.report.curve_plot import BOTTOM, LEFT, RIGHT, TOP, curve_plot, epoch_labels, ticks
from graders.report.student import student_report

finite = st.floats(-1e12, 1e12)


def found(*losses: float | None, **changes: object) -> Checkpoint:
    points = tuple(
        CurvePoint(epoch=epoch, train_loss=loss, validation_loss=None if loss is None else 1.1 * loss)
        for epoch, loss in enumerate(losses, start=1)
    )
    values = {"file": "l06_unet.safetensors", "numbers": 9562, "curve": points, "epochs": len(points)}
    return Checkpoint.model_validate({**values, **changes})


def again(verdict: str = "agrees") -> Resumed:
    return Resumed(epoch=2, losses=(0.5, 0.4), claimed=(0.55, None), verdict=verdict, seconds=4.0)


def test_what_is_lower_stands_lower_and_what_is_later_further_right() -> None:
    drawn = curve_plot(found(1.2, 0.8, 0.6))
    assert drawn is not None
    train = drawn.lines[0].dots
    assert [x for x, _ in train] == sorted(x for x, _ in train)
    assert [y for _, y in train] == sorted(y for _, y in train)
    assert (train[0][0], train[-1][0]) == (LEFT, RIGHT)


@given(st.lists(st.none() | finite, max_size=60))
def test_every_place_is_inside_the_drawing(losses: list[float | None]) -> None:
    drawn = curve_plot(found(*losses))
    if drawn is None:
        assert len(losses) < 2 or not any(loss is not None for loss in losses)
        return
    places = [dot for line in drawn.lines for dot in line.dots]
    assert all(LEFT <= x <= RIGHT and TOP <= y <= BOTTOM for x, y in places)
    numbers = [
        float(one) for line in drawn.lines for path in line.paths for one in re.findall(r"[^ ,]+", path)
    ]
    assert all(0 <= number <= 100 for number in numbers)
    assert len(drawn.ticks) <= 10
    assert len(drawn.epochs) <= 10


def test_a_gap_breaks_the_line() -> None:
    drawn = curve_plot(found(1.2, 0.8, None, 0.6, 0.5))
    assert drawn is not None
    assert [len(path.split()) for path in drawn.lines[0].paths] == [2, 2]


def test_a_steep_fall_is_drawn_on_a_logarithmic_scale() -> None:
    steep, flat = curve_plot(found(90.0, 2.0, 1.0, 0.5, 0.4)), curve_plot(found(1.2, 0.8, 0.6))
    assert steep is not None
    assert flat is not None
    assert (steep.logarithmic, flat.logarithmic) == (True, False)


def test_epochs_that_were_trained_again_stand_beside_the_curve() -> None:
    drawn = curve_plot(found(1.2, 0.8, 0.6, 0.5, resumed=again()))
    assert drawn is not None
    assert [x for x, _ in drawn.again] == [x for x, _ in drawn.lines[0].dots[2:]]
    assert drawn.middle == drawn.lines[0].dots[1][0]


def test_what_was_trained_again_far_beyond_the_curve_does_not_press_it_together() -> None:
    losses, plain = (1.2, 0.8, 0.6), curve_plot(found(1.2, 0.8, 0.6))
    assert curve_plot(found(*losses, resumed=again().model_copy(update={"epoch": 10**7}))) == plain


def test_labels_are_round() -> None:
    assert epoch_labels(1, 12) == [2, 4, 6, 8, 10, 12]
    assert epoch_labels(0, 300) == [0, 50, 100, 150, 200, 250, 300]
    assert ticks(0.27, 1.14, logarithmic=False) == [0.4, 0.6, 0.8, 1.0]
    assert ticks(-1.0, 1.0, logarithmic=True) == [0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0]


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_page_says_that_the_training_was_not_repeated(language: str) -> None:
    problems = (say("checkpoint.no_epoch", name="<b>.safetensors"),)
    checkpoint = found(1.2, 0.8, 0.6, 0.5, resumed=again(), problems=problems, built=9416)
    shown = builders.record(checkpoints=(checkpoint,), run=builders.run(mode="checkpoint"))
    page = student_report(shown, builders.assignment(), builders.course(), language)
    said = {"ru": "Оценены веса, обучение не повторялось.", "en": "Weights scored, training not repeated."}
    assert page.count(said[language]) == 2
    assert '<svg class="curve"' in page
    assert "&lt;b&gt;.safetensors" in page
    plain = student_report(builders.record(), builders.assignment(), builders.course(), language)
    assert said[language] not in plain


def test_weights_without_a_curve_have_no_chart() -> None:
    shown = builders.record(checkpoints=(found(),), run=builders.run(mode="checkpoint"))
    page = student_report(shown, builders.assignment(), builders.course(), "en")
    assert '<svg class="curve"' not in page
    assert "There is no loss curve." in page
