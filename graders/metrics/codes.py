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
TOO_CLOSE = 0.5
"""Share of the error that so many nats allow normal numbers below which a person must look.

The reference comes to 0.93 of it on `mini` and to 0.69 on `full`, the best linear code to 1.03 on both.
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
    """Why a person must look: pictures come back more closely than the nats of their codes allow.

    A notebook that keeps what `encode` is given and looks it up in `decode` is far below what a code of that
    price reaches, with a little blur or noise too. Not found is one that adds as much as a code would leave.
    """
    pictures = targets["images"].reshape(len(packed), -1).astype(np.float64)
    if len(pictures) == 1:
        return None
    spent = float(nats(packed).mean())
    variances: Floats = np.linalg.eigvalsh(np.cov(pictures.T)).astype(np.float64)
    least = least_error(variances, spent)
    found = float(errors(packed, targets).mean())
    if found >= TOO_CLOSE * least:
        return None
    return say("doubt.recalled", rmse=float(np.sqrt(found)), least=float(np.sqrt(least)), nats=spent)


def least_error(variances: Floats, spent: float) -> float:
    """Least mean squared error of normal numbers that are told in so many nats: reverse water-filling.

    Cover & Thomas 2006, "Elements of information theory", theorem 10.3.3. Pictures are no normal numbers and
    a network that knows them can do better.

    Args:
        variances: of independent numbers, shape (D,).
        spent: nats for all of them together.

    >>> round(least_error(np.array([4.0, 1.0]), np.log(2)), 3)
    1.0
    """
    low, high = 0.0, float(variances.max())
    for _ in range(60):
        level = (low + high) / 2
        needed = 0.5 * np.log(np.maximum(variances / max(level, 1e-12), 1)).sum()
        low, high = (level, high) if needed > spent else (low, level)
    return float(np.minimum(variances, high).mean())


def show_reconstructions(packed: Floats, validation: Split) -> tuple[Picture, ...]:
    """The first pictures of the public split, and below them what was decoded."""
    count = min(SHOWN, len(packed))
    real = validation.targets["images"].reshape(-1, PIXELS)[:count]
    both = np.stack([real, parts(packed)[2][:count]]).reshape(2, count, SIDE, SIDE)
    levels = np.round(both.transpose(0, 2, 1, 3).reshape(2 * SIDE, count * SIDE) * 255).astype(np.uint8)
    return (picture(levels, say("elbo.shown")),)
