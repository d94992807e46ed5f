"""Runs one step of the assignment's probe in the notebook's own process."""

import importlib
import importlib.util
import json
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from .calls import no_evaluation_mode
from .contract import ContractError, NotebookError, ProbeError
from .outbox import Outbox

MOST_CHARACTERS = 4000
"""Of an exception's text and of its traceback."""


def step(namespace: dict[str, Any], request: str) -> None:
    """Call one function of the probe.

    Args:
        namespace: the notebook's global names.
        request: JSON with `probe`, `function`, `name`, names of the `arrays` that the host hands in, and the
            folders `inbox` and `outbox`.

    Raises:
        KeyboardInterrupt: the host ended the step.
    """
    asked = json.loads(request)
    outbox = Outbox(Path(asked["outbox"]), asked["name"])
    try:
        function = _function(asked["probe"], asked["function"])
        handed = f"{asked['inbox']}/{asked['name']}"
        # pages of the file, copied where somebody writes to them: most of it is read once
        inputs = {
            key: np.load(f"{handed}.{key}.npy", mmap_mode="c", allow_pickle=False) for key in asked["arrays"]
        }
        parameters = json.loads(Path(f"{handed}.params.json").read_text(encoding="utf-8"))
        try:
            function(namespace, inputs, parameters, outbox)
        except ProbeError as error:
            if not error.in_evaluation:
                raise
            with no_evaluation_mode():
                function(namespace, inputs, parameters, outbox)
    except KeyboardInterrupt:
        raise
    except ContractError as error:
        outbox.fail({"contract": error.code, "params": error.params})
    except NotebookError as error:
        fault = _fault(error.__cause__ or error, Path(asked["probe"]))
        # a module that is called as it is has no frame of the notebook
        fault["traceback"] = fault["traceback"] or f"  in {error.name}\n"
        outbox.fail(fault)
    except BaseException as error:  # the student's code may raise SystemExit or a class of its own
        outbox.fail(_fault(error, Path(asked["probe"])))


def _function(probe: str, name: str) -> Callable[..., None]:
    """A function of the assignment's probe, or of a module beside this one where its name says so."""
    module, _, own = name.rpartition(".")
    found: Callable[..., None] = getattr(
        importlib.import_module(module) if module.startswith("inside.") else _probe(probe), own
    )
    return found


def _probe(path: str) -> ModuleType:
    name = "assignment_probe"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, path)
        if spec is None or spec.loader is None:
            raise ImportError(f"{path} is no Python file")
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    return sys.modules[name]


def _fault(error: BaseException, probe: Path) -> dict[str, str]:
    try:
        message = str(error)
    except Exception:  # a student's exception may fail to print itself
        message = ""
    ours = (str(probe.parent), str(Path(__file__).parent), sys.prefix, sys.base_prefix, "<frozen")
    theirs = [
        frame for frame in traceback.extract_tb(error.__traceback__) if not frame.filename.startswith(ours)
    ]
    return {
        "type": type(error).__name__[:MOST_CHARACTERS],
        "message": message[:MOST_CHARACTERS],
        "traceback": "".join(traceback.format_list(theirs))[-MOST_CHARACTERS:],
    }
