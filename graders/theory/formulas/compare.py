"""Whether two equations say the same, by their values at a few points.

An equation is what stands on its sides; a side that is one variable (`c_t`, a derivative) is only a name.
What is taken for the same: a formula without the name it is given; a renamed or shifted index; a variable
called by a word or by a capital, and up to two variables called otherwise; the equation solved for another
variable. Not covered: products of matrices that do not commute are compared as if they did.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from graders.theory.formulas.parts import (
    bigs,
    bound_letters,
    has_derivative,
    index_letters,
    is_name,
    named_only,
    variables,
)
from graders.theory.formulas.renaming import letter_maps, name_maps
from graders.theory.formulas.trees import Equation, Node, Sym, UnreadableError, walk, without_indices
from graders.theory.formulas.values import BOUNDS, WORK, Setting, Values, name_of
from graders.theory.formulas.wanted import CLOSE, FEWEST, Wanted, equal, prepare, worth

TRIES = 80
"""Renamings that are tried."""


def same(wanted: Wanted, found: Equation) -> bool:
    """Whether `found` says what `wanted` says.

    Raises:
        UnreadableError: it has no value, or takes too much work.
    """
    readable = True
    work = 0
    for tried, setting in enumerate(_settings(wanted, found)):
        if tried >= TRIES or work > WORK:
            break
        values = [worth(side, setting) for side in found.sides]
        work += setting.work
        readable = (readable and tried > 0) or any(value is not None for value in values)
        if _sides_agree(wanted, found, values, setting) or (
            not tried and _solved(wanted, found, values, setting)
        ):
            return True
    if _assigned(wanted, found):
        return True
    if not readable:
        raise UnreadableError("no side has a value")
    return False


def _assigned(wanted: Wanted, found: Equation) -> bool:
    """Whether `found` is the step `c = f c + i g` of a program for `c_t = f_t c_{t-1} + i_t g_t`."""
    goal = wanted.equation
    name, own = goal.sides[0], found.sides[0]
    if not (isinstance(name, Sym) and isinstance(own, Sym)) or own.base.casefold() != name.base.casefold():
        return False
    recurs = name.base in {node.base for node in walk(goal.sides[-1]) if isinstance(node, Sym)}
    counted = index_letters(found) or bigs(found) or bigs(goal)
    if not recurs or not index_letters(goal) or counted:
        return False
    bare = Equation(tuple(without_indices(side) for side in goal.sides), goal.start, goal.end)
    known = {base.casefold() for base in variables(bare, named=True)}
    if any(base.casefold() not in known and " " not in base for base in variables(found, named=True)):
        return False
    return same(prepare(bare, wanted.ranges), found)


def _settings(wanted: Wanted, found: Equation) -> Iterator[Setting]:
    lows, highs = bound_letters(found)
    own = list(dict.fromkeys([*lows, *highs, *index_letters(found)]))
    spare = () if wanted.bounds else (BOUNDS[1],)
    names = [
        names
        for names in name_maps(variables(wanted.equation), variables(found))
        if _has_all(wanted, found, names)
    ]
    for numbers in letter_maps(wanted.letters, own, frozenset((*lows, *highs)), spare):
        counted = wanted.counted | {name for name in (*lows, *highs) if name in numbers}
        for renamed in names:
            yield Setting(
                {**wanted.letters, **numbers}, frozenset(counted), renamed, wanted.ranges, wanted.bounds
            )


def _has_all(wanted: Wanted, found: Equation, names: Mapping[str, str]) -> bool:
    """Whether `found` has all variables of the wanted formula; without, they cannot be the same."""
    own = {names.get(base, base) for base in variables(found, named=True)}
    return own.issuperset(variables(wanted.equation).keys() - wanted.letters.keys())


def _both(one: Values | None, other: Values | None) -> bool:
    return one is not None and other is not None and equal(one, other)


def _sides_agree(wanted: Wanted, found: Equation, values: list[Values | None], setting: Setting) -> bool:
    """Whether `found` has the sides of `wanted`, and no name contradicts it."""
    goals = [value for _, value in _told(wanted.equation, wanted.values)]
    told = [value for _, value in _told(found, values)]
    if not goals:
        return all(any(_both(one, other) for other in values) for one in wanted.values)
    if not all(equal(goals[0], goal) for goal in goals):
        return len(goals) == len(found.sides) == 2 and _proportional(goals, values)
    firm = [value for side, value in _told(found, values) if not has_derivative(side)]
    if any(equal(goals[0], value) for value in told):
        contradicted = not all(equal(firm[0], value) for value in firm)
        return not contradicted and not _misnamed(wanted, found, setting)
    return False


def _told(equation: Equation, values: Sequence[Values | None]) -> list[tuple[Node, Values]]:
    """Sides that say something, with their values; `Loss` of `Loss = ...` may look like a product."""
    last = len(equation.sides) - 1
    return [
        (side, value)
        for at, (side, value) in enumerate(zip(equation.sides, values, strict=True))
        if value is not None and not named_only(side) and not (at == 0 < last and is_name(side))
    ]


def _proportional(goals: list[Values], values: list[Values | None]) -> bool:
    """Whether two equations that do not always hold are the same but for a factor and the sides' order."""
    left, right = values
    if left is None or right is None:
        return False
    with np.errstate(all="ignore"):
        ratio = (left - right) / (goals[0] - goals[1])
    ratio = ratio[np.isfinite(ratio)]
    if len(ratio) < FEWEST or abs(ratio[0]) < CLOSE:
        return False
    return bool(np.allclose(ratio, ratio[0], rtol=CLOSE))


def _misnamed(wanted: Wanted, found: Equation, setting: Setting) -> bool:
    """Whether `found` gives the right value to another variable of the wanted formula."""
    name, own = wanted.equation.sides[0], found.sides[0]
    if not (isinstance(name, Sym) and isinstance(own, Sym)) or len(found.sides) < 2:
        return False
    plain = replace(setting, names={})
    theirs, ours = name_of(own, setting), name_of(name, replace(plain, letters=wanted.letters))
    if theirs == ours or (theirs[0].casefold() == ours[0].casefold() and not own.index):
        return False
    if "/" in theirs[0] or "/" in ours[0]:
        return "/" in theirs[0] and "/" in ours[0]
    return theirs[0] in variables(wanted.equation) and bool(own.index)


def _solved(wanted: Wanted, found: Equation, values: list[Values | None], setting: Setting) -> bool:
    """Whether `found` holds where `wanted` does, and not everywhere."""
    if len(found.sides) != 2 or len(wanted.values) != 2 or _both(values[0], values[1]):
        return False
    name, value = wanted.equation.sides[0], wanted.values[1]
    if not isinstance(name, Sym) or value is None:
        return False
    given = replace(setting, given={name_of(name, replace(setting, names={}, letters=wanted.letters)): value})
    return _both(worth(found.sides[0], given), worth(found.sides[1], given))
