"""Own data in the notebook's process: hands it to the host, trains on the part that comes back, predicts.

Arrays go back in the form in which `load_all` gave them: tensor, array or list, of their own shape and type.
Texts travel as bytes with the offsets at which each ends. Nothing that is said here is trusted by the host.
"""

import time
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch

from .contract import ContractError, NotebookError
from .outbox import Outbox

MIB = 2**20
BATCH = 200
"""Examples that `predict` is given at a time."""
LISTED = 2_000_000
"""Entries of a list that are looked at."""

Namespace = dict[str, Any]
Arrays = Mapping[str, np.ndarray]

_trained: dict[str, Any] = {}
"""Models by the name of the run that trained them."""


def load(notebook: Namespace, inputs: Arrays, parameters: Mapping[str, Any], outbox: Outbox) -> None:
    """What `load_all` returns, as arrays."""
    for name, needed in (
        ("load_all", "load_all()"),
        ("train", "train(X, y, budget)"),
        ("predict", "predict(model, X)"),
    ):
        if not callable(notebook.get(name)):
            raise ContractError("contract.missing_function", name=needed)
    returned = _called("load_all", notebook["load_all"])
    if not isinstance(returned, tuple | list) or len(returned) != 3:
        raise ContractError("contract.own_triple", found=_described(returned))
    arrays: dict[str, np.ndarray] = {}
    forms: dict[str, str] = {}
    for name, value in zip(("X", "y", "groups"), returned, strict=True):
        if value is not None:
            forms[name], found = _packed(name, value)
            arrays.update(found)
    size = sum(array.nbytes for array in arrays.values()) / MIB
    if size > parameters["most_mib"]:
        raise ContractError("contract.own_large", size=round(size, 1), most=parameters["most_mib"])
    outbox.save(**arrays)
    kind = notebook.get("own_kind")
    outbox.write({"forms": forms, "kind": kind[:40] if isinstance(kind, str) else ""})


def train(notebook: Namespace, inputs: Arrays, parameters: Mapping[str, Any], outbox: Outbox) -> None:
    """Trains on what is handed in; the model stays here."""
    function = _pair(notebook, parameters["run"])[0]
    forms = parameters["forms"]
    given = _unpacked("X", forms, inputs)
    wanted = parameters["alphabet"] or (given if parameters["restores"] else _unpacked("y", forms, inputs))
    began = time.monotonic()
    _trained[parameters["run"]] = _called("train", function, given, wanted, parameters["budget"])
    outbox.write({"seconds": time.monotonic() - began})


def predict(notebook: Namespace, inputs: Arrays, parameters: Mapping[str, Any], outbox: Outbox) -> None:
    """What the model says of inputs that were handed in, or the pictures that it draws."""
    model, function = _trained[parameters["run"]], _pair(notebook, parameters["run"])[1]
    if parameters["count"]:
        outbox.save(predictions=_plain(_called("predict", function, model, parameters["count"])))
        return
    given = _unpacked("X", parameters["forms"], inputs)
    with torch.no_grad():
        parts = [
            _plain(_called("predict", function, model, given[start : start + BATCH]))
            for start in range(0, len(given), BATCH)
        ]
    _check_parts(parts, len(given))
    outbox.save(predictions=np.concatenate(parts))


def _pair(notebook: Namespace, run: str) -> tuple[Any, Any]:
    """`train` and `predict` of the notebook, or those of a baseline."""
    if run:
        train, predict = notebook["BASELINES"][run]
        return train, predict
    for name in ("train", "predict"):
        if not callable(notebook.get(name)):
            raise ContractError("contract.own_lost", name=name)
    return notebook["train"], notebook["predict"]


def _called(name: str, function: Any, *arguments: Any) -> Any:
    try:
        return function(*arguments)
    except (ContractError, KeyboardInterrupt):
        raise
    except BaseException as error:  # the student's code may raise SystemExit or a class of its own
        raise NotebookError(name) from error


