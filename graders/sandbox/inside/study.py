"""Reads a notebook's table of experiments, recounts its networks and trains one of them again."""

import dataclasses
import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
import torch
from torch import nn

from .contract import ContractError

MOST_ROWS = 200
COLUMNS = ("study", "width", "depth", "parameters", "accuracy")

Build = Callable[[int, int], nn.Module]


def read_rows(table: object) -> list[dict[str, Any]]:
    """Rows of a table: a list of dicts or dataclasses, a dict of columns, or a pandas data frame.

    Raises:
        ContractError: it is none of these, or no row has all columns with the right types; rows that do not
            are left out.
    """
    if hasattr(table, "to_dict") and hasattr(table, "columns"):
        table = table.to_dict("records")
    elif isinstance(table, Mapping):
        if not all(isinstance(column, Iterable) for column in table.values()):
            raise ContractError("contract.experiments_type", found=type(table).__name__)
        names = list(table)
        table = [dict(zip(names, row, strict=False)) for row in zip(*table.values(), strict=False)]
    if not isinstance(table, (list, tuple)):
        raise ContractError("contract.experiments_type", found=type(table).__name__)
    rows, first = [], None
    for number, item in enumerate(table[:MOST_ROWS], start=1):
        try:
            rows.append(_row(item, number))
        except ContractError as error:
            first = first or error
    if first is not None and not rows:
        raise first
    return rows


def _row(item: object, number: int) -> dict[str, Any]:
    if dataclasses.is_dataclass(item) and not isinstance(item, type):
        item = dataclasses.asdict(item)
    if not isinstance(item, Mapping):
        raise ContractError("contract.experiments_row", row=number, found=type(item).__name__)
    row: dict[str, Any] = {}
    for column in COLUMNS:
        value = item.get(column)
        if isinstance(value, (np.generic, torch.Tensor)):
            value = value.item()
        if column == "study":
            if not isinstance(value, str):
                raise ContractError("contract.experiments_column", row=number, column=column)
            row[column] = value.strip().lower()[:60]
        elif isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
            raise ContractError("contract.experiments_column", row=number, column=column)
        else:
            row[column] = float(value)
        if column in ("width", "depth", "parameters"):
            if row[column] != int(row[column]):
                raise ContractError("contract.experiments_column", row=number, column=column)
            row[column] = int(row[column])
    return row


def count_parameters(build: Build, row: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters of `build(width, depth)`, all and trainable ones, or what went wrong."""
    try:
        module = build(row["width"], row["depth"])
        weights = list(module.parameters())
    except Exception as error:  # the student's function may raise anything; the row then has no count
        return {"all": None, "trainable": None, "error": f"{type(error).__name__}: {error}"[:200]}
    return {
        "all": sum(weight.numel() for weight in weights),
        "trainable": sum(weight.numel() for weight in weights if weight.requires_grad),
        "error": None,
    }


def train_again(build: Build, train: Callable[[nn.Module], object], row: Mapping[str, Any]) -> nn.Module:
    """`build(width, depth)` after the notebook's own `train`, which may train in place or return a module."""
    module = build(row["width"], row["depth"])
    trained = train(module)
    return trained if isinstance(trained, nn.Module) else module
