import numpy as np
import pytest
import torch

from graders.data import Split
from graders.metrics.bootstrap import resampled
from graders.metrics.restoration import (
    MOST,
    decibels,
    negative,
    psnr,
    read_pictures,
    same_pictures,
    show_restored,
)

RANDOM = np.random.default_rng(1)
CLEAN = RANDOM.random((20, 8, 9))


def test_decibels_are_those_of_the_definition_in_torch():
    restored = np.clip(CLEAN + RANDOM.normal(0, 0.1, CLEAN.shape), 0, 1)
    one, other = torch.from_numpy(restored), torch.from_numpy(CLEAN)
    errors = torch.nn.functional.mse_loss(one, other, reduction="none").mean((1, 2))
    expected = (10 * torch.log10(1.0 / errors)).numpy()
    np.testing.assert_allclose(decibels(restored, {"clean": CLEAN}), expected)
    found = psnr(restored, {"clean": CLEAN})
    assert found.value == pytest.approx(expected.mean())
    again = resampled(expected)
    assert (found.low, found.high) == pytest.approx((again.low, again.high))


@pytest.mark.parametrize(
    ("error", "expected"), [(1.0, 0.0), (0.1, 20.0), (0.01, 40.0), (1e-6, MOST), (0.0, MOST)]
)
def test_a_constant_error_has_the_decibels_of_the_closed_form(error, expected):
    clean = np.zeros((2, 3, 3))
    assert decibels(clean + error, {"clean": clean}) == pytest.approx([expected, expected])


def test_one_perfect_picture_of_two_does_not_make_the_mean_infinite():
    clean = np.zeros((2, 3, 3))
    restored = clean.copy()
    restored[0] += 0.1
    assert psnr(restored, {"clean": clean}).value == pytest.approx((20 + MOST) / 2)


@pytest.mark.parametrize("shape", [(20, 8, 9), (20, 1, 8, 9)])
def test_both_shapes_are_read_and_values_are_cut_off(shape):
    read = read_pictures((CLEAN * 1.4 - 0.2).reshape(shape), {"clean": CLEAN}, 0)
    np.testing.assert_allclose(read, np.clip(CLEAN * 1.4 - 0.2, 0, 1))


@pytest.mark.parametrize(
    ("values", "code"),
    [
        (np.array(1.0), "predictions.length"),
        (CLEAN[:3], "predictions.length"),
        (CLEAN[:, :4], "predictions.shape_masks"),
        (np.full(CLEAN.shape, "x"), "contract.not_numeric"),
        (np.full(CLEAN.shape, np.inf), "predictions.not_finite"),
        (CLEAN * 255, "predictions.not_pictures"),
        (CLEAN - 3, "predictions.not_pictures"),
    ],
)
def test_what_is_no_picture_is_told(values, code):
    assert read_pictures(values, {"clean": CLEAN}, 0).code == code


def test_a_negative_is_undone():
    assert psnr(negative(1 - CLEAN), {"clean": CLEAN}).value == pytest.approx(MOST)


def test_rounding_is_no_other_answer():
    other = CLEAN.copy()
    other[1] = 1 - other[1]
    assert same_pictures(CLEAN, other + 1e-3).tolist() == [True, False, *[True] * 18]


def test_three_pictures_are_shown():
    clean = CLEAN.astype(np.float32)
    shown = show_restored(CLEAN, Split({"images": clean[:, None]}, {"clean": clean}))
    assert [picture.caption.params["number"] for picture in shown] == [0, 1, 2]
