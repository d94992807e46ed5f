"""Which letters of a student's formula may stand for which of the wanted one."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, permutations, product

from graders.theory.formulas.signs import NAMES

RENAMABLE = frozenset("ijklmnstTNMKLBC")
"""Letters that are indices by custom; `f` in `W_f` is none."""
ARGUMENTS = frozenset("xyzauvs")
"""Letters that the only variable of a function goes by."""
WEIGHTS = frozenset("WUVw")
"""Letters that any matrix of weights goes by."""
MOST = 2
"""So many variables may go by other names, and no more than keep theirs."""
_MAPS = 24


def letter_maps(
    wanted: Mapping[str, int], own: Sequence[str], bounds: frozenset[str], spare: Sequence[int]
) -> Iterator[dict[str, int]]:
    """Values for the index letters `own`: as in the wanted formula, renamed, then shifted by one."""
    movable = [name for name in own if name in RENAMABLE or name in bounds]
    targets = [*wanted.values(), *spare]
    first = {name: wanted[name] for name in own if name in wanted}
    yield first
    if not movable or len(movable) > len(targets) or len(movable) > 3:
        return
    ways = list(islice(permutations(targets, len(movable)), _MAPS))
    same = tuple(wanted.get(name, -1) for name in movable)
    ways.sort(key=lambda way: sum(one != other for one, other in zip(way, same, strict=True)))
    shifts = sorted(product((0, 1, -1), repeat=len(movable)), key=lambda shift: sum(map(abs, shift)))
    if len(movable) > 2:
        shifts = [shift for shift in shifts if len(set(shift)) == 1]
    for shift in shifts:
        for way in ways:
            numbers = {name: value + step for name, value, step in zip(movable, way, shift, strict=True)}
            if numbers != first:
                yield {**first, **numbers}


def name_maps(wanted: Mapping[str, bool], own: Mapping[str, bool]) -> Iterator[dict[str, str]]:
    """Names for the variables `own`, each with whether it has an index: those of the wanted formula.

    Same letters stay. A capital or a word that begins so may stand for a letter that is missing; up to `MOST`
    others without an index may too.
    """
    missing = [name for name in wanted if name not in own]
    left = [name for name in own if name not in wanted]
    names: dict[str, str] = {}
    for name in list(left):
        like = [other for other in missing if _alike(name, other)]
        if like:
            names[name] = like[0]
            missing.remove(like[0])
            left.remove(name)
    yield names
    left = [name for name in left if name not in NAMES]
    free = [name for name in left if not own[name] or " " in name or name in ARGUMENTS]
    marked = any(" " in other for other in free)
    open_ = [
        name for name in missing if (not wanted[name] or marked or name in ARGUMENTS) and name not in NAMES
    ]
    kept = len(own) - len(left)
    alone = len(own) == len(wanted) == 1 and ARGUMENTS.issuperset({*own, *wanted})
    if free and (alone or len(free) <= min(MOST, len(open_), kept)):
        for way in islice(permutations(open_, len(free)), _MAPS):
            if all(_may_be(name, other) for name, other in zip(free, way, strict=True)):
                yield {**names, **dict(zip(free, way, strict=True))}


def _may_be(name: str, other: str) -> bool:
    """Whether a variable may go by another name; one with a word below, as `C_{out}`, only by a like one."""
    like = name[0].casefold() == other[0].casefold() or WEIGHTS.issuperset((name[0], other[0]))
    return like or "_" not in other


def _alike(name: str, other: str) -> bool:
    plain = name.casefold()
    return plain == other.casefold() or (
        len(name) > 2 and len(other) == 1 and plain.startswith(other.casefold())
    )
