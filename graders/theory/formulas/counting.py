"""Counting with indices: their values, and what dots between two of them stand for."""

from collections.abc import Mapping

from graders.theory.formulas.trees import Linear, Node, Sym, UnreadableError

LONGEST_LOOP = 24
"""Steps of a sum or a product, or variables that dots may stand for."""


def count(linear: Linear, letters: Mapping[str, int]) -> int:
    """The value of an index."""
    return sum(sign * (int(name) if name.isdigit() else letter(name, letters)) for sign, name in linear)


def letter(name: str, letters: Mapping[str, int]) -> int:
    """The value of a letter in an index; one that has none is taken for a name, with a value of its own."""
    known = letters.get(name)
    return known if known is not None else 1000 + int.from_bytes(name.encode()[:6])


def between(first: Node, last: Node, letters: Mapping[str, int]) -> list[Node]:
    """The variables that dots between two variables stand for, both left out.

    Raises:
        UnreadableError: it cannot be told from the two.
    """
    if not (isinstance(first, Sym) and isinstance(last, Sym)) or first.base != last.base:
        raise UnreadableError("dots between different variables")
    ends: list[tuple[int, int]] = []
    for one, other in zip(first.index, last.index, strict=False):
        if isinstance(one, str) or isinstance(other, str):
            raise UnreadableError("dots between names")
        ends.append((count(one, letters), count(other, letters)))
    steps = {abs(other - one) for one, other in ends if one != other}
    if len(first.index) != len(last.index) or len(steps) != 1 or max(steps) > LONGEST_LOOP:
        raise UnreadableError("dots that cannot be counted")
    return [
        Sym(
            first.base,
            tuple(_step(one + at * ((other > one) - (other < one))) for one, other in ends),
            first.split,
        )
        for at in range(1, max(steps))
    ]


def _step(value: int) -> Linear:
    return ((1, str(value)),) if value >= 0 else ((-1, str(-value)),)
