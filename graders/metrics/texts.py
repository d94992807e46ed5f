"""Classes of texts: accuracy, with the F1 of each class beside it."""

import numpy as np
from numpy.typing import NDArray

from graders.data import Arrays
from graders.metrics.accuracy import read_classes
from graders.model import Message, say


def read_labels(
    predictions: NDArray[np.generic], targets: Arrays, classes: int
) -> NDArray[np.int64] | Message:
    """Class ids of shape (N,) from class ids or scores, or what is wrong with them; see `read_classes`.

    Args:
        predictions: class ids, shape (N,) or (N, 1), or scores, shape (N, C).
        targets: class ids of as many texts, as `labels`; every class occurs in them.
        classes: of no meaning here: the texts may be other data than the assignment's.
    """
    return read_classes(predictions, targets, int(targets["labels"].max()) + 1)


def macro_f1(predicted: NDArray[np.int64], labels: NDArray[np.int64]) -> float:
    """Mean over classes of the harmonic mean of precision and recall, 0 where a class is never right.

    Classes are those that occur in the labels or the predictions, as in scikit-learn.

    >>> macro_f1(np.array([0, 0, 1, 1]), np.array([0, 1, 1, 1]))
    0.7333333333333334
    """
    scores = []
    for one in np.union1d(labels, predicted):
        right = np.count_nonzero((predicted == one) & (labels == one))
        scores.append(2 * right / (np.count_nonzero(predicted == one) + np.count_nonzero(labels == one)))
    return float(np.mean(scores))


def tell_f1(predicted: NDArray[np.int64], targets: Arrays) -> tuple[Message, ...]:
    """Macro-F1 beside the accuracy."""
    return (say("texts.macro_f1", value=macro_f1(predicted, targets["labels"])),)
