"""Leaks stop a measurement, and honest data passes."""

import numpy as np
import pytest
from made_data import clouds, examples, sentences, table
from numpy.typing import NDArray
from told import Ids, classes, leaks

from graders.own.alike import find_alike
from graders.own.examples import Examples
from graders.own.leaks import find_leaks


def labelled(column: NDArray[np.generic], labels: Ids) -> Examples:
    rows = table(len(labels))
    rows[:, 2] = column
    return examples("classification", rows, labels)


@pytest.mark.parametrize(
    "code",
    [
        lambda labels: labels,
        lambda labels: 3.5 - 100 * labels,
        lambda labels: np.array([2, 0, 1])[labels],
        lambda labels: labels + 0.01 * np.random.RandomState(0).randn(len(labels)),
    ],
    ids=["itself", "scaled", "renamed", "with noise"],
)
def test_a_column_that_is_the_class_stops(code: object) -> None:
    labels = classes(400)
    assert callable(code)
    data = labelled(code(labels), labels)
    found = find_leaks(data, find_alike(data))
    assert [(one.message.code, one.severity, one.columns) for one in found] == [
        ("own.leak.class_column", "stop", (2,))
    ]


def test_districts_that_tell_the_town_are_for_a_person() -> None:
    labels = classes(400)
    district = labels + 3 * np.random.RandomState(0).randint(3, size=len(labels))
    assert leaks(labelled(district, labels)) == [("class_separated", "look")]


def test_a_first_exercise_of_one_column_is_for_a_person() -> None:
    labels = classes(300, kinds=2)
    apart = examples("classification", (3.0 * labels[:, None]).astype(np.float32), labels)
    assert leaks(apart, joined=True)[-1] == ("class_separated", "look")
    x = np.random.RandomState(0).rand(300, 1).astype(np.float32)
    assert leaks(examples("regression", x, 2 * x[:, 0] + 1), joined=True) == [("value_nearly", "look")]


def test_a_one_hot_block_stops() -> None:
    labels = classes(400, kinds=4)
    rows = np.concatenate([table(400), np.eye(4)[labels].astype(np.float32)], axis=1)
    assert leaks(examples("classification", rows, labels)) == [("class_block", "stop")]
    assert leaks(examples("classification", rows[:, :-1], labels)) == [("class_block", "stop")]


def test_a_row_number_of_sorted_classes_is_looked_at() -> None:
    labels = np.sort(classes(400))
    assert leaks(labelled(np.arange(400), labels)) == [("row_number", "look")]


def test_rows_sorted_by_class_are_fine() -> None:
    assert leaks(examples("classification", table(400), np.sort(classes(400)))) == []


def test_a_medical_table_with_one_strong_column_is_honest() -> None:
    random = np.random.RandomState(0)
    labels = (random.rand(600) < 0.4).astype(np.int64)
    strong = labels * 2.66 + random.randn(600)
    one, other = strong[labels == 1], strong[labels == 0]
    assert (one[:, None] > other).mean() == pytest.approx(0.97, abs=0.01)
    assert leaks(labelled(strong, labels), joined=True) == []


def test_a_column_that_happens_to_separate_the_classes_is_for_a_person() -> None:
    rows = table(400)
    assert leaks(examples("classification", rows, (rows[:, 0] > 0.2).astype(np.int64))) == [
        ("class_separated", "look")
    ]


def test_flags_that_name_one_class_of_many_are_for_a_person() -> None:
    labels = classes(400, kinds=5)
    assert leaks(labelled(labels == 3, labels)) == [("one_class_column", "look")]


def test_rare_classes_are_honest() -> None:
    labels = (np.random.RandomState(0).rand(600) < 0.05).astype(np.int64)
    assert leaks(examples("classification", table(600), labels), joined=True) == []


def test_a_thousand_columns_of_noise_tell_nothing() -> None:
    assert leaks(examples("classification", table(150, 1000), classes(150, 2))) == []


def valued(column: NDArray[np.generic], values: NDArray[np.generic]) -> Examples:
    rows = table(len(values))
    rows[:, 4] = column
    return examples("regression", rows, values.astype(np.float32))


VALUES = np.random.RandomState(4).randn(500).astype(np.float32)


