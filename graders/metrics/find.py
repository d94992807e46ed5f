"""How many objects are found whatever their class, and how much is found that is none."""

import numpy as np

from graders.data import Arrays
from graders.metrics import boxes
from graders.metrics.average_precision import HALF, match
from graders.metrics.bootstrap import resampled
from graders.metrics.boxes import Floats
from graders.model import Measurement, Message, say


def find_f1(found: Floats, targets: Arrays) -> Measurement:
    """F1 of boxes with a score of 0.5 or more, all pictures together, with its 95 % interval.

    A box finds an object where they overlap by half or more (intersection over union) and no better box found
    it; classes are not looked at. F1 = 2 finds / (boxes + objects); 0 where there are neither.

    Args:
        found: checked boxes, shape (N, M, 8).
        targets: `boxes`, shape (N, K, 4), NaN where there is none.

    >>> targets = {"boxes": np.array([[[0.0, 0, 4, 4], [5, 5, 9, 9]]]), "labels": np.array([[1, 1]])}
    >>> twice = [[0.0, 0, 4, 4, 0.9, 3, 9, 9], [0, 0, 4, 4, 0.8, 3, 9, 9], [5, 5, 9, 9, 0.4, 1, 9, 9]]
    >>> find_f1(np.array([twice]), targets).value
    0.5
    """
    counts = count_finds(found, targets)
    return resampled(counts, _f1)


def count_finds(found: Floats, targets: Arrays) -> Floats:
    """For each picture how many finds, boxes with a score of 0.5 or more and objects there are, (N, 3)."""
    scores = boxes.scores_of(found)
    counted = boxes.present(found) & (scores >= boxes.CONFIDENT)
    true = targets["labels"] > 0
    counts = np.column_stack([np.zeros(len(found)), counted.sum(axis=1), true.sum(axis=1)])
    for picture in np.flatnonzero(counted.any(axis=1)):
        own = np.flatnonzero(counted[picture])
        own = own[np.argsort(-scores[picture, own], kind="stable")]
        overlap = boxes.iou(found[picture, own], targets["boxes"][picture][true[picture]])
        counts[picture, 0] = match(overlap, HALF).sum()
    return counts


def _f1(means: Floats) -> Floats:
    finds, told, objects = means.T
    f1: Floats = 2 * finds / np.maximum(told + objects, 1e-12)
    return f1


def tell_finds(found: Floats, targets: Arrays) -> tuple[Message, ...]:
    """Recall and false finds, and faults of the boxes."""
    finds, told, objects = count_finds(found, targets).sum(axis=0)
    return (
        say(
            "boxes.finds",
            recall=float(finds / max(objects, 1)),
            finds=int(finds),
            objects=int(objects),
            false=float((told - finds) / len(found)),
        ),
        *(fault for fault in boxes.tell_faults(found, targets) if fault.code != "boxes.labels"),
    )
