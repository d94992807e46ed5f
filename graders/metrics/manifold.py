"""What a Fréchet distance does not tell apart: whether pictures are good, and whether they are all there is.

Precision and recall of the manifold: Kynkäänniemi et al. 2019, "Improved precision and recall metric for
assessing generative models".
"""

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from graders.data import Arrays
from graders.data.features import features
from graders.metrics.frechet import Singles
from graders.model import Message, say

NEIGHBOURS = 3
MOST = 1_000
"""Pictures of each set that are compared: the figures depend on their number."""
CONFIDENT = 0.9
"""Probability from which on the classifier is taken to know what a picture shows."""
COVERED = 0.02
"""Share of confident pictures from which on a class counts as drawn; an even share would be 0.1."""
REPEATED = 0.01
"""Share of copies from which on they are worth a sentence."""
CLASSES = 10

Floats = NDArray[np.float64]


def tell_samples(images: Singles, targets: Arrays) -> tuple[Message, ...]:
    """Precision, recall, classes and copies, as the report says them beside the distance."""
    vectors, probabilities = features(np.clip(images, 0, 1))
    precision, recall = precision_recall(targets["features"], vectors)
    sure = probabilities.max(axis=1) >= CONFIDENT
    shares = class_shares(probabilities)
    missing = [str(label) for label in range(CLASSES) if shares[label] < COVERED]
    found = [
        say("samples.manifold", precision=precision, recall=recall),
        say(
            "samples.classes" if missing else "samples.all_classes",
            covered=CLASSES - len(missing),
            n=CLASSES,
            missing=", ".join(missing),
            sure=round(100 * float(sure.mean()), 1),
        ),
    ]
    copies = share_of_copies(images)
    if copies >= REPEATED:
        found.append(say("samples.copies", share=round(100 * copies, 1)))
    return tuple(found)


def precision_recall(real: Singles, generated: Singles) -> tuple[float, float]:
    """Share of generated pictures among real ones, and of real ones among generated ones.

    A picture is among the others where it is no further from one of them than that one's third nearest
    neighbour in its own set. The first `MOST` of each set are looked at.

    Args:
        real: features, shape (N, D).
        generated: features, shape (M, D).
    """
    one, other = real[:MOST].astype(np.float64), generated[:MOST].astype(np.float64)
    between = _squares(one, other)
    return (
        float((between <= _reach(one)[:, None]).any(axis=0).mean()),
        float((between <= _reach(other)[None]).any(axis=1).mean()),
    )


def class_shares(probabilities: Singles) -> Floats:
    """Of the pictures that the classifier is sure about, the share in each class, (10,); zeros for none."""
    sure = probabilities[probabilities.max(axis=1) >= CONFIDENT]
    counts = np.bincount(sure.argmax(axis=1), minlength=CLASSES) if len(sure) else np.zeros(CLASSES)
    shares: Floats = counts / max(1, len(sure))
    return shares


def share_of_copies(images: Singles) -> float:
    """Share of pictures that are, grey level by grey level, the same as an earlier one.

    >>> share_of_copies(np.zeros((4, 28, 28), np.float32))
    0.75
    """
    levels = np.round(np.clip(images, 0, 1) * 255).astype(np.uint8)
    return 1 - len(Counter(picture.tobytes() for picture in levels)) / len(images)


def _squares(one: Floats, other: Floats) -> Floats:
    """Squared distances between rows, shape (N, M)."""
    found: Floats = (one**2).sum(1)[:, None] + (other**2).sum(1) - 2 * one @ other.T
    return np.maximum(found, 0)


def _reach(vectors: Floats) -> Floats:
    """Squared distance of each row to its third nearest other row, shape (N,)."""
    squares = _squares(vectors, vectors)
    np.fill_diagonal(squares, 0)
    nearest = min(NEIGHBOURS, len(vectors) - 1)
    reach: Floats = np.partition(squares, nearest, axis=1)[:, nearest]
    return reach
