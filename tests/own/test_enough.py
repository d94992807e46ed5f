"""Too little, and what is too much alike, stops a measurement; honest data passes."""

import numpy as np
import pytest
from made_data import clouds, examples, table
from told import classes, leaks

from graders.own.alike import Alike
from graders.own.enough import least_groups
from graders.own.examples import Examples
from graders.own.leaks import find_leaks


def test_one_class_has_nothing_to_measure() -> None:
    assert leaks(examples("classification", table(300), np.zeros(300, np.int64))) == [("one_class", "stop")]


def test_one_value_has_nothing_to_measure() -> None:
    assert leaks(examples("regression", table(300), np.ones(300))) == [("one_value", "stop")]


@pytest.mark.parametrize("value", [0, 1])
def test_masks_that_are_all_empty_or_full_have_nothing_to_find(value: int) -> None:
    masks = np.full((60, 16, 16), value, np.uint8)
    assert leaks(examples("segmentation", clouds(60, 16), masks)) == [("empty_masks", "stop")]


def test_few_examples_stop_and_rather_few_are_told() -> None:
    least = least_groups("classification")
    for count, expected in ((1, "one_class"), (least - 1, "few"), (least, "rather_few")):
        labels = (np.arange(count) % 2).astype(np.int64)
        found = leaks(examples("classification", table(count), labels))
        assert found[0][0] == expected


def test_one_example_of_each_kind_stops() -> None:
    one = np.zeros((1, 1, 4, 4), np.float32)
    assert leaks(examples("sampling", one)) == [("few", "stop")]
    assert leaks(examples("reconstruction", one)) == [("few", "stop")]
    assert leaks(examples("text", ("",))) == [("few", "stop")]
    assert leaks(examples("forecasting", one[0, 0], one[0, 0, :, :2])) == [("one_value", "stop")]


def test_a_hundred_copies_of_ten_examples_stop() -> None:
    rows = table(10).repeat(100, axis=0) + 1e-7
    found = leaks(examples("classification", rows, classes(10, 2).repeat(100)), joined=True)
    assert found[0] == ("copies", "stop")


def repeated(count: int, originals: int, width: int, values: int) -> Examples:
    rows = np.random.RandomState(2).randint(values, size=(originals, width)).astype(np.float32)
    labels = classes(originals, 2)
    labels[:2] = 0, 1
    chosen = np.random.RandomState(3).randint(originals, size=count)
    return examples("classification", rows[chosen], labels[chosen])


def test_a_hundred_copies_of_ten_rows_of_categories_stop_or_are_for_a_person() -> None:
    assert leaks(repeated(1000, 10, width=12, values=4), joined=True)[0] == ("copies", "stop")
    assert leaks(repeated(1000, 10, width=3, values=3), joined=True)[0] == ("maybe_copies", "look")


def test_rows_of_categories_that_repeat_are_honest() -> None:
    random = np.random.RandomState(0)
    for count in (60, 200, 1000, 5000):
        mood = random.randn(count)
        answers = np.rint((3.4 + mood[:, None] + 0.5 * random.randn(count, 5)).clip(1, 5)).astype(np.float32)
        labels = (mood + random.randn(count) > 0).astype(np.int64)
        assert {
            severity for _, severity in leaks(examples("classification", answers, labels), joined=True)
        } <= {"look"}


def test_many_pictures_of_each_of_many_patients_pass() -> None:
    groups = np.arange(1500) // 10
    assert leaks(examples("classification", table(1500), classes(1500), groups)) == []


def test_rare_classes_are_told_and_stop_where_nothing_else_is_left() -> None:
    labels = np.zeros(300, np.int64)
    labels[:3] = 1
    assert leaks(examples("classification", table(300), labels)) == [("rare_classes", "stop")]
    labels[100:200] = 2
    assert leaks(examples("classification", table(300), labels)) == [("rare_classes", "look")]


def test_a_hundred_copies_of_ten_windows_stop() -> None:
    whole = np.random.RandomState(0).randn(10, 30).cumsum(axis=1).astype(np.float32).repeat(100, axis=0)
    assert leaks(examples("forecasting", whole[:, :24], whole[:, 24:]), joined=True)[0] == ("copies", "stop")


def test_pictures_of_which_chance_joins_some_are_never_refused() -> None:
    discs = clouds(60, 16)
    alike = Alike((), np.arange(60) % 45, copies=15, different=45, sure=False)
    data = examples("classification", discs, classes(60, 2))
    assert next((one.message.code, one.severity) for one in find_leaks(data, alike)) == (
        "own.leak.few",
        "look",
    )


def test_windows_of_one_long_series_are_enough() -> None:
    series = np.random.RandomState(0).randn(600).cumsum()
    cut = np.stack([series[at : at + 30] for at in range(570)]).astype(np.float32)
    assert leaks(examples("forecasting", cut[:, :24], cut[:, 24:]), joined=True) == []
