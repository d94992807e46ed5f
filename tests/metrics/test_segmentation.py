import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import bootstrap
from sklearn.metrics import accuracy_score, f1_score, jaccard_score

from graders.data import Split
from graders.metrics.segmentation import (
    dice,
    inverted,
    iou,
    overlaps,
    read_masks,
    same_masks,
    show_masks,
    tell_dice,
)

MASKS = st.integers(1, 6).flatmap(
    lambda n: st.tuples(arrays(np.bool_, (n, 4, 5)), arrays(np.uint8, (n, 4, 5), elements=st.integers(0, 1)))
)


@given(MASKS)
def test_overlap_and_dice_are_scikit_learns(pair):
    predicted, masks = pair
    expected = [
        jaccard_score(b.ravel(), a.ravel(), zero_division=1) for a, b in zip(predicted, masks, strict=True)
    ]
    f1 = [f1_score(b.ravel(), a.ravel(), zero_division=1) for a, b in zip(predicted, masks, strict=True)]
    assert overlaps(predicted, masks > 0) == pytest.approx(expected)
    assert iou(predicted, {"masks": masks}).value == pytest.approx(np.mean(expected))
    assert dice(predicted, {"masks": masks}).value == pytest.approx(np.mean(f1))


@pytest.mark.parametrize(
    ("predicted", "truth", "expected"), [(0, 0, 1.0), (1, 1, 1.0), (0, 1, 0.0), (1, 0, 0.0)]
)
def test_masks_of_one_value(predicted, truth, expected):
    found = iou(np.full((1, 3, 3), predicted, bool), {"masks": np.full((1, 3, 3), truth, np.uint8)})
    assert (found.value, found.low, found.high, found.n) == (expected, expected, expected, 1)


def test_every_picture_counts_the_same_however_large_its_cells():
    masks = np.zeros((2, 10, 10), np.uint8)
    masks[0], masks[1, 0, 0] = 1, 1
    predicted = masks > 0
    predicted[1] = False
    assert iou(predicted, {"masks": masks}).value == 0.5


def test_the_interval_is_that_of_a_bootstrap_over_pictures():
    random = np.random.default_rng(1)
    predicted, masks = random.random((40, 8, 8)) < 0.5, (random.random((40, 8, 8)) < 0.5).astype(np.uint8)
    found = iou(predicted, {"masks": masks})
    each = [jaccard_score(masks[n].ravel(), predicted[n].ravel()) for n in range(len(masks))]
    expected = bootstrap((each,), np.mean, method="percentile", random_state=1).confidence_interval
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=0.003)
    assert found.low < found.value < found.high


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (np.array([[[True, False]]]), [[[True, False]]]),
        (np.array([[[1, 0]]]), [[[True, False]]]),
        (np.array([[[1.0, 0.0]]], np.float32), [[[True, False]]]),
        (np.array([[[[0.5, 0.49]]]]), [[[True, False]]]),
    ],
)
def test_masks_and_probabilities_are_read(values, expected):
    assert read_masks(values, {"masks": np.zeros((1, 1, 2), np.uint8)}, 0).tolist() == expected


@pytest.mark.parametrize(
    ("values", "code"),
    [
        (np.array(1.0), "predictions.length"),
        (np.zeros((2, 4, 4)), "predictions.length"),
        (np.zeros((3, 4)), "predictions.shape_masks"),
        (np.zeros((3, 2, 4, 4)), "predictions.shape_masks"),
        (np.zeros((3, 8, 8)), "predictions.shape_masks"),
        (np.full((3, 4, 4), "cell"), "contract.not_numeric"),
        (np.full((3, 4, 4), np.nan), "predictions.not_finite"),
        (np.full((3, 4, 4), -2.5), "predictions.not_masks"),
        (np.full((3, 4, 4), 255), "predictions.not_masks"),
    ],
)
def test_what_is_no_mask_is_told(values, code):
    assert read_masks(values, {"masks": np.zeros((3, 4, 4), np.uint8)}, 0).code == code


def test_logits_are_told_with_their_range():
    message = read_masks(np.array([[[-3.5, 4.0]]]), {"masks": np.zeros((1, 1, 2), np.uint8)}, 0)
    assert message.params == {"low": -3.5, "high": 4.0}


def test_exchanging_cells_and_background_is_undone():
    masks = (np.random.default_rng(2).random((3, 4, 4)) < 0.3).astype(np.uint8)
    assert iou(inverted(masks == 0), {"masks": masks}).value == 1


def test_a_few_pixels_are_no_other_answer():
    one = np.zeros((2, 10, 10), bool)
    one[:, :6] = True
    other = one.copy()
    other[0, 0, 0] = False
    other[1, :3] = False
    assert same_masks(one, other).tolist() == [True, False]


def test_the_share_of_right_pixels_is_told_beside_that_of_an_empty_mask():
    random = np.random.default_rng(3)
    predicted, masks = random.random((5, 6, 6)) < 0.5, (random.random((5, 6, 6)) < 0.2).astype(np.uint8)
    told = {message.code: message.params for message in tell_dice(predicted, {"masks": masks})}
    assert told["metric.pixels"]["value"] == pytest.approx(accuracy_score(masks.ravel(), predicted.ravel()))
    assert told["metric.pixels"]["empty"] == pytest.approx((masks == 0).mean())
    assert told["metric.dice"]["low"] <= told["metric.dice"]["value"] <= told["metric.dice"]["high"]


@pytest.mark.parametrize(("count", "expected"), [(1, 1), (9, 3)])
def test_picture_truth_and_prediction_are_shown_side_by_side(count, expected):
    images = np.random.default_rng(4).random((count, 1, 64, 64)).astype(np.float32)
    masks = (images[:, 0] > 0.7).astype(np.uint8)
    shown = show_masks(masks > 0, Split({"images": images}, {"masks": masks}))
    assert len(shown) == expected
    assert shown[0].width > 2.9 * shown[0].height
    assert shown[0].caption.params["value"] == 1.0
