"""Wanted formulas with what students write for them, in `formula_pairs.json`: the same, and not the same."""

import json
from pathlib import Path

import pytest

from graders.model import Formula
from graders.theory.formulas import find_formulas, readable

PAIRS = json.loads(Path(__file__).with_name("formula_pairs.json").read_text(encoding="utf-8"))


def pairs(kind):
    return [(wanted["latex"], text) for wanted in PAIRS for text in wanted[kind]]


def status(latex, text):
    return find_formulas([Formula(latex=latex)], text)[0].status


@pytest.mark.parametrize(("latex", "text"), pairs("same"))
def test_the_same_formula_is_found_however_it_is_written(latex, text):
    assert status(latex, text) == "same"


@pytest.mark.parametrize(("latex", "text"), pairs("different"))
def test_another_formula_is_not_taken_for_it(latex, text):
    assert status(latex, text) in ("different", "absent")


@pytest.mark.parametrize("latex", [wanted["latex"] for wanted in PAIRS if wanted["same"]])
def test_a_formula_is_the_same_as_itself(latex):
    assert readable(Formula(latex=latex))
    assert status(latex, f"It is ${latex}$, as shown.") == "same"
