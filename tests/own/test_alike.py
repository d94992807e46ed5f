"""Near-duplicates are joined, and honest sets are not."""

import numpy as np
import pytest
from made_data import clouds, cropped, examples, sentences, table
from numpy.typing import NDArray
from scipy.ndimage import rotate

from graders.own.alike import MOST_SHOWN, Alike, find_alike

Floats = NDArray[np.float32]

CHANGES = {
    "crop of 2 %": lambda one, random: cropped(one, 0.02, *random.rand(2)),
    "crop of 5 %": lambda one, random: cropped(one, 0.05, *random.rand(2)),
    "crop of 10 %": lambda one, random: cropped(one, 0.10, *random.rand(2)),
    "mirror": lambda one, random: one[:, :, ::-1],
    "light": lambda one, random: 0.1 + 0.6 * one,
    "noise": lambda one, random: one + random.randn(*one.shape) * 0.03,
    "rotation": lambda one, random: rotate(one, 3, axes=(1, 2), reshape=False, order=1, mode="nearest"),
    "shift": lambda one, random: np.roll(one, (2, -2), axis=(1, 2)),
}


def with_copies(pictures: Floats, change: str) -> Floats:
    random = np.random.RandomState(3)
    return np.concatenate([pictures, np.stack([CHANGES[change](one, random) for one in pictures])]).astype(
        np.float32
    )


def largest(alike: Alike) -> int:
    return int(np.bincount(alike.joined).max())


@pytest.mark.parametrize("change", CHANGES)
def test_changed_copies_of_pictures_stand_on_one_side(change: str) -> None:
    count = 40
    alike = find_alike(examples("sampling", with_copies(clouds(count), change)))
    assert (alike.joined[:count] == alike.joined[count:]).mean() >= 0.95
    assert alike.groups >= count * 0.95


def test_how_pictures_are_alike_is_told() -> None:
    alike = find_alike(examples("sampling", with_copies(clouds(20), "mirror")))
    assert {pair.how for pair in alike.pairs} == {"mirrored"}
    assert {(pair.first + 20, pair.second) for pair in alike.pairs} == {(row, row) for row in range(20, 40)}


def test_different_pictures_stay_apart() -> None:
    alike = find_alike(examples("sampling", clouds(150)))
    assert (alike.copies, alike.pairs, alike.groups) == (0, (), 150)


def test_colour_pictures_are_compared_too() -> None:
    alike = find_alike(examples("sampling", with_copies(clouds(30, channels=3), "crop of 5 %")))
    assert alike.groups == 30


def test_plain_drawings_that_resemble_one_another_do_not_collapse_into_one_group() -> None:
    random = np.random.RandomState(0)
    down, right = np.mgrid[:28, :28] + 0.5
    drawn = [
        np.hypot(down - y, right - x) < size
        for y, x, size in zip(*random.uniform(10, 18, (2, 100)), random.uniform(4, 10, 100), strict=True)
    ]
    alike = find_alike(examples("sampling", np.stack(drawn)[:, None].astype(np.float32)))
    assert not alike.sure
    assert alike.groups >= 50
    assert largest(alike) < 20


def test_windows_cut_step_by_step_from_one_picture_hang_together() -> None:
    slide = clouds(1, side=160, seed=5)[0]
    tiles = np.stack([slide[:, :40, start : start + 40] for start in range(0, 80, 3)])
    others = clouds(60, seed=6)
    alike = find_alike(examples("sampling", np.concatenate([tiles, others])))
    assert len(np.unique(alike.joined[: len(tiles)])) == 1
    assert alike.groups == 61


def test_a_hundred_copies_of_ten_are_ten_groups() -> None:
    random = np.random.RandomState(1)
    originals = clouds(10)
    many = np.stack(
        [cropped(originals[row % 10], 0.1 * random.rand(), *random.rand(2)) for row in range(200)]
    )
    alike = find_alike(examples("sampling", many))
    assert 10 <= alike.groups <= 20
    assert alike.copies == 200 - alike.groups
    assert alike.sure


def test_groups_of_the_student_are_joined_where_they_share_a_copy() -> None:
    pictures = clouds(6)
    pictures[5] = pictures[0]
    alike = find_alike(examples("sampling", pictures, groups=np.array([0, 0, 1, 1, 2, 2])))
    assert alike.joined.tolist() == [0, 0, 1, 1, 0, 0]