def _packed(name: str, value: Any) -> tuple[str, dict[str, np.ndarray]]:
    """The form of a value, and the arrays that it goes to the host as."""
    if isinstance(value, torch.Tensor):
        return "tensor", {name: value.detach().cpu().numpy()}
    form = "array" if isinstance(value, np.ndarray) or hasattr(value, "to_numpy") else "list"
    if form == "list" and not isinstance(value, list | tuple):
        raise ContractError("contract.own_form", name=name, found=_described(value))
    items = value.to_numpy() if hasattr(value, "to_numpy") else value
    if form == "list" and len(items) > LISTED:
        raise ContractError("contract.own_long", name=name, found=len(items), most=LISTED)
    if len(items) and all(isinstance(item, str) for item in items):
        return form, _texts(name, items)
    array = _stacked(name, items) if form == "list" else np.asarray(items)
    if array.dtype.hasobject and hasattr(value, "select_dtypes"):
        columns = value.select_dtypes(exclude=("number", "bool")).columns
        told = ", ".join(str(column)[:40] for column in columns[:5])
        if told:
            raise ContractError("contract.own_columns", name=name, columns=told)
    if array.dtype.hasobject:  # of a table's column, which may hold numbers all the same
        array = _stacked(name, list(array))
    if array.dtype.kind == "U":
        return form, _texts(name, array.tolist())
    if array.dtype.kind not in "biuf":
        raise ContractError("contract.own_form", name=name, found=f"{type(value).__name__} of {array.dtype}")
    return form, {name: array}


def _stacked(name: str, items: Sequence[Any]) -> np.ndarray:
    """A list of pictures or numbers as one array."""
    try:
        rows = [np.asarray(item.detach().cpu() if isinstance(item, torch.Tensor) else item) for item in items]
    except (TypeError, ValueError):
        raise ContractError("contract.own_form", name=name, found=_described(items[0])) from None
    shapes = sorted({row.shape for row in rows})
    if len(shapes) > 1:
        first, second = ("×".join(map(str, shape)) or "1" for shape in shapes[:2])
        raise ContractError("contract.own_ragged", name=name, first=first, second=second, shapes=len(shapes))
    return np.stack(rows) if rows else np.zeros(0)


def _texts(name: str, texts: Sequence[str]) -> dict[str, np.ndarray]:
    data = [text.encode("utf-8", "replace") for text in texts]
    ends = np.cumsum([len(part) for part in data], dtype=np.int64)
    return {f"{name}_text": np.frombuffer(b"".join(data), np.uint8), f"{name}_ends": ends}


def _unpacked(name: str, forms: Mapping[str, str], arrays: Arrays) -> Any:
    """A value in the form in which the notebook gave it; None where it gave none."""
    if name not in forms:
        return None
    if f"{name}_ends" in arrays:
        data, ends = arrays[f"{name}_text"].tobytes(), arrays[f"{name}_ends"].tolist()
        texts = [data[start:end].decode() for start, end in zip([0, *ends], ends, strict=False)]
        return texts if forms[name] == "list" else np.array(texts)
    array = np.array(arrays[name])
    if forms[name] == "tensor":
        return torch.from_numpy(array)
    return list(array) if forms[name] == "list" else array


def _plain(returned: Any) -> np.ndarray:
    """What `predict` returned, as an array."""
    if isinstance(returned, torch.Tensor):
        return returned.detach().to("cpu", torch.float32 if returned.is_floating_point() else None).numpy()
    if isinstance(returned, list | tuple) and any(isinstance(item, torch.Tensor) for item in returned):
        returned = _stacked("predict", returned)
    try:
        array = np.asarray(returned)
    except ValueError:
        raise ContractError("contract.ragged", name="predict(model, X)", expected=0) from None
    if array.dtype.hasobject and all(isinstance(item, str) for item in array.ravel()):
        array = array.astype(str)
    if array.dtype.kind not in "biufU":
        raise ContractError("contract.not_numeric", name="predict(model, X)", found=_described(returned))
    return array


def _check_parts(parts: Sequence[np.ndarray], expected: int) -> None:
    found = sum(len(part) if part.ndim else 0 for part in parts)
    if found != expected:
        raise ContractError("contract.wrong_length", name="predict(model, X)", found=found, expected=expected)
    if len({part.shape[1:] for part in parts}) > 1:
        raise ContractError("contract.ragged", name="predict(model, X)", expected=expected)


def _described(value: Any) -> str:
    """What a value is, in few words."""
    if isinstance(value, tuple | list):
        return f"{type(value).__name__} of {len(value)}"
    return type(value).__name__[:60]
