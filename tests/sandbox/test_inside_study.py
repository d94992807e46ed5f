import math

import pandas as pd
import pytest
from torch import nn

from graders.sandbox.inside.contract import ContractError
from graders.sandbox.inside.study import count_parameters, read_rows

GOOD = {"study": "Width ", "width": 8, "depth": 2, "parameters": 10, "accuracy": 0.9}
READ = {"study": "width", "width": 8, "depth": 2, "parameters": 10, "accuracy": 0.9}


@pytest.mark.parametrize(
    "table",
    [[GOOD], (GOOD,), pd.DataFrame([GOOD]), {key: [value] for key, value in GOOD.items()}],
)
def test_tables_of_many_kinds_are_read(table):
    assert read_rows(table) == [READ]


@pytest.mark.parametrize(
    "changes",
    [
        {"width": None},
        {"width": 0.5},
        {"accuracy": math.nan},
        {"parameters": "many"},
        {"study": 3},
        {"depth": True},
    ],
)
def test_one_bad_row_does_not_cost_the_others(changes):
    assert read_rows([{**GOOD, **changes}, GOOD]) == [READ]


@pytest.mark.parametrize("table", [None, 5, "text", [1, 2], [{}], {"width": 3}])
def test_what_is_no_table_is_a_broken_contract(table):
    with pytest.raises(ContractError):
        read_rows(table)


def test_a_build_that_fails_has_no_count_and_says_why():
    counted = count_parameters(lambda width, depth: nn.Linear(width, -1), READ)
    assert counted["all"] is None
    assert "RuntimeError" in counted["error"]


def test_frozen_weights_are_counted_apart():
    def build(width, depth):
        layer = nn.Linear(width, depth)
        layer.bias.requires_grad_(requires_grad=False)
        return layer

    assert count_parameters(build, READ) == {"all": 18, "trainable": 16, "error": None}
