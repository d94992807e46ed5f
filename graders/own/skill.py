"""How far a model came on the way from the simple baselines to the course's reference, on the same data.

Hidden groups are drawn again and again (Efron, 1979), the same ones for everybody, so that differences are
known better than values.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graders.model import Measurement
from graders.own.examples import Rows
from graders.own.kind import Kind, Values

DRAWS = 500
SEPARATION = 3.0
"""Standard errors by which two models must differ to be told apart."""
MARGIN = 0.1
"""Share of the way by which the reference may be missed: it was trained once, and varies."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everybody's value on the same hidden examples."""

    yours: Measurement
    reference: Measurement
    baselines: Mapping[str, Measurement]
    best: str
    """Name of the baseline that is best."""
    opened: bool
    """Whether the reference is clearly better than every baseline, so that there is a way to go."""
    ahead: bool
    """Whether the student's model is clearly better than every baseline."""


def compare(
    kind: Kind, yours: Values, reference: Values, baselines: Mapping[str, Values], groups: Rows
) -> Comparison:
    """Compare models by their statistics for the hidden examples.

    Args:
        kind: whose value counts.
        yours: the student's, shape (n, k).
        reference: the reference's.
        baselines: those of each baseline; at least one.
        groups: of the hidden examples, shape (n,).
    """
    drawn = _draws(groups)
    values = {name: _values(kind, rows, drawn) for name, rows in baselines.items()}
    sign = 1 if kind.better == "higher" else -1
    best = max(baselines, key=lambda name: sign * kind.value(baselines[name]))
    of_yours, of_reference = _values(kind, yours, drawn), _values(kind, reference, drawn)
    return Comparison(
        yours=_measured(kind, yours, of_yours),
        reference=_measured(kind, reference, of_reference),
        baselines={name: _measured(kind, rows, values[name]) for name, rows in baselines.items()},
        best=best,
        opened=all(_better(sign * (of_reference - other)) for other in values.values()),
        ahead=all(_better(sign * (of_yours - other)) for other in values.values()),
    )


def _draws(groups: Rows) -> list[Rows]:
    """Positions of hidden examples, once for each draw of groups."""
    random = np.random.default_rng(0)
    names, index = np.unique(groups, return_inverse=True)
    order = np.argsort(index, kind="stable")
    ends = np.cumsum(np.bincount(index))
    starts = np.concatenate([[0], ends[:-1]])
    drawn = []
    for _ in range(DRAWS):
        chosen = random.integers(0, len(names), len(names))
        drawn.append(np.concatenate([order[starts[one] : ends[one]] for one in chosen]))
    return drawn


def _values(kind: Kind, rows: Values, drawn: list[Rows]) -> NDArray[np.float64]:
    return np.array([kind.value(rows[one]) for one in drawn])


def _measured(kind: Kind, rows: Values, drawn: NDArray[np.float64]) -> Measurement:
    low, high = np.quantile(drawn, [0.025, 0.975])
    value = kind.value(rows)
    return Measurement(value=value, low=min(low, value), high=max(high, value), n=len(rows))


def _better(difference: NDArray[np.float64]) -> bool:
    """Whether a difference is clearly above zero."""
    return bool(difference.mean() > SEPARATION * difference.std() and difference.mean() > 0)
