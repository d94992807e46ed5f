"""Lets a hostile notebook loose in a tier, and tells from outside how far it came."""

import builtins
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from nbformat.v4 import new_code_cell, new_notebook

from graders.doctor.attacks import (
    EXCESS,
    HOLD,
    INSIDE,
    OUTLAST_LIMIT,
    PROBE,
    REACH,
    STEP_SECONDS,
    TIGHT,
    TIGHT_AMOUNTS,
    WIDE,
    reach,
)
from graders.doctor.findings import Outcome
from graders.doctor.targets import SHARED, Targets
from graders.model import CellResult, Limits
from graders.sandbox import Execution, Job, ProbeStep, Progress, Sandbox, StepResult, execute

BROUGHT_OUT = ("file", "shared", "process", "environment", "other_memory")
"""Attacks that are known by a secret in the outbox; the others leave a mark on the host."""
OPEN_TO_ALL = (SHARED, Path("/tmp"))  # noqa: S108 - where a run without a sandbox writes
SHARED_CELL = {"mount": "namespace"}


@dataclass(frozen=True, slots=True)
class Met:
    """How an attack ended."""

    outcome: Outcome
    detail: str = ""


def try_tier(sandbox: Sandbox, skip: Sequence[str] = ()) -> dict[str, Met]:
    """All attacks in one tier.

    Args:
        sandbox: the tier, open.
        skip: those of EXCESS that this machine cannot bear.
    """
    pending = [name for name in EXCESS if name not in skip]
    with Targets() as targets:
        cells = reach(targets, sandbox.tier)
        setup = (INSIDE / "reach.py").read_text(encoding="utf-8")
        steps = (_step("findings", 0, STEP_SECONDS), *_tight(pending))
        ended = _run(sandbox, [setup, *cells.values()], steps, TIGHT, targets)
        found = _judge_reach(ended, list(cells), targets)
    found |= {name: Met("not_tried", "memory is short") for name in skip}
    while True:
        judged = {name: _judge_excess(name, ended) for name in pending}
        tried = {name: met for name, met in judged.items() if met is not None}
        found |= tried
        pending = [name for name in pending if name not in tried]
        if not pending or not tried:
            return found | {name: Met("not_tried", ended.run.status) for name in pending}
        ended = _run(sandbox, [], _tight(pending), TIGHT)


def control(sandbox: Sandbox, skip: Sequence[str] = ()) -> frozenset[str]:
    """Those of EXCESS that get what they want where the limits are wide: only then a limit held them."""
    wanted = {name: excess.control for name, excess in EXCESS.items() if name not in skip}
    steps = [_step(name, amount, STEP_SECONDS) for name, amount in wanted.items()]
    ended = _run(sandbox, [], steps, WIDE)
    return frozenset(name for name, amount in wanted.items() if _amount(ended.steps[name]) == amount)


def _tight(names: Sequence[str]) -> list[ProbeStep]:
    return [
        _step(name, EXCESS[name].amount, OUTLAST_LIMIT if name == "outlast" else STEP_SECONDS, HOLD)
        for name in names
    ]


def _step(name: str, amount: int, seconds: float, hold: int = 0) -> ProbeStep:
    return ProbeStep(name, name, {}, {"amount": amount, "hold": hold}, seconds)


def _run(
    sandbox: Sandbox,
    cells: Sequence[str],
    steps: Sequence[ProbeStep],
    limits: Limits,
    targets: Targets | None = None,
) -> Execution:
    name = f"grade-doctor-fill-{secrets.token_hex(8)}-"
    named = tuple(replace(step, parameters={**step.parameters, "name": name}) for step in steps)
    notebook = new_notebook(cells=[new_code_cell(cell) for cell in cells])
    job = Job(notebook, (), PROBE, named, limits, "cpu", None, "mini")

    def watch(progress: Progress) -> None:
        if targets is not None and progress.stage == "probe" and progress.done == 0:
            targets.look()

    try:
        return execute(job, sandbox, watch)
    finally:
        for folder in OPEN_TO_ALL:  # a run that was killed there could not clear up
            for path in folder.glob(f"{name}*"):
                path.unlink(missing_ok=True)


def _judge_reach(ended: Execution, order: Sequence[str], targets: Targets) -> dict[str, Met]:
    """What the host saw, and what the notebook brought out that it was not told."""
    setup, *rest = ended.run.cells
    cells = dict(zip(order, rest, strict=True))
    words = _words(ended.steps["findings"])
    marks = targets.reached()
    judged = {}
    for attack in REACH:
        cell = cells[SHARED_CELL.get(attack, attack)]
        if attack not in BROUGHT_OUT:
            reached = marks.get(attack)
        elif words is None:
            reached = None
        else:
            reached = targets.came_out(attack, words.get(attack, ()))
        if reached:
            judged[attack] = Met("not_held")
        elif reached is None or setup.status != "ok" or not _ended(cell):
            judged[attack] = Met("not_tried", _detail(cell) or ended.run.status)
        else:
            judged[attack] = Met("held", _detail(cell))
    return judged


def _words(step: StepResult) -> dict[str, list[str]] | None:
    """What the cells brought back, by attack; None where nothing was handed over."""
    told = json.loads(step.files.get("findings.json", b"null"))
    return told if isinstance(told, dict) else None


def _ended(cell: CellResult) -> bool:
    """Whether an attack came to its own end, or to a refusal by the system."""
    return cell.status == "ok" or (cell.error is not None and _is_refusal(cell.error.type))


def _is_refusal(name: str) -> bool:
    kind = getattr(builtins, name, None)
    return isinstance(kind, type) and issubclass(kind, OSError)


def _detail(cell: CellResult) -> str:
    return cell.error.type if cell.error is not None else ""


def _judge_excess(name: str, ended: Execution) -> Met | None:
    """How an attempt to use too much ended; None where the run was over before."""
    step, excess = ended.steps[name], EXCESS[name]
    if step.status == "not_run":
        return None
    amount = _amount(step)
    if amount is not None:
        most = TIGHT_AMOUNTS.get(name, 0)
        return Met("held" if amount <= most else "not_held", str(amount))
    if name == "outlast" and step.status in ("killed", "timed_out"):
        return Met("held", "killed")
    if step.status == "killed" and ended.run.status in excess.statuses:
        return Met("held", ended.run.status)
    return Met("not_tried", step.fault.type if step.fault is not None else ended.run.status)


def _amount(step: StepResult) -> int | None:
    """How much an attempt got; None where it did not come to its end."""
    told = json.loads(step.files.get(f"{step.name}.json", b"null"))
    return told if isinstance(told, int) else None
