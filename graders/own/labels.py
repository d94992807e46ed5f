"""Classification: the share of hidden examples whose class is right."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from graders.model import Message, say
from graders.own.examples import Examples
from graders.own.kind import Asked, Values
from graders.own.reading import numbers, shape_of, targets_of, without_infinity


def ask(hidden: Examples, known: Examples, seed: int) -> Asked:
    """The hidden inputs; how many classes there are, and how many ids training has seen, stay here."""
    labels = targets_of(hidden)
    seen = int(targets_of(known).max(initial=0)) + 1
    classes = max(len(hidden.classes), seen, int(labels.max(initial=0)) + 1)
    return Asked(hidden.inputs, {"labels": labels, "classes": np.array([seen, classes])})


def read(returned: NDArray[np.generic], asked: Asked) -> NDArray[np.int64] | Message:
    """Class ids (n,), or what is wrong with them.

    Scores may lack the last columns where training saw none of these classes.

    Args:
        returned: ids (n,) or (n, 1), or scores (n, K), of which the highest counts; minus infinity is one.
        asked: what `ask` made.

    >>> asked = Asked(2, {"labels": np.array([0, 1]), "classes": np.array([2, 3])})
    >>> read(np.array([[0.1, 0.2, 0.0], [3.0, 1.0, 2.0]]), asked)
    array([1, 0])
    >>> read(np.array([0, 3]), asked).params
    {'found': 3, 'n': 1, 'most': 2}
    """
    n = len(asked.truth["labels"])
    seen, classes = asked.truth["classes"].tolist()
    if returned.ndim == 2 and len(returned) == n and returned.shape[1] > 1:
        width = returned.shape[1]
        if not seen <= width <= classes:
            expected = f"{shape_of((n,))} / {shape_of((n, classes))}"
            return say("own.shape", found=shape_of(returned.shape), expected=expected)
        scores = numbers(without_infinity(returned), (n, width))
        return scores if isinstance(scores, Message) else scores.argmax(axis=1)
    values = numbers(returned, (n,), (n, 1))
    if isinstance(values, Message):
        return values
    broken = np.flatnonzero(values != np.round(values))
    if len(broken):
        return say("own.broken_class", found=float(values[broken[0]]), n=len(broken), classes=classes)
    outside = np.flatnonzero((values < 0) | (values >= classes))
    if len(outside):
        return say("own.no_such_class", found=int(values[outside[0]]), n=len(outside), most=classes - 1)
    return values.astype(np.int64)


def statistics(predicted: NDArray[Any], asked: Asked) -> Values:
    """1 where the class is right and 0 where it is not, (n, 1)."""
    right: Values = (predicted == asked.truth["labels"]).astype(np.float64)[:, None]
    return right
