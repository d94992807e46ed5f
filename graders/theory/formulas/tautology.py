"""Equations that say nothing of the model: the chain rule by itself."""

from graders.theory.formulas.parts import bound_letters, has_derivative, index_letters
from graders.theory.formulas.trees import Equation
from graders.theory.formulas.values import Setting
from graders.theory.formulas.wanted import equal, worth


def holds_always(equation: Equation) -> bool:
    """Whether the sides of a chain rule are equal whatever the derivatives are."""
    sides = equation.sides
    if len(sides) < 2 or not any(has_derivative(side) for side in sides):
        return False
    lows, highs = bound_letters(equation)
    numbers = {name: 2 for name in lows} | {name: 5 for name in highs}
    free = sorted(name for name in index_letters(equation) if name not in numbers)
    numbers |= {name: 7 + 4 * at for at, name in enumerate(free)}
    setting = Setting(numbers, frozenset((*lows, *highs)), telescoping=True)
    values = [worth(side, setting) for side in sides]
    first = values[0]
    return first is not None and all(value is not None and equal(first, value) for value in values)
