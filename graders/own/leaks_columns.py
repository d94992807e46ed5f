"""Tables in which a column is the target: as it is, scaled, monotone, renamed or in ones and zeros."""

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from graders.model import say
from graders.own.examples import Rows
from graders.own.finding import Finding
from graders.own.separation import separation

Floats = NDArray[np.float64]

FEWEST = 20
"""Examples, below which chance makes a column look like the target."""
OF_A_VALUE = 4
"""Examples that a value of a column of ids has on average at least."""
SAME = 1 - 1e-6
"""Correlation from which on a column is the target."""
NEARLY = 0.999
"""From here on a person looks: an honest column that correlates .98 or .99 is far below."""
SUM_LEFT = 1e-6
"""Share of the target's variance that a sum of columns leaves."""
MOST_SUMMED = 200
"""Columns of a sum."""
MOST_LIKELY, LIKELY_ROWS, LIKELY_COLUMNS = 64, 200, 4_096
"""Columns that are looked at closely, and rows and columns at a time from which they are chosen."""
MOST_SHOWN = 5


def class_columns(table: NDArray[np.float32], labels: Rows) -> list[Finding]:
    """Columns of a table that tell the class."""
    if len(labels) < FEWEST or not table.shape[1]:
        return []
    told = separation(table, labels)
    ids, several = _ids(table, labels)
    renamed = np.flatnonzero(told.wide | ids)
    # Of a table of one column nothing would be left; it may be a first exercise.
    if len(renamed) and table.shape[1] > 1:
        return [_finding("own.leak.class_column", "stop", renamed)]
    block = np.atleast_1d(told.alone.any(axis=1))
    columns = np.flatnonzero(told.alone.any(axis=0))
    if len(block) > 2 and block.sum() >= len(block) - 1:
        return [_finding("own.leak.class_block", "stop", columns)]
    whole = np.flatnonzero(told.whole | ids | several)
    if len(whole):
        counts = [column for column in whole.tolist() if _counts_rows(table[:, column])]
        if counts:
            return [_finding("own.leak.row_number", "look", np.array(counts))]
        return [_finding("own.leak.class_separated", "look", whole)]
    if len(columns):
        return [_finding("own.leak.one_class_column", "look", columns)]
    return []


def value_columns(table: NDArray[np.float32], values: Floats, *, pictures: bool) -> list[Finding]:
    """Columns of a table, or pixels, that are the value to predict, scaled or monotone; or a sum of them."""
    if len(values) < FEWEST or not table.shape[1]:
        return []
    likely = _likely(table, values)
    order = _ranks(values)
    straight, bent = np.zeros(table.shape[1]), np.zeros(table.shape[1])
    for column in likely.tolist():
        one = table[:, column].astype(np.float64)
        straight[column] = _straight(one, values)
        bent[column] = abs(_correlation(_ranks(one), order))
    same = np.flatnonzero(straight >= SAME)
    if len(same) and table.shape[1] > 1:
        return [_finding("own.leak.value_pixel" if pictures else "own.leak.value_column", "stop", same)]
    nearly = np.flatnonzero(np.maximum(straight, bent) >= NEARLY)
    if len(nearly):
        # Of several columns, one in whose order the target lies exactly is the target in other units.
        exact = bent[nearly] >= 1 - 1e-9
        if exact.any() and table.shape[1] > 1:
            return [_finding("own.leak.value_order", "stop", nearly[exact])]
        return [_finding("own.leak.value_nearly", "look", nearly)]
    return [] if pictures else _sum(table, values)


def _likely(table: NDArray[np.float32], values: Floats) -> NDArray[np.int64]:
    """Columns that are worth a closer look: those of the best correlations in a part of the rows."""
    if table.shape[1] <= MOST_LIKELY:
        return np.arange(table.shape[1])
    rows = np.unique(np.linspace(0, len(values) - 1, min(len(values), LIKELY_ROWS)).astype(np.int64))
    aim = _ranks(values[rows])
    alike = [
        abs(_correlation(rankdata(column), aim))
        for start in range(0, table.shape[1], LIKELY_COLUMNS)
        for column in table[rows, start : start + LIKELY_COLUMNS].T
    ]
    return np.sort(np.argsort(-np.array(alike), kind="stable")[:MOST_LIKELY])


def _ids(table: NDArray[np.float32], labels: Rows) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Columns of few values of which each stands for one class: with one value a class, and with several.

    Several may be natural: the district tells the town.
    """
    kinds = len(np.unique(labels))
    most = min(max(2 * kinds, 16), len(labels) // OF_A_VALUE)
    found, several = np.zeros((2, table.shape[1]), np.bool_)
    for column in range(table.shape[1]):
        if len(np.unique(table[:200, column])) > most:
            continue
        values, which = np.unique(table[:, column], return_inverse=True)
        if kinds <= len(values) <= most:
            pairs = np.unique(np.stack([which, labels], axis=1), axis=0)
            kept = found if len(values) == kinds else several
            kept[column] = len(pairs) == len(values)
    return found, several


def _counts_rows(column: NDArray[np.float32]) -> bool:
    steps = np.diff(column.astype(np.float64))
    return bool(len(steps) and steps[0] != 0 and np.allclose(steps, steps[0], rtol=1e-3))


def _straight(column: Floats, values: Floats) -> float:
    """How well a line fits, without the hundredths at both ends, so that one huge value makes no line."""
    kept = _middle(column) & _middle(values)
    return abs(_correlation(column[kept], values[kept]))


def _middle(values: Floats) -> NDArray[np.bool_]:
    low, high = np.quantile(values, [0.01, 0.99])
    kept: NDArray[np.bool_] = (low <= values) & (values <= high)
    return kept


def _correlation(one: Floats, other: Floats) -> float:
    """Pearson's correlation, zero where one does not vary."""
    if len(one) < 3:
        return 0.0
    ones, others = (_scaled(values) for values in (one, other))
    length = np.linalg.norm(ones) * np.linalg.norm(others)
    return float(ones @ others / length) if length > 0 else 0.0


def _scaled(values: Floats) -> Floats:
    centred = values - values.mean()
    most = np.abs(centred).max()
    return centred / most if most > 1e-9 * np.abs(values).max() else np.zeros_like(centred)


def _ranks(values: Floats) -> Floats:
    ranks: Floats = rankdata(values)
    return ranks


def _sum(table: NDArray[np.float32], values: Floats) -> list[Finding]:
    # One huge value is a sum of anything that is huge beside it.
    usual = _middle(values)
    table, values = table[usual], values[usual]
    count, width = table.shape
    if not 2 <= width <= MOST_SUMMED or count < 3 * width + FEWEST:
        return []
    columns = np.stack([_scaled(column) for column in table.T.astype(np.float64)], axis=1)
    aim = _scaled(values)
    weights = np.linalg.lstsq(columns, aim, rcond=1e-10)[0]
    left = float(((columns @ weights - aim) ** 2).sum())
    if not aim.any() or left > SUM_LEFT * float((aim**2).sum()):
        return []
    return [_finding("own.leak.value_sum", "look", np.argsort(-np.abs(weights))[:MOST_SHOWN])]


def _finding(code: str, severity: str, columns: NDArray[np.int64]) -> Finding:
    shown = tuple(columns[:MOST_SHOWN].tolist())
    text = ", ".join(map(str, shown)) + (", …" if len(columns) > MOST_SHOWN else "")
    return Finding(say(code, columns=text), "stop" if severity == "stop" else "look", columns=shown)
