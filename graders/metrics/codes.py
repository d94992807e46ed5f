"""What stands beside the evidence lower bound: whether the code is used, and whether it is all that is."""

import numpy as np
from numpy.typing import NDArray

from graders.data import Arrays, Split
from graders.metrics.elbo import PIXELS, SIDE, errors, nats, parts
from graders.model import Message, Picture, say
from graders.pictures import picture

ACTIVE = 0.01
"""Variance of a mean over pictures above which a number of the code is used (Burda et al. 2016)."""
FEWEST_ACTIVE = 2
FEWEST_NATS = 0.5
"""Below either of these the decoder works without the code: the posterior collapsed."""
COMPONENTS = 64
"""Numbers of the linear code that reconstructions are compared with: twice as many as a code may have."""
CLOSE = 0.5
"""Share of the error of that code below which a reconstruction is closer than a code allows."""
TOO_MANY = 0.2
"""Share of pictures reconstructed as closely from which on a person must look.

Of those of the reference it is none on `mini` and one or two in a hundred on `full`; of kept ones, all.
"""
SHOWN = 8

Floats = NDArray[np.float64]


def tell_codes(packed: Floats, targets: Arrays) -> tuple[Message, ...]:
    """Error, nats and numbers in use, as the report says them beside the bound; and a collapse, in words."""
    mean, log_variance, _ = parts(packed)
    used = int(np.count_nonzero(mean.var(axis=0) > ACTIVE))
    spent = float(nats(packed).mean())
    found = [
        say(
            "elbo.parts",
            rmse=float(np.sqrt(errors(packed, targets).mean())),
            nats=spent,
            used=used,
            n=mean.shape[1],
        )
    ]
    if used < FEWEST_ACTIVE or spent < FEWEST_NATS:
        found.append(say("elbo.collapsed"))
    if (log_variance > 0).all():
        found.append(say("elbo.not_logarithm", least=float(log_variance.min())))
    return tuple(found)


def doubt_recalled(packed: Floats, targets: Arrays) -> Message | None:
    """Why a person must look: too many pictures come back more closely than any code could carry them.

    The yardstick of each picture is its error after the best linear code of 64 numbers, one that was fitted
    to these very pictures and that pays nothing for precision. A notebook that keeps what `encode` is given
    and looks it up in `decode` is far below it.

    Not found is one that gives back a few of them, or all with as much blur or noise as a code leaves.
    """
    floor = linear_errors(targets["images"].reshape(len(packed), -1).astype(np.float64))
    share = float((errors(packed, targets) < CLOSE * floor).mean())
    if share < TOO_MANY:
        return None
    return say("flag.recalled", share=round(100 * share, 1), n=len(packed))


def linear_errors(vectors: Floats, length: int = COMPONENTS) -> Floats:
    """Mean squared error of each vector without its first principal components, shape (N,).

    Args:
        vectors: shape (N, D), which the components are found from.
        length: number of components.
    """
    centred = vectors - vectors.mean(axis=0)
    _, components = np.linalg.eigh(centred.T @ centred)  # ascending
    rest: Floats = centred @ components[:, : max(0, vectors.shape[1] - length)]
    found: Floats = (rest**2).sum(axis=1) / vectors.shape[1]
    return found


def show_reconstructions(packed: Floats, validation: Split) -> tuple[Picture, ...]:
    """The first pictures of the public split, and below them what was decoded."""
    count = min(SHOWN, len(packed))
    real = validation.targets["images"].reshape(-1, PIXELS)[:count]
    both = np.stack([real, parts(packed)[2][:count]]).reshape(2, count, SIDE, SIDE)
    levels = np.round(both.transpose(0, 2, 1, 3).reshape(2 * SIDE, count * SIDE) * 255).astype(np.uint8)
    return (picture(levels, say("elbo.shown")),)
