"""Drawn pictures: a distance that knows better from worse, and copies."""

import numpy as np
import pytest

from graders.own import copies, features, pictures_drawn
from graders.own.examples import Examples
from graders.own.shrinking import shrunk


def rings(seed, n=150, side=20, channels=1):
    """Bright rings somewhere on a dark ground."""
    random = np.random.RandomState(seed)
    down, right = np.mgrid[:side, :side]
    found = []
    for _ in range(n):
        y, x, radius = *random.uniform(6, side - 6, 2), random.uniform(3, 6)
        away = np.hypot(down - y, right - x) - radius
        found.append(0.1 + 0.8 * np.exp(-(away**2)) * np.ones((channels, 1, 1)))
    return np.clip(np.array(found), 0, 1).astype(np.float32)


def examples(pictures):
    return Examples("sampling", pictures, None, np.arange(len(pictures)))


KNOWN, HIDDEN, OTHERS = rings(1, 300), rings(2), rings(3)


@pytest.fixture(scope="module")
def asked():
    return pictures_drawn.ask(examples(HIDDEN), examples(KNOWN), 5)


def worth(asked, drawn):
    return pictures_drawn.value(pictures_drawn.statistics(drawn, asked))


def gaussian():
    rows = KNOWN.reshape(len(KNOWN), -1).astype(np.float64)
    middle = rows.mean(0)
    _, sizes, axes = np.linalg.svd(rows - middle, full_matrices=False)
    chance = np.random.RandomState(0).normal(size=(len(HIDDEN), 40))
    drawn = middle + chance * sizes[:40] / np.sqrt(len(rows)) @ axes[:40]
    return np.clip(drawn, 0, 1).reshape(HIDDEN.shape)


def test_worse_pictures_are_further_away(asked):
    noise = np.random.RandomState(0).uniform(size=HIDDEN.shape)
    real, normal, nothing = worth(asked, OTHERS), worth(asked, gaussian()), worth(asked, noise)
    assert real < 0.5 * normal < 0.5 * nothing


def test_one_picture_again_and_again_is_far_away(asked):
    assert worth(asked, np.repeat(OTHERS[:1], len(HIDDEN), axis=0)) > 3 * worth(asked, OTHERS)


def test_rows_left_out_change_the_value_little(asked):
    rows = pictures_drawn.statistics(gaussian(), asked)
    assert pictures_drawn.value(rows[::2]) == pytest.approx(pictures_drawn.value(rows), rel=0.2)


def test_copies_are_doubted_though_they_are_near(asked):
    assert pictures_drawn.doubt(KNOWN[: len(HIDDEN)], asked).code == "own.copied"


def test_mirrored_and_noisy_copies_are_copies(asked):
    chance = np.random.RandomState(0).normal(size=HIDDEN.shape) * 0.02
    assert pictures_drawn.doubt(KNOWN[: len(HIDDEN), :, :, ::-1], asked) is not None
    assert pictures_drawn.doubt(np.clip(KNOWN[: len(HIDDEN)] + chance, 0, 1), asked) is not None


def test_pictures_that_are_new_are_not_doubted(asked):
    assert pictures_drawn.doubt(OTHERS, asked) is None
    assert pictures_drawn.doubt(gaussian(), asked) is None


def test_training_pictures_that_are_all_the_same_break_nothing():
    flat = np.full((30, 1, 12, 12), 0.5, np.float32)
    asked = pictures_drawn.ask(examples(flat[:10]), examples(flat), 1)
    drawn = np.random.RandomState(0).uniform(size=(10, 1, 12, 12))
    assert np.isfinite(worth(asked, drawn))
    assert worth(asked, flat[:10].astype(np.float64)) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(("channels", "height", "width"), [(1, 8, 8), (3, 8, 40), (3, 70, 33), (1, 256, 256)])
def test_pictures_of_any_size_have_features(channels, height, width):
    pictures = np.random.RandomState(0).uniform(size=(6, channels, height, width)).astype(np.float32)
    asked = pictures_drawn.ask(examples(pictures[:3]), examples(pictures), 1)
    assert asked.truth["hidden"].shape == (3, min(features.DIMENSIONS, asked.truth["axes"].shape[1]))
    assert np.isfinite(worth(asked, pictures[3:].astype(np.float64)))


def test_many_hidden_pictures_are_compared_in_part():
    many = rings(4, 620, side=8)
    asked = pictures_drawn.ask(examples(many), examples(many[:50]), 1)
    assert asked.inputs == pictures_drawn.MOST
    rows = pictures_drawn.statistics(rings(5, pictures_drawn.MOST, side=8), asked)
    assert rows.shape == (620, 2)
    assert rows[:, 1].sum() == pictures_drawn.MOST


def test_few_pictures_that_look_copied_are_chance():
    known, hidden = copies.small(KNOWN), copies.small(HIDDEN)
    drawn = copies.small(np.concatenate([OTHERS[:-5], KNOWN[:5]]))
    assert copies.looking_copied(drawn, hidden, known) == 0


@pytest.mark.parametrize("side", [1, 2, 7, 40])
def test_shrunk_pictures_keep_their_mean(side):
    pictures = np.full((2, 3, 17, 33), 0.25)
    small = shrunk(pictures, side)
    assert small.shape == (2, 3, min(side, 17), min(side, 33))
    assert small == pytest.approx(0.25)