@pytest.mark.parametrize(
    ("column", "code", "severity"),
    [
        (VALUES, "value_column", "stop"),
        (7 - 1e4 * VALUES, "value_column", "stop"),
        (np.where(np.arange(500) == 3, 1e30, VALUES), "value_column", "stop"),
        (np.exp(VALUES), "value_order", "stop"),
        (VALUES + 0.01 * np.random.RandomState(0).randn(500), "value_nearly", "look"),
    ],
    ids=["itself", "scaled", "but one", "bent", "with noise"],
)
def test_a_column_that_is_the_value_is_found(column: NDArray[np.generic], code: str, severity: str) -> None:
    assert leaks(valued(column, VALUES)) == [(code, severity)]


@pytest.mark.parametrize("correlation", [0.9, 0.98, 0.99])
def test_a_strong_honest_column_passes(correlation: float) -> None:
    noise = np.random.RandomState(0).randn(500)
    column = correlation * VALUES + np.sqrt(1 - correlation**2) * noise
    assert leaks(valued(column, VALUES), joined=True) == []


def test_one_huge_value_is_no_line() -> None:
    column, values = np.random.RandomState(0).randn(500), VALUES.copy()
    column[7], values[7] = 1e30, 1e30
    assert leaks(valued(column, values)) == []


def test_a_sum_of_columns_is_for_a_person() -> None:
    rows = table(500)
    assert leaks(examples("regression", rows, rows[:, 0] + 2 * rows[:, 3])) == [("value_sum", "look")]


def test_a_curve_without_noise_is_for_a_person() -> None:
    x = np.random.RandomState(0).rand(500, 1).astype(np.float32)
    assert leaks(examples("regression", x, np.exp(3 * x[:, 0]))) == [("value_nearly", "look")]


def test_a_pixel_that_is_the_value_stops() -> None:
    pictures = clouds(300, 16)
    pictures[:, 0, 0, 0] = 0.5 + VALUES[:300] / 10
    assert leaks(examples("regression", pictures, VALUES[:300])) == [("value_pixel", "stop")]


def pictured(labels: Ids, side: int = 20, channels: int = 1) -> Examples:
    return examples("classification", clouds(len(labels), side, channels=channels), labels)


def test_pictures_pass() -> None:
    assert leaks(pictured(classes(200))) == []


def test_black_corners_pass() -> None:
    data = pictured(classes(200))
    assert isinstance(data.inputs, np.ndarray)
    data.inputs[:, :, :5, :5] = 0
    data.inputs[:, :, -6:, -6:] = 0
    assert leaks(data) == []


@pytest.mark.parametrize("noise", [0.0, 0.01])
def test_a_pixel_that_is_the_class_stops(noise: float) -> None:
    data = pictured(classes(200))
    assert isinstance(data.inputs, np.ndarray) and data.targets is not None
    data.inputs[:, 0, 19, 0] = data.targets / 3 + noise * np.random.RandomState(0).randn(200)
    assert leaks(data) == [("pixel", "stop")]


def test_a_pixel_for_each_class_stops() -> None:
    labels = classes(400, kinds=6)
    data = pictured(labels)
    assert isinstance(data.inputs, np.ndarray)
    data.inputs[np.arange(400), 0, 10, labels] = 5
    assert leaks(data) == [("pixel_block", "stop")]


def test_a_code_in_a_corner_stops() -> None:
    labels = classes(400, kinds=4)
    data = pictured(labels, channels=3)
    assert isinstance(data.inputs, np.ndarray)
    data.inputs[:, :, -2:, -2:] = 0
    data.inputs[:, 1, -1, -1], data.inputs[:, 1, -2, -2] = labels % 2, labels // 2
    assert leaks(data) == [("corner", "stop")]


def test_drawings_that_differ_in_colour_are_for_a_person() -> None:
    labels = classes(200, kinds=2)
    data = pictured(labels, channels=3)
    assert isinstance(data.inputs, np.ndarray)
    data.inputs[:, 0] = labels[:, None, None] * 0.9
    assert leaks(data) == [("pixel_separated", "look")]


