"""Mean average precision of a detector, as COCO measures it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graders.data import Arrays
from graders.metrics import boxes
from graders.metrics.boxes import Floats
from graders.model import Measurement, Message, say

HALF = (0.5,)
ALL = tuple(np.linspace(0.5, 0.95, 10))
RECALLS = np.linspace(0, 1, 101)
RESAMPLES, SEED = 500, 20
"""Of the bootstrap over pictures; fewer than elsewhere, since each sorts the boxes anew."""


@dataclass(frozen=True, slots=True)
class Matches:
    """What one class's boxes of all pictures are worth, the best score first."""

    scores: Floats
    """Shape (D,)."""
    pictures: NDArray[np.int64]
    """Which picture each is in, shape (D,)."""
    hits: NDArray[np.bool_]
    """Whether it finds an object that no better one found, for each threshold, shape (T, D)."""
    objects: NDArray[np.int64]
    """How many true ones there are in each picture, shape (N,)."""


def match(overlap: Floats, thresholds: Sequence[float]) -> NDArray[np.bool_]:
    """Which boxes of a picture find an object; the best scores choose first, each the largest overlap left.

    Args:
        overlap: intersection over union, shape (D, G), boxes in falling order of score.
        thresholds: least overlap of a find.

    Returns:
        Shape (T, D).

    >>> match(np.array([[0.6, 0.7], [0.9, 0.8]]), (0.5, 0.75))
    array([[ True,  True],
           [False,  True]])
    """
    least = np.asarray(thresholds)
    hits = np.zeros((len(least), len(overlap)), dtype=np.bool_)
    if not overlap.size:
        return hits
    free = np.ones((len(least), overlap.shape[1]), dtype=np.bool_)
    for index in np.flatnonzero(overlap.max(axis=1) >= least.min()):
        worth = np.where(free & (overlap[index] >= least[:, None]), overlap[index], -1.0)
        best = worth.argmax(axis=1)
        hits[:, index] = np.take_along_axis(worth, best[:, None], axis=1)[:, 0] > 0
        free[hits[:, index], best[hits[:, index]]] = False
    return hits


def matches(found: Floats, targets: Arrays, thresholds: Sequence[float]) -> dict[int, Matches]:
    """For each class that there is, what was found of it.

    Args:
        found: checked boxes, shape (N, M, 8).
        targets: `boxes` (N, K, 4) and `labels` (N, K), -1 where there is none.
        thresholds: least overlap of a find.
    """
    there, scores = boxes.present(found), boxes.scores_of(found)
    result = {}
    for label in np.unique(targets["labels"][targets["labels"] > 0]):
        true, mine = targets["labels"] == label, there & (found[..., boxes.LABEL] == label)
        hits, ranks, places = [np.zeros((len(thresholds), 0), dtype=np.bool_)], [], []
        for picture in np.flatnonzero(mine.any(axis=1)):
            own = np.flatnonzero(mine[picture])
            own = own[np.argsort(-scores[picture, own], kind="stable")]
            truth = targets["boxes"][picture][true[picture]]
            hits.append(match(boxes.iou(found[picture, own], truth), thresholds))
            ranks.append(scores[picture, own])
            places.append(np.full(len(own), picture))
        rank, place = np.concatenate([[], *ranks]), np.concatenate([np.zeros(0, np.int64), *places])
        order = np.argsort(-rank, kind="stable")
        result[int(label)] = Matches(
            rank[order], place[order], np.concatenate(hits, axis=1)[:, order], true.sum(axis=1)
        )
    return result


def average_precision(hits: NDArray[np.bool_], weights: Floats, objects: float) -> float:
    """Mean of the precision at 101 recalls, where precision is the best at that recall or a higher one.

    Args:
        hits: whether each box finds an object, best score first, shape (D,).
        weights: how often each counts, shape (D,).
        objects: how many there are to find; more than 0.

    >>> round(average_precision(np.array([True, False, True]), np.ones(3), 2), 4)
    0.835
    """
    if not len(hits):
        return 0.0
    right, all_of_them = np.cumsum(weights * hits), np.cumsum(weights)
    precision = right / np.maximum(all_of_them, 1e-12)
    best = np.append(np.maximum.accumulate(precision[::-1])[::-1], 0.0)
    return float(best[np.searchsorted(right / objects, RECALLS, side="left")].mean())


def _mean(found: dict[int, Matches], threshold: int, times: Floats) -> float:
    """Mean over classes; each picture counts `times` (N,); 0 where there is no object at all."""
    values = [
        average_precision(one.hits[threshold], times[one.pictures], objects)
        for one in found.values()
        if (objects := float(one.objects @ times)) > 0
    ]
    return float(np.mean(values)) if values else 0.0


def map50(found: Floats, targets: Arrays) -> Measurement:
    """Average precision at an overlap of 0.5, mean over classes, with its 95 % bootstrap interval.

    As pycocotools measures it, with up to `boxes.MOST` boxes a picture. A box whose class there is not counts
    for no class, as there; a malformed one overlaps nothing.

    >>> targets = {"boxes": np.array([[[0.0, 0, 4, 4]]]), "labels": np.array([[1]])}
    >>> map50(np.array([[[0.0, 0, 4, 3, 0.9, 1, 9, 9]]]), targets).value
    1.0
    """
    n = len(found)
    matched = matches(found, targets, HALF)
    random = np.random.RandomState(SEED)
    draws = random.multinomial(n, np.full(n, 1 / n), size=RESAMPLES)
    low, high = np.percentile([_mean(matched, 0, times) for times in draws.astype(np.float64)], [2.5, 97.5])
    value = _mean(matched, 0, np.ones(n))
    return Measurement(value=value, low=float(min(low, value)), high=float(max(high, value)), n=n)


def tell_detector(found: Floats, targets: Arrays) -> tuple[Message, ...]:
    """The stricter mean over overlaps of 0.5 to 0.95, precision and recall, and faults of the boxes."""
    matched, once = matches(found, targets, ALL), np.ones(len(found))
    strict = float(np.mean([_mean(matched, threshold, once) for threshold in range(len(ALL))]))
    confident = {label: one.scores >= boxes.CONFIDENT for label, one in matched.items()}
    right = sum(int(one.hits[0][confident[label]].sum()) for label, one in matched.items())
    told = int(np.count_nonzero(boxes.present(found) & (boxes.scores_of(found) >= boxes.CONFIDENT)))
    objects = int(np.count_nonzero(targets["labels"] > 0))
    return (
        say("boxes.strict", value=strict),
        say(
            "boxes.at_score",
            score=boxes.CONFIDENT,
            precision=right / max(told, 1),
            recall=right / max(objects, 1),
        ),
        *boxes.tell_faults(found, targets),
    )
