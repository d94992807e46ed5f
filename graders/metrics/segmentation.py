"""Intersection over union of predicted masks with the true ones, and Dice beside it."""

import numpy as np
from numpy.typing import NDArray

from graders.data import Arrays, Split
from graders.metrics.bootstrap import resampled
from graders.metrics.reading import read_planes
from graders.model import Measurement, Message, Picture, say
from graders.pictures import picture, side_by_side

Masks = NDArray[np.bool_]
ROUNDED = 1e-3
"""How far a probability may lie outside [0, 1], as resizing and rounding leave it."""
CELL = 0.5
"""Probability from which on a pixel is a cell."""
SAME = 0.95
"""Two masks are the same answer where their intersection over union is at least this."""
SHOWN = 3
"""Validation pictures that a report shows."""


def read_masks(predictions: NDArray[np.generic], targets: Arrays, classes: int) -> Masks | Message:
    """Masks of shape (N, H, W) from what a notebook predicted, or what is wrong with them.

    Args:
        predictions: 0 and 1 or probabilities, shape (N, H, W) or (N, 1, H, W).
        targets: masks of as many pictures, as `masks`.
        classes: of no meaning here.

    >>> targets = {"masks": np.zeros((1, 1, 2), np.uint8)}
    >>> read_masks(np.array([[[0.2, 0.5]]]), targets, classes=0).tolist()
    [[[False, True]]]
    >>> read_masks(np.array([[[-3.0, 4.0]]]), targets, classes=0).code
    'predictions.not_masks'
    """
    n, height, width = targets["masks"].shape
    values = read_planes(predictions, (n, height, width), "segment")
    if isinstance(values, Message):
        return values
    low, high = float(values.min()), float(values.max())
    if low < -ROUNDED or high > 1 + ROUNDED:
        return say("predictions.not_masks", low=low, high=high)
    masks: Masks = values >= CELL
    return masks


def overlaps(one: Masks, other: Masks) -> NDArray[np.float64]:
    """Intersection over union of each pair of masks, shape (N,); 1 where both are empty.

    >>> overlaps(np.array([[[True, True]]]), np.array([[[True, False]]]))
    array([0.5])
    """
    both = np.count_nonzero(one & other, axis=(1, 2))
    either = np.count_nonzero(one | other, axis=(1, 2))
    return np.where(either > 0, both / np.maximum(either, 1), 1.0)


def same_masks(one: Masks, other: Masks) -> NDArray[np.bool_]:
    """Whether two predictions are the same mask but for a few pixels, shape (N,)."""
    same: NDArray[np.bool_] = overlaps(one, other) >= SAME
    return same


def iou(predicted: Masks, targets: Arrays) -> Measurement:
    """Mean intersection over union (Jaccard index) over pictures, with its 95 % bootstrap interval over them.

    Args:
        predicted: shape (N, H, W).
        targets: 0 or 1, shape (N, H, W), as `masks`.

    >>> iou(np.array([[[True, True]]]), {"masks": np.array([[[1, 0]]])}).value
    0.5
    """
    values = overlaps(predicted, targets["masks"] > 0)
    return resampled(values)


def dice(predicted: Masks, targets: Arrays) -> Measurement:
    """Mean Dice coefficient (F1 of the pixels), as `iou`: of one picture it is 2 · IoU / (1 + IoU)."""
    found = overlaps(predicted, targets["masks"] > 0)
    values = 2 * found / (1 + found)
    return resampled(values)


def tell_dice(predicted: Masks, targets: Arrays) -> tuple[Message, ...]:
    """What the report says of Dice, and of the share of right pixels, which flatters."""
    found = dice(predicted, targets)
    right = float(np.mean(predicted == (targets["masks"] > 0)))
    empty = float(np.mean(targets["masks"] == 0))
    return (
        say("metric.dice", value=found.value, low=found.low, high=found.high),
        say("metric.pixels", value=right, empty=empty),
    )


def inverted(predicted: Masks) -> Masks:
    """What is predicted where cells and background are exchanged."""
    return ~predicted


def show_masks(predicted: Masks, validation: Split) -> tuple[Picture, ...]:
    """The first validation pictures: picture, truth and prediction side by side."""
    found = overlaps(predicted, validation.targets["masks"] > 0)
    shown = []
    for number in range(min(SHOWN, len(predicted))):
        image, truth = validation.inputs["images"][number, 0], validation.targets["masks"][number] > 0
        row = side_by_side([image, truth, predicted[number]])
        shown.append(picture(row, say("metric.mask_shown", number=number, value=float(found[number]))))
    return tuple(shown)
