r"""Formulas in answers, compared by value with those that a rubric wants.

Students' text is read by the parser of this package and evaluated with floats; it reaches no `eval` and no
sympy. Work is bounded by counts and not by a clock, so that two runs agree.
"""

from graders.theory.formulas.finding import FormulaFinding, find_formulas, readable

__all__ = ["FormulaFinding", "find_formulas", "readable"]
