"""Sampling: how far drawn pictures are, as a set, from hidden real ones, and whether they are copies.

The distance is the energy distance (Székely & Rizzo 2013) in features of untrained filters: twice the mean
distance between a drawn and a hidden picture, less the mean distances within each set. It is zero for two
sets from one source, needs no normal distribution, and is a mean over pictures, so that hidden groups can be
drawn again for its interval.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

from graders.data.seeds import random_stream
from graders.model import Message, say
from graders.own import copies, features
from graders.own.examples import Examples
from graders.own.kind import Asked, Values
from graders.own.pictures_restored import as_pictures
from graders.own.reading import Floats, arrays_of

MOST, NUMBERS = 500, 2**24
"""Pictures that are asked for at most, and numbers that they hold together."""
FITTED = 2_000
"""Training pictures that the features are fitted to."""


def ask(hidden: Examples, known: Examples, seed: int) -> Asked:
    """How many pictures to draw: as many as there are hidden ones to compare with.

    What stays here: `shape` of the pictures, `hidden` features of the real ones, `rows` where these stand
    among the hidden examples, `filters_0` and on, `centre` and `axes` that make features;
    and small ones for copies.
    """
    random = random_stream(f"own/sampling/{seed}".encode())
    real, given = arrays_of(hidden), arrays_of(known)
    layers = features.filters(real.shape[1], random)
    fitted = given[np.sort(random.permutation(len(given))[:FITTED])]
    centre, axes = features.components(features.raw(fitted, layers))
    count = max(2, min(MOST, NUMBERS // real[0].size))
    rows = np.sort(random.permutation(len(real))[:count])
    compared = real[rows]
    return Asked(
        len(rows),
        {
            "shape": np.array(compared.shape),
            "hidden": (features.raw(compared, layers) - centre) @ axes,
            "rows": rows,
            "examples": np.array(len(real)),
            **{f"filters_{number}": layer for number, layer in enumerate(layers)},
            "centre": centre,
            "axes": axes,
            "small_hidden": copies.small(compared),
            # drawing does not tell left from right, so that a mirrored copy is one too
            "small_known": np.concatenate([copies.small(given), copies.small(given[..., ::-1])]),
        },
    )


def read(returned: NDArray[np.generic], asked: Asked) -> Floats | Message:
    """Pictures (n, C, H, W) in [0, 1], or what is wrong with them; see `as_pictures`."""
    shape = tuple(asked.truth["shape"].tolist())
    found = as_pictures(returned, shape)
    if isinstance(found, Message):
        return found
    if len(found) > 1 and float(found.std(axis=0).max()) < 1e-6:
        return say("own.one_picture", n=len(found))
    return found


def statistics(predicted: NDArray[Any], asked: Asked) -> Values:
    """What each hidden picture, with one drawn picture, adds to the energy distance, and 1; (n, 2).

    Zeros where a hidden picture is not compared. The terms within a set count twice, less their mean: so
    much does the whole change where this picture is drawn again or left out.
    """
    truth = asked.truth
    layers = [truth[f"filters_{number}"] for number in range(len(features.FILTERS))]
    drawn = (features.raw(predicted, layers) - truth["centre"]) @ truth["axes"]
    real = truth["hidden"]
    across = cdist(real, drawn)
    between = across.mean(axis=1) + across.mean(axis=0)
    found = np.zeros((int(truth["examples"]), 2))
    found[truth["rows"], 0] = between - _within(real) - _within(drawn)
    found[truth["rows"], 1] = 1
    return found


def _within(vectors: Floats) -> Floats:
    """Twice the mean distance of each to the others, less the mean of these, (n,)."""
    own = cdist(vectors, vectors).sum(axis=1) / max(1, len(vectors) - 1)
    found: Floats = 2 * own - own.mean()
    return found


def value(values: Values) -> float:
    """The root of the energy distance; it is 0 where drawn pictures are no further away than real ones."""
    count = float(values[:, 1].sum())
    return float(np.sqrt(max(0.0, float(values[:, 0].sum())) / count)) if count > 0 else 0.0


def doubt(predicted: NDArray[Any], asked: Asked) -> Message | None:
    """Why a person must look: too many drawn pictures are ones that training was given."""
    truth = asked.truth
    found = copies.looking_copied(copies.small(predicted), truth["small_hidden"], truth["small_known"])
    return say("own.copied", n=found, of=len(predicted)) if found else None