@pytest.mark.parametrize("value", [0.0, 1.0, 1e30])
def test_pictures_that_are_all_equal_are_one_group(value: float) -> None:
    alike = find_alike(examples("sampling", np.full((50, 1, 8, 8), value, np.float32)))
    assert (alike.groups, alike.copies) == (1, 49)


@pytest.mark.parametrize("shape", [(30, 1, 8, 8), (1, 1, 8, 9), (2, 2, 8, 256)])
def test_pictures_of_odd_sizes_are_no_trouble(shape: tuple[int, ...]) -> None:
    pictures = np.random.RandomState(0).rand(*shape).astype(np.float32)
    assert len(find_alike(examples("sampling", pictures)).joined) == shape[0]


def test_huge_values_are_no_trouble() -> None:
    pictures = (clouds(20) * 3e38).astype(np.float32)
    assert find_alike(examples("sampling", np.concatenate([pictures, pictures[:, :, :, ::-1]]))).groups == 20


def test_texts_with_some_words_changed_stand_together() -> None:
    texts = sentences(60)
    changed = tuple(text.replace("kaban", "stream", 1) + " and so on" for text in texts)
    alike = find_alike(examples("text", texts + changed))
    assert alike.groups == 60
    assert (alike.joined[:60] == alike.joined[60:]).all()


def test_texts_of_the_same_words_in_another_order_stay_apart() -> None:
    assert find_alike(examples("text", sentences(200))).groups == 200


def test_texts_of_one_form_of_words_stay_apart() -> None:
    skies, random = ("rain", "snow", "sun", "fog", "clouds", "storm"), np.random.RandomState(0)
    texts = tuple(
        f"Weather report {row}: in the morning {random.choice(skies)} with some wind, in the afternoon "
        f"{random.choice(skies)} and {random.randint(40)} degrees, at night {random.choice(skies)} once more."
        for row in range(100)
    )
    assert find_alike(examples("text", texts)).groups > 90


def test_short_texts_that_are_equal_by_chance_stay_apart() -> None:
    texts = tuple(("ok", "yes", "see you", "on my way")[row % 4] for row in range(100))
    alike = find_alike(examples("text", texts))
    assert (alike.groups, alike.different, alike.sure, alike.kept_together) == (100, 4, False, False)


def test_empty_and_odd_texts_are_no_trouble() -> None:
    texts = ("", " ", "\ud800", "a" * 100_000, "\x00", "word " * 50_000, "")
    alike = find_alike(examples("text", texts))
    assert alike.joined[0] == alike.joined[1] == alike.joined[6]
    assert alike.groups == 5


def test_rows_that_differ_by_rounding_are_the_same() -> None:
    rows = table(500)
    alike = find_alike(examples("regression", np.concatenate([rows, rows * (1 + 1e-6)]), np.zeros(1000)))
    assert alike.groups == 500
    assert (alike.joined[:500] == alike.joined[500:]).all()


def test_rows_of_few_categories_that_agree_by_chance_stay_apart() -> None:
    rows = np.random.RandomState(0).randint(0, 3, (2000, 4)).astype(np.float32)
    labels = np.random.RandomState(1).randint(0, 2, 2000)
    assert find_alike(examples("classification", rows, labels)).groups == 2000


def test_rows_that_are_equal_with_another_target_are_different() -> None:
    rows = np.random.RandomState(0).randint(0, 3, (500, 1)).astype(np.float32)
    assert find_alike(examples("regression", rows, table(500)[:, 0])).copies == 0


def test_copies_of_rows_with_noise_are_for_a_person() -> None:
    random = np.random.RandomState(1)
    rows = table(10, 12).repeat(50, axis=0)
    rows += 0.01 * random.standard_normal(rows.shape).astype(np.float32)
    alike = find_alike(examples("regression", rows, random.randn(500)))
    assert (alike.groups, alike.sure) == (500, False)
    assert alike.different < 150


