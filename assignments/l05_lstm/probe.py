"""How a notebook of lesson 5 is called: one function for each `probe` and `diagnoses` of assignment.toml.

Runs beside the student's code, in the kernel that ran the notebook; what it writes is measured elsewhere.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import numpy as np
import torch
from inside.calls import BATCH, evaluation_mode, outermost_calls, to_array
from inside.contract import ContractError, NotebookError
from inside.outbox import Outbox

FEW = 200
"""Inputs of the check in evaluation mode."""
WEIGHTS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
RESULTS = ("output", "h_n", "c_n")
GRADIENTS = ("x", "h0", "c0", *WEIGHTS)
CONTINUED, WRITTEN = 2, 150
"""Public passages that `generate` goes on with, and the letters that it is asked for."""
MOST_TEXT = 500

Namespace = Mapping[str, Any]
Arrays = Mapping[str, np.ndarray]
Call = Callable[..., np.ndarray]
"""`(inputs, batch=...)` to predictions."""


def forecast(notebook: Namespace, inputs: Arrays, parameters: Namespace, outbox: Outbox) -> None:
    """Forecasts of all series, and of some of them in evaluation mode."""
    call = _forecaster(notebook, inputs["validation_future"].shape[1])
    _measure(call, list(inputs["history"]), list(inputs["validation_history"]), outbox, {"name": "forecast"})


def forecast_other_ways(notebook: Namespace, inputs: Arrays, parameters: Namespace, outbox: Outbox) -> None:
    """Forecasts of some series in another order: a network may still remember the series before."""
    call = _forecaster(notebook, inputs["validation_future"].shape[1])
    backwards = call(list(inputs["history"])[::-1])[::-1].copy()
    outbox.save(reversed=backwards, single=backwards)  # series come one at a time anyway


def classify(notebook: Namespace, inputs: Arrays, parameters: Namespace, outbox: Outbox) -> None:
    """Classes of all texts, and of some of them in evaluation mode."""
    call = _on_texts(notebook, "classify", "classify(texts)")
    shown = inputs["validation_texts"].tolist()
    _measure(call, inputs["texts"].tolist(), shown, outbox, {"name": "classify"})


def classify_other_ways(notebook: Namespace, inputs: Arrays, parameters: Namespace, outbox: Outbox) -> None:
    """Classes of some texts in another order, and one by one."""
    _other_ways(_on_texts(notebook, "classify", "classify(texts)"), inputs["texts"].tolist(), outbox)


def next_char(notebook: Namespace, inputs: Arrays, parameters: Namespace, outbox: Outbox) -> None:
    """Log-probabilities after all prefixes, and after some in evaluation mode; texts that it writes."""
    call = _on_texts(notebook, "next_char_logprobs", "next_char_logprobs(prefixes)")
    shown = inputs["validation_prefixes"].tolist()
    said = {"name": "next_char_logprobs", "generated": _written(notebook, shown[:CONTINUED])}
    _measure(call, inputs["prefixes"].tolist(), shown, outbox, said)


def next_char_other_ways(notebook: Namespace, inputs: Arrays, parameters: Namespace, outbox: Outbox) -> None:
    """Log-probabilities after some prefixes in another order, and one by one."""
    call = _on_texts(notebook, "next_char_logprobs", "next_char_logprobs(prefixes)")
    _other_ways(call, inputs["prefixes"].tolist(), outbox)


def lstm_forward(notebook: Namespace, inputs: Arrays, parameters: Namespace, outbox: Outbox) -> None:
    """Results of each case, flattened; NaN where one is none."""
    function = _function(notebook, "lstm_forward", "lstm_forward(x, h0, c0, weights)")

    def solve(case: Arrays) -> Mapping[str, Any]:
        weights = {name: case[name].copy() for name in WEIGHTS}
        found = _called(function, "lstm_forward", case["x"], case["h0"], case["c0"], weights)
        if isinstance(found, (tuple, list)) and len(found) == 2 and isinstance(found[1], (tuple, list)):
            found = (found[0], *found[1])  # `output, (h_n, c_n)`, as torch returns it
        if not isinstance(found, (tuple, list)) or len(found) != 3:
            expected = "(output, h_n, c_n)"
            raise ContractError(
                "contract.no_results", name="lstm_forward", found=_kind(found), expected=expected
            )
        return dict(zip(RESULTS, found, strict=True))

    shapes = {"output": "d_output", "h_n": "h0", "c_n": "c0"}
    _exercise(solve, inputs, shapes, outbox, "lstm_forward")


def lstm_backward(notebook: Namespace, inputs: Arrays, parameters: Namespace, outbox: Outbox) -> None:
    """The gradients of each case, flattened; NaN where one is none."""
    function = _function(notebook, "lstm_backward", "lstm_backward(x, h0, c0, weights, d_output)")

    def solve(case: Arrays) -> Mapping[str, Any]:
        weights = {name: case[name].copy() for name in WEIGHTS}
        given = (case["x"], case["h0"], case["c0"], weights, case["d_output"])
        found = _called(function, "lstm_backward", *given)
        if not isinstance(found, Mapping):
            expected = "{" + ", ".join(GRADIENTS) + "}"
            raise ContractError(
                "contract.no_results", name="lstm_backward", found=_kind(found), expected=expected
            )
        return found

    _exercise(solve, inputs, {name: name for name in GRADIENTS}, outbox, "lstm_backward")


def _measure(call: Call, hidden: list, shown: list, outbox: Outbox, said: Mapping[str, Any]) -> None:
    with outermost_calls() as calls:
        own = call(hidden)
    validation = call(shown)
    used = list({id(module): module for module, _ in calls}.values())
    with evaluation_mode(used):
        evaluation = call(hidden[:FEW])
    outbox.save(own=own, validation=validation, evaluation=evaluation)
    outbox.write({"found_by": "predict", "normalisation": "", **said})


def _other_ways(call: Call, few: list, outbox: Outbox) -> None:
    arrays = {"reversed": call(few[::-1])[::-1].copy()}
    with suppress(ContractError, NotebookError):
        arrays["single"] = call(few, batch=1)
    outbox.save(**arrays)


def _forecaster(notebook: Namespace, horizon: int) -> Call:
    function = _function(notebook, "forecast", "forecast(history, horizon)")

    def call(histories: list[np.ndarray]) -> np.ndarray:
        rows = []
        for history in histories:
            found = _called(function, "forecast", history[~np.isnan(history)], horizon)
            row = to_array(found, -1, "forecast").ravel()
            if len(row) != horizon:
                raise ContractError("contract.horizon", found=len(row), horizon=horizon)
            rows.append(row)
        return np.stack(rows)

    return call


def _on_texts(notebook: Namespace, name: str, needed: str) -> Call:
    function = _function(notebook, name, needed)

    def call(texts: list[str], batch: int = BATCH) -> np.ndarray:
        parts = [texts[at : at + batch] for at in range(0, len(texts), batch)]
        found = [to_array(_called(function, name, part), len(part), name) for part in parts]
        if len({array.shape[1:] for array in found}) > 1:
            raise ContractError("contract.ragged", name=name, expected=len(texts))
        return np.concatenate(found)

    return call


def _written(notebook: Namespace, prefixes: list[str]) -> list[str]:
    """What `generate` goes on with; nothing where it is missing, and what went wrong where it fails."""
    if not callable(notebook.get("generate")):
        return []
    written = []
    for prefix in prefixes:
        try:
            text = str(_called(notebook["generate"], "generate", prefix, WRITTEN))
        except NotebookError as error:
            text = f"generate: {type(error.__cause__).__name__}"
        written.append(f"{prefix[-60:]} → {text}"[:MOST_TEXT])
    return written


def _exercise(
    solve: Callable[[Arrays], Mapping[str, Any]],
    inputs: Arrays,
    shapes: Mapping[str, str],
    outbox: Outbox,
    name: str,
) -> None:
    """Every case of the hidden and the public ones; `shapes` names an input of the shape of each result."""
    arrays = {}
    for array, prefix in (("own", ""), ("validation", "validation_")):
        cases = []
        for number in range(len(inputs[f"{prefix}sizes"])):
            whole = {key: inputs[prefix + key][number] for key in ("x", "h0", "c0", *WEIGHTS, "d_output")}
            found = solve({key: _cut(values) for key, values in whole.items()})
            parts = [_padded(found.get(key), whole[shape]) for key, shape in shapes.items()]
            cases.append(np.concatenate(parts))
        arrays[array] = np.stack(cases)
    outbox.save(**arrays)
    outbox.write({"found_by": "predict", "name": name, "normalisation": ""})


def _cut(values: np.ndarray) -> np.ndarray:
    """The corner that is not NaN."""
    there = np.argwhere(~np.isnan(values)).max(axis=0) + 1
    return values[tuple(slice(size) for size in there)].copy()


def _padded(found: object, like: np.ndarray) -> np.ndarray:
    """A result in the corner of a larger array, flattened; NaN elsewhere, or all over if it is none."""
    padded = np.full(like.shape, np.nan)
    corner = tuple(slice(size) for size in _cut(like).shape)
    try:
        array = np.asarray(found, dtype=np.float64)
    except (TypeError, ValueError):
        array = np.array(np.nan)
    if array.shape == padded[corner].shape:
        padded[corner] = array
    return padded.ravel()


@torch.no_grad()
def _called(function: Callable[..., Any], name: str, *given: Any) -> Any:
    try:
        return function(*given)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # the student's code may raise SystemExit or a class of its own
        raise NotebookError(name) from error


def _function(notebook: Namespace, name: str, needed: str) -> Any:
    if not callable(notebook.get(name)):
        raise ContractError("contract.missing_function", name=needed)
    return notebook[name]


def _kind(found: object) -> str:
    length = f" ({len(found)})" if isinstance(found, (tuple, list)) else ""
    return type(found).__name__ + length
