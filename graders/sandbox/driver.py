"""`execute`: a job goes in, its notebook runs, its probe is asked, and what was left behind comes out."""

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from graders.model import CellError, CellResult, Message, Refused, Run, RunStatus, say
from graders.sandbox.collect import result
from graders.sandbox.faults import shortage
from graders.sandbox.guard import MIB
from graders.sandbox.handing import hand_in
from graders.sandbox.job import Execution, Job, ProbeStep, Progress, StepResult
from graders.sandbox.kernels import choose_kernel
from graders.sandbox.messages import without_outputs
from graders.sandbox.refusals import lacking, read_refusals
from graders.sandbox.session import Attempt, Session, StartError
from graders.sandbox.signals import terminable
from graders.sandbox.stage import SEALED, Places, Stage
from graders.sandbox.starting import start
from graders.sandbox.tiers import Sandbox

MOST_FAULTS = 20
"""Failed cells whose code and traceback are kept."""
OWN_FILES = ("namespaces", "bubblewrap")
"""Tiers in which a run has a file system of its own."""
Report = Callable[[Progress], None]


def execute(job: Job, sandbox: Sandbox, progress: Report) -> Execution:
    """Run a notebook, ask the probe, and collect what it left behind.

    Nothing that the notebook does raises here: it ends in `Run.status`. So does a fault of this machine, such
    as a full disk or a kernel that does not start, as `infrastructure`.

    Raises:
        KeyboardInterrupt: the run was interrupted; all its processes and files are gone.
    """
    try:
        with terminable(), Stage() as stage:
            places = SEALED if sandbox.tier in OWN_FILES else stage.open_places(job.probe.resolve())
            return asyncio.run(_Driver(job, sandbox, stage, places, progress).run())
    except OSError as error:
        run = Run(
            status="infrastructure",
            message=_fault(error),
            device=job.device,
            sandbox=sandbox.tier,
            seed=job.seed or 0,
            mode=job.mode,
        )
        steps = {step.name: _not_run(step) for step in job.steps}
        return Execution(run=run, notebook=without_outputs(job.notebook), steps=steps)


def _fault(error: Exception) -> Message:
    return say("run.infrastructure", detail=str(error)[:600])


def _not_run(step: ProbeStep) -> StepResult:
    return StepResult(step.name, "not_run", 0.0, None, say("step.not_run"))


def _short(cell: CellResult) -> CellResult:
    """A failed cell without its code and its traceback."""
    error = cell.error.model_copy(update={"traceback": ""}) if cell.error is not None else None
    return cell.model_copy(update={"error": error, "source": None})


