"""Boxes that a detector returned: read, looked over, mended of usual mistakes, and drawn."""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from graders.data import Arrays, Split
from graders.metrics.reading import shape_of, wrong_length, wrong_type
from graders.model import Message, Picture, say
from graders.pictures import MOST_SIDE, picture

Floats = NDArray[np.float64]

SCORE, LABEL, SIZE = 4, 5, slice(6, 8)
"""Columns of checked boxes beside the four edges: score, class id, width and height of the picture."""
MOST = 300
"""Boxes of a picture that are kept, those with the best scores."""
CONFIDENT = 0.5
"""Score from which on a box counts where a single threshold is needed."""
OUTSIDE = 0.05
"""Share of a picture's side by which a box may reach over its edge without a word."""
SHOWN = 3
"""Pictures in a report."""


def read_boxes(predictions: NDArray[np.generic], targets: Arrays, classes: int) -> Floats | Message:
    """Boxes with the size of their picture, or what is wrong with the whole.

    A single bad box is no reason to refuse the others: it stays, matches nothing and counts as a false find.

    Args:
        predictions: x1, y1, x2, y2, score, label; (N, M, 6), M at most `MOST`; rows of NaN are no boxes.
        targets: `sizes`, width and height of each of the N pictures, shape (N, 2).
        classes: of no meaning here.

    Returns:
        Shape (N, M, 8): the same with width and height of the picture.

    >>> targets = {"sizes": np.array([[64, 48]])}
    >>> read_boxes(np.array([[[1, 2, 3, 4, 0.5, 1]]]), targets, 0)
    array([[[ 1. ,  2. ,  3. ,  4. ,  0.5,  1. , 64. , 48. ]]])
    >>> read_boxes(np.zeros((2, 1, 6)), targets, 0).code
    'predictions.length'
    """
    n = len(targets["sizes"])
    length = wrong_length(predictions, n)
    if length is not None:
        return length
    if predictions.ndim != 3 or predictions.shape[2] != 6 or predictions.shape[1] > MOST:
        return say("boxes.shape", found=shape_of(predictions), n=n, most=MOST)
    kind = wrong_type(predictions, "detect")
    if kind is not None:
        return kind
    found = predictions.astype(np.float64)
    sizes = np.broadcast_to(targets["sizes"][:, None], (*found.shape[:2], 2))
    return np.concatenate([found, sizes], axis=2)


def present(boxes: Floats) -> NDArray[np.bool_]:
    """Which rows are boxes and no padding, shape (N, M)."""
    there: NDArray[np.bool_] = np.logical_or.reduce(~np.isnan(boxes[..., :6]), axis=-1)
    return there


def scores_of(boxes: Floats) -> Floats:
    """Scores, shape (N, M); one that is no number is the highest, so that nobody gains by it."""
    scores = boxes[..., SCORE]
    return np.where(np.isfinite(scores), scores, np.inf)


def well_formed(boxes: Floats) -> NDArray[np.bool_]:
    """Which boxes are such: six finite numbers, edges in order. Any shape (..., 8) to (...)."""
    right = (boxes[..., 2] > boxes[..., 0]) & (boxes[..., 3] > boxes[..., 1])
    found: NDArray[np.bool_] = right & np.logical_and.reduce(np.isfinite(boxes[..., :6]), axis=-1)
    return found


def iou(boxes: Floats, truth: Floats) -> Floats:
    """Intersection over union of each of D boxes with each of G true ones, (D, G); 0 for a malformed box.

    >>> iou(np.array([[0.0, 0, 2, 2, 1, 1, 9, 9]]), np.array([[0.0, 0, 2, 1]]))
    array([[0.5]])
    """
    good = well_formed(boxes)
    edges = np.where(good[:, None], boxes[:, :4], 0.0)
    low = np.maximum(edges[:, None, :2], truth[:, :2])
    high = np.minimum(edges[:, None, 2:], truth[:, 2:])
    shared = (high - low).clip(0).prod(axis=2)
    area, true_area = (np.prod(b[:, 2:4] - b[:, :2], axis=1) for b in (edges, truth))
    together = area[:, None] + true_area - shared
    share: Floats = np.divide(shared, together, out=np.zeros_like(shared), where=together > 0)
    return share


def same_boxes(one: Floats, other: Floats) -> NDArray[np.bool_]:
    """For each picture, whether both answers have the same boxes but for rounding, shape (N,)."""
    rows = min(one.shape[1], other.shape[1])
    extra = present(one[:, rows:]).any(axis=1) | present(other[:, rows:]).any(axis=1)
    near = np.isclose(one[:, :rows], other[:, :rows], rtol=1e-3, atol=1e-2, equal_nan=True)
    same: NDArray[np.bool_] = np.logical_and.reduce(near, axis=(1, 2)) & ~extra
    return same


