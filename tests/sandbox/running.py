"""What the tests of the sandbox share: the probe's source, and short ways to ask and to look."""

from collections.abc import Callable
from typing import Any

from graders.sandbox import Execution, ProbeStep

PROBE = """
import os, sys, time
import numpy as np
from inside.contract import ContractError

def findings(notebook, inputs, parameters, outbox):
    outbox.write(notebook["found"])

def double(notebook, inputs, parameters, outbox):
    outbox.save(y=notebook["predict"](inputs["x"]))
    outbox.write({"parameters": parameters, "names": sorted(inputs)})

def contract(notebook, inputs, parameters, outbox):
    raise ContractError(parameters["code"], **parameters["params"])

def count(notebook, inputs, parameters, outbox):
    notebook["counted"].append(len(notebook["counted"]))
    raise ContractError("contract.missing_name", name=str(len(notebook["counted"])))

def student(notebook, inputs, parameters, outbox):
    notebook["broken"]()

def forever(notebook, inputs, parameters, outbox):
    while True:
        time.sleep(0.05)

def die(notebook, inputs, parameters, outbox):
    os._exit(3)

def plant(notebook, inputs, parameters, outbox):
    notebook["plant"](str(outbox._folder))

def own(notebook, inputs, parameters, outbox):
    pass
"""

Run = Callable[..., Execution]


def ask(name: str, function: str | None = None, **parameters: Any) -> ProbeStep:
    """A step without inputs."""
    return ProbeStep(name, function or name, {}, parameters, 10)


def statuses(execution: Execution) -> list[str]:
    return [cell.status for cell in execution.run.cells]


def printed(execution: Execution, number: int) -> str:
    outputs = execution.notebook.cells[number - 1].outputs
    return "".join(output.text for output in outputs if output.output_type == "stream")