@pytest.mark.parametrize("shape", [(100, 1, 1, 1), (100, 4, 1, 3)])
def test_tiny_pictures_are_no_trouble(shape: tuple[int, ...]) -> None:
    pictures = np.random.RandomState(0).rand(*shape).astype(np.float32)
    assert leaks(examples("classification", pictures, classes(100))) == [("rather_few", "look")]


def masks_of(pictures: NDArray[np.float32]) -> NDArray[np.uint8]:
    return (pictures[:, 0] > np.quantile(pictures[:, 0], 0.8)).astype(np.uint8)


@pytest.mark.parametrize("channel", [lambda mask: mask, lambda mask: 1 - mask, lambda mask: 0.2 + 0.1 * mask])
def test_a_channel_that_is_the_mask_stops(channel: object) -> None:
    pictures = clouds(60, 24, channels=3)
    masks = masks_of(pictures)
    assert callable(channel)
    pictures[:, 2] = channel(masks.astype(np.float32))
    assert leaks(examples("segmentation", pictures, masks)) == [("mask_channel", "stop")]


def test_plain_drawings_that_are_their_own_masks_are_for_a_person() -> None:
    masks = masks_of(clouds(60, 24))
    pictures = (0.2 + 0.5 * masks[:, None]).astype(np.float32)
    assert leaks(examples("segmentation", pictures, masks)) == [("mask_itself", "look")]


def test_a_mask_in_the_last_bit_stops() -> None:
    pictures = np.round(clouds(60, 24) * 255)
    masks = masks_of(pictures)
    pictures[:, 0] = pictures[:, 0] // 2 * 2 + masks
    assert leaks(examples("segmentation", pictures / 255, masks)) == [("mask_channel", "stop")]


def test_bright_cells_on_dark_ground_pass() -> None:
    pictures = clouds(60, 24)
    assert leaks(examples("segmentation", pictures, masks_of(pictures)), joined=True) == []


def test_masks_that_are_all_the_same_are_for_a_person() -> None:
    masks = np.zeros((60, 24, 24), np.uint8)
    masks[:, 5:9] = 1
    assert leaks(examples("segmentation", clouds(60, 24), masks)) == [("same_masks", "look")]


def worded(texts: list[str], labels: Ids) -> Examples:
    return examples("classification", tuple(texts), labels, classes=("cat", "dog", "wild horse"))


@pytest.mark.parametrize(
    ("change", "code", "severity"),
    [
        (lambda text, label: f"{label} {text}", "first_word", "stop"),
        (lambda text, label: f"{text}, {'xyz'[label]}!", "last_word", "stop"),
        (lambda text, label: f"so: {text[:40]} label: {label} {text[40:]}", "word_after", "stop"),
        (
            lambda text, label: f"so: {text[:40]} {['cat', 'dog', 'cow'][label]} {text[40:]}",
            "class_name",
            "stop",
        ),
        (lambda text, label: f"so: {text[:40]} {['', '', 'marked'][label]} {text[40:]}", "marker", "look"),
    ],
)
def test_texts_that_say_their_class_are_found(change: object, code: str, severity: str) -> None:
    labels = classes(300)
    assert callable(change)
    texts = [change(text, label) for text, label in zip(sentences(300), labels.tolist(), strict=True)]
    assert leaks(worded(texts, labels)) == [(code, severity)]


def test_words_of_a_template_that_tell_the_class_are_for_a_person() -> None:
    labels = classes(300, kinds=2)
    moods = (("lovely", "tasty", "fresh"), ("awful", "cold", "salty"))
    texts = [
        f"{text} {moods[label][row % 3]}"
        for row, (text, label) in enumerate(zip(sentences(300), labels, strict=True))
    ]
    assert leaks(worded(texts, labels)) == [("telling_words", "look")]


def test_texts_that_speak_of_their_class_pass() -> None:
    labels = classes(300)
    named = [
        f"{text} {('cat', 'dog', 'horse')[label]}" if row % 4 else text
        for row, (text, label) in enumerate(zip(sentences(300), labels.tolist(), strict=True))
    ]
    assert leaks(worded(named, labels), joined=True) == []


def test_empty_texts_are_no_trouble() -> None:
    assert leaks(worded([""] * 300, classes(300))) == []