def tell_faults(boxes: Floats, targets: Arrays) -> tuple[Message, ...]:
    """What is wrong with the boxes themselves, one sentence a fault, each with its number of boxes."""
    found = boxes[present(boxes)]
    if not len(found):
        return (say("boxes.none", n=len(boxes)),)
    x1, y1, x2, y2, score, label, width, height = found.T
    finite = np.isfinite(found[:, :6]).all(axis=1)
    ids = np.unique(targets["labels"][targets["labels"] > 0])
    beyond = np.maximum.reduce([-x1 / width, -y1 / height, x2 / width - 1, y2 / height - 1])
    faults = {
        "boxes.not_finite": ~finite,
        "boxes.order": finite & ~well_formed(found),
        "boxes.outside": finite & (beyond > OUTSIDE),
        "boxes.scores": finite & ((score < 0) | (score > 1)),
        "boxes.labels": finite & ~np.isin(label, ids),
    }
    told = [
        say(code, count=int(bad.sum()), total=len(found), ids=", ".join(map(str, ids)))
        for code, bad in faults.items()
        if bad.any()
    ]
    small = finite & (np.abs(found[:, :4]) <= 1.01).all(axis=1)
    if small.mean() > 0.5:
        told.append(say("boxes.normalised", count=int(small.sum()), total=len(found)))
    crammed = int((present(boxes).sum(axis=1) >= MOST).sum())
    if crammed:
        told.append(say("boxes.most", n=crammed, most=MOST))
    return tuple(told)


def _swapped(boxes: Floats) -> Floats:
    return boxes[..., [1, 0, 3, 2, 4, 5, 6, 7]]


def _from_xywh(boxes: Floats) -> Floats:
    mended = boxes.copy()
    mended[..., 2:4] += boxes[..., :2]
    return mended


def _from_centres(boxes: Floats) -> Floats:
    mended = boxes.copy()
    mended[..., :2] = boxes[..., :2] - boxes[..., 2:4] / 2
    mended[..., 2:4] = boxes[..., :2] + boxes[..., 2:4] / 2
    return mended


def _from_shares(boxes: Floats) -> Floats:
    mended = boxes.copy()
    mended[..., :2] *= boxes[..., SIZE]
    mended[..., 2:4] *= boxes[..., SIZE]
    return mended


def _labels_from_one(boxes: Floats) -> Floats:
    mended = boxes.copy()
    mended[..., LABEL] += 1
    return mended


BOX_MISTAKES: Mapping[str, Callable[[Floats], Floats]] = {
    "mistake.boxes_yx": _swapped,
    "mistake.boxes_xywh": _from_xywh,
    "mistake.boxes_centres": _from_centres,
    "mistake.boxes_shares": _from_shares,
    "mistake.boxes_yolo": lambda boxes: _from_shares(_from_centres(boxes)),
}
"""Usual orders and units of the four numbers that are not those of the contract."""
LABEL_MISTAKES: Mapping[str, Callable[[Floats], Floats]] = {"mistake.labels_from_zero": _labels_from_one}


def show_boxes(boxes: Floats, validation: Split) -> tuple[Picture, ...]:
    """Three public pictures, with few objects, with more and with most, and what was found in them.

    Args:
        boxes: checked, shape (N, M, 8).
        validation: the split they were found in, with `images`, uint8 (N, H, W, 3).
    """
    images, objects = validation.inputs["images"], (validation.targets["labels"] > 0).sum(axis=1)
    order = np.argsort(objects, kind="stable")
    chosen = order[np.unique((np.linspace(0.3, 1, SHOWN) * (len(order) - 1)).astype(np.int64))]
    return tuple(_overlay(images[index], boxes[index], int(objects[index])) for index in chosen)


def _overlay(image: NDArray[np.uint8], boxes: Floats, objects: int) -> Picture:
    confident = boxes[well_formed(boxes) & (boxes[:, SCORE] >= CONFIDENT)]
    times = max(1, min(3, MOST_SIDE // max(image.shape[:2])))
    shown = Image.fromarray(image.repeat(times, axis=0).repeat(times, axis=1))
    pen = ImageDraw.Draw(shown)
    height, width = image.shape[:2]
    # far outside of the picture there is nothing to draw, and coordinates may be too large to be drawn at all
    for x1, y1, x2, y2 in (confident[:, :4].clip(-1, max(height, width)) * times).tolist():
        pen.rectangle((x1, y1, x2, y2), outline=(0, 0, 0), width=3)
        # a box may be smaller than the line around it
        inside = (x1 + 1, y1 + 1, max(x1 + 1, x2 - 1), max(y1 + 1, y2 - 1))
        pen.rectangle(inside, outline=(255, 235, 0))
    caption = say("boxes.shown", found=len(confident), objects=objects, score=CONFIDENT)
    return picture(np.asarray(shown), caption)