class _Driver:
    """One run; its attributes are what is known of it so far."""

    def __init__(self, job: Job, sandbox: Sandbox, stage: Stage, places: Places, progress: Report) -> None:
        self.job = job
        self.sandbox = sandbox
        self.stage = stage
        self.progress = progress
        self.kernel = choose_kernel(job, sandbox.runtime)
        self.session = Session(job, stage, places, lambda: start(job, self.kernel, sandbox, stage, places))
        self.cells: list[CellResult] = []
        self._failed = 0
        self.steps: dict[str, StepResult] = {}
        self.trouble: tuple[RunStatus, Message] | None = None
        """The first thing that went wrong with the run as a whole."""
        self.dead = False
        self.refused: tuple[Refused, ...] = ()

    async def run(self) -> Execution:
        began = time.monotonic()
        try:
            self.progress(Progress("start", 0, 1, ""))
            await self.session.open()
            self.progress(Progress("start", 1, 1, ""))
            await self._cells()
            await self._probe()
            self.refused = read_refusals(self.session.outbox)
        except StartError as error:
            self.dead = True
            self.trouble = ("infrastructure", _fault(error))
            self._rest()
        finally:
            await self.session.close()
        return self._execution(time.monotonic() - began)

    async def _cells(self) -> None:
        code = [index for index, cell in enumerate(self.session.notebook.cells) if cell.cell_type == "code"]
        end = time.monotonic() + self.job.limits.total_seconds
        for number, index in enumerate(code, start=1):
            left = end - time.monotonic()
            if self.dead or left <= 0:
                break
            self.progress(Progress("cell", number - 1, len(code), str(number)))
            self.session.guard.cell = number
            seconds = min(left, self.job.limits.cell_seconds)
            cell, attempt = await self.session.cell(index, number, seconds)
            self._failed += cell.error is not None
            self.cells.append(cell if self._failed <= MOST_FAULTS else _short(cell))
            self._judge(cell, attempt, total=seconds == left)
        self._rest()
        self.progress(Progress("cell", len(code), len(code), ""))

    def _rest(self) -> None:
        """Note the cells that were not reached."""
        code = [index for index, cell in enumerate(self.session.notebook.cells) if cell.cell_type == "code"]
        for number in range(len(self.cells) + 1, len(code) + 1):
            self.cells.append(
                CellResult(number=number, index=code[number - 1], status="not_run", seconds=0.0)
            )

    def _judge(self, cell: CellResult, attempt: Attempt, total: bool) -> None:
        limits = self.job.limits
        self.dead = attempt.end == "dead"
        if attempt.verdict is not None:
            self._note(attempt.verdict.status, attempt.verdict.message)
        elif attempt.end in ("timed_out", "dead"):
            if total:
                self._note(
                    "timed_out", say("limit.total_seconds", cell=cell.number, limit=limits.total_seconds)
                )
            else:
                self._note(
                    "timed_out", say("limit.cell_seconds", cell=cell.number, limit=limits.cell_seconds)
                )
        elif cell.error is not None:
            self._judge_error(cell.number, cell.error)

    def _judge_error(self, cell: int, error: CellError) -> None:
        """Note which limit an exception speaks of."""
        limits = self.job.limits
        match shortage(error.type, error.message, self.job.gpu_mib):
            case "disk":
                self._note("disk_limit", say("limit.disk.cell", cell=cell, limit=limits.disk_mib))
            case "processes":
                message = say("limit.processes_refused", cell=cell, limit=limits.processes)
                self._note("process_limit", message)
            case "memory":
                message = say("limit.memory_refused", cell=cell, limit=limits.memory_mib)
                self._note("out_of_memory", message)
            case "gpu":
                message = say("limit.gpu_memory", cell=cell, limit=limits.gpu_memory_mib)
                self._note("out_of_memory", message)
            case "gpu_of_others":
                self._note("infrastructure", say("run.gpu_short.cell", cell=cell))

    def _note(self, status: RunStatus, message: Message) -> None:
        """Note what went wrong: the first thing, or a fault of the machine, which outweighs it."""
        if self.trouble is None or (status == "infrastructure" != self.trouble[0]):
            self.trouble = (status, message)

    async def _probe(self) -> None:
        for done, step in enumerate(self.job.steps):
            if self.dead:
                break
            self.progress(Progress("probe", done, len(self.job.steps), step.name))
            broken = self._broken(step.repeats)
            if broken is not None:
                self.steps[step.name] = replace(broken, name=step.name, seconds=0.0)
                continue
            self.session.guard.cell = None
            handed = self._hand_in(step)
            status, attempt = await self.session.step(step)
            # taken before the next step, which may tell what must not be known for this one
            kept = sum(len(data) for found in self.steps.values() for data in found.files.values())
            found = result(step, status, attempt, self.session.outbox, self.job.limits, kept=kept)
            if found.fault is not None:
                short = shortage(found.fault.type, found.fault.message, self.job.gpu_mib)
                found = replace(found, shortage=short)
                if short == "gpu_of_others":
                    self._note("infrastructure", say("run.gpu_short.probe"))
            self.steps[step.name] = found
            if attempt.end == "dead":
                self.dead = True
                if attempt.verdict is not None:
                    self._note(attempt.verdict.status, attempt.verdict.message)
            for path in handed:
                path.unlink()
        self.progress(Progress("probe", len(self.job.steps), len(self.job.steps), ""))

    def _errors(self) -> list[tuple[str, str]]:
        """Every exception by type and text."""
        errors = [(cell.error.type, cell.error.message) for cell in self.cells if cell.error is not None]
        faults = [step.fault for step in self.steps.values() if step.fault is not None]
        return [*errors, *((fault.type, fault.message) for fault in faults)]

    def _broken(self, name: str) -> StepResult | None:
        """The result of a step, where that is a broken contract."""
        found = self.steps.get(name)
        if found is None or found.message is None or not found.message.code.startswith("contract."):
            return None
        return found

    def _hand_in(self, step: ProbeStep) -> list[Path]:
        """Put the step's inputs where the notebook's process finds them; their paths."""
        parameters = self.stage.inbox / f"{step.name}.params.json"
        parameters.write_text(json.dumps(dict(step.parameters), allow_nan=False), encoding="utf-8")
        parameters.chmod(0o644)  # whatever the umask
        handed = [parameters]
        for key, array in step.inputs.items():
            handed.append(self.stage.inbox / f"{step.name}.{key}.npy")
            hand_in(array, handed[-1])
        return handed

    def _execution(self, seconds: float) -> Execution:
        self.progress(Progress("collect", 0, 1, ""))
        for step in self.job.steps:
            if step.name not in self.steps:
                self.steps[step.name] = _not_run(step)
        status, message = self.trouble or ("completed", None)
        failed = next((cell for cell in self.cells if cell.error is not None), None)
        if self.trouble is None and failed is not None and failed.error is not None:
            status, message = "cell_error", say("run.cell_error", cell=failed.number, type=failed.error.type)
        guard = getattr(self.session, "guard", None)
        run = Run(
            status=status,
            message=message,
            seconds=seconds,
            cell_seconds=sum(cell.seconds for cell in self.cells),
            probe_seconds=sum(step.seconds for step in self.steps.values()),
            peak_mib=guard.peak // MIB if guard else 0,
            device=self.job.device,
            sandbox=self.sandbox.tier,
            kernel="warm" if self.session.warm else "cold",
            kernel_note=self.kernel.note,
            seed=self.job.seed or 0,
            mode=self.job.mode,
            cells=tuple(self.cells),
            refused=tuple(dict.fromkeys((*self.refused, *lacking(self._errors(), self.sandbox.tier)))),
        )
        self.progress(Progress("collect", 1, 1, ""))
        return Execution(run=run, notebook=self.session.notebook, steps=self.steps)