def test_noise_on_rare_flags_hides_no_copies() -> None:
    rows = (np.random.RandomState(0).rand(300, 40) < 0.1).astype(np.float32)
    copies = rows + 1e-7 * np.random.RandomState(1).standard_normal(rows.shape).astype(np.float32)
    alike = find_alike(examples("regression", np.concatenate([rows, copies]), np.zeros(600)))
    assert (alike.joined[:300] == alike.joined[300:]).all()


def test_one_column_of_many_values_is_not_one_group() -> None:
    rows = np.random.RandomState(0).rand(20_000, 1).astype(np.float32)
    alike = find_alike(examples("regression", rows, np.sin(9 * rows[:, 0]).astype(np.float32)))
    assert alike.groups > 18_000


def test_one_column_whose_rows_are_copied_with_their_values_is_found() -> None:
    rows = np.random.RandomState(0).rand(30, 1).astype(np.float32).repeat(20, axis=0)
    values = (rows[:, 0] + np.random.RandomState(1).randn(30).repeat(20)).astype(np.float32)
    assert find_alike(examples("regression", rows, values)).groups == 30


def test_a_huge_value_hides_no_copies() -> None:
    rows = table(300)
    rows[0, 0] = 3e38
    alike = find_alike(examples("regression", np.concatenate([rows, rows]), np.zeros(600)))
    assert alike.groups == 300


@pytest.mark.parametrize("shape", [(1, 3), (5, 0), (4, 1)])
def test_tiny_tables_are_no_trouble(shape: tuple[int, int]) -> None:
    rows = np.arange(np.prod(shape), dtype=np.float32).reshape(shape)
    assert (
        len(find_alike(examples("regression", rows, np.arange(shape[0], dtype=np.float32))).joined)
        == shape[0]
    )


def windows(series: NDArray[np.float64], step: int) -> tuple[Floats, Floats]:
    cut = np.stack([series[at : at + 30] for at in range(0, len(series) - 30, step)]).astype(np.float32)
    return cut[:, :24], cut[:, 24:]


def walk(seed: int, length: int = 150) -> NDArray[np.float64]:
    return np.random.RandomState(seed).randn(length).cumsum()


@pytest.mark.parametrize("scale", [1.0, 40.0])
def test_windows_of_one_series_that_overlap_hang_together(scale: float) -> None:
    parts = [windows(scale * walk(seed), 5) for seed in range(4)]
    histories, futures = (np.concatenate(part) for part in zip(*parts, strict=True))
    alike = find_alike(examples("forecasting", histories, futures))
    assert alike.groups == 4
    assert {pair.how for pair in alike.pairs} == {"overlap"}


def test_windows_that_do_not_overlap_stay_apart() -> None:
    histories, futures = windows(walk(0, 3000), 30)
    assert find_alike(examples("forecasting", histories, futures)).groups == len(histories)


def test_windows_of_small_counts_that_agree_by_chance_stay_apart() -> None:
    counts = (np.random.RandomState(0).rand(400, 12) < 0.3).astype(np.float32)
    alike = find_alike(examples("forecasting", counts[:, :10], counts[:, 10:]))
    assert alike.groups > 200


def test_windows_of_a_switch_that_stays_stay_apart() -> None:
    random = np.random.RandomState(0)
    levels = [np.repeat(random.randint(5, size=9), random.randint(4, 30, 9))[:30] for _ in range(20)]
    whole = np.stack(levels).astype(np.float32)
    assert find_alike(examples("forecasting", whole[:, :24], whole[:, 24:])).groups == 20


def test_constant_and_single_windows_are_no_trouble() -> None:
    for count in (1, 5):
        flat = np.ones((count, 12), np.float32)
        assert len(find_alike(examples("forecasting", flat, flat[:, :2])).joined) == count


def test_pairs_that_are_kept_are_bounded() -> None:
    same = tuple("the same words over and over again" for _ in range(3 * MOST_SHOWN))
    alike = find_alike(examples("text", same))
    assert (len(alike.pairs), alike.groups) == (MOST_SHOWN, 1)


def test_the_same_examples_give_the_same_pairs() -> None:
    pictures = examples("sampling", with_copies(clouds(40), "crop of 5 %"))
    one, other = find_alike(pictures), find_alike(pictures)
    assert one.pairs == other.pairs
    assert (one.joined == other.joined).all()
