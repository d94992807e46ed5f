"""Counts what a run uses and says when it is too much."""

import asyncio
from dataclasses import dataclass

from graders.model import Limits, Message, RunStatus, say
from graders.sandbox.process import Sealed
from graders.sandbox.stage import Stage
from graders.sandbox.watch import proportional, stored, usage

MIB = 2**20
LOOK_SECONDS = 0.2
"""How often the processes are looked at."""
FRAME_BYTES = 64
"""What a frame costs beside its bytes, so that a flood of empty messages counts too."""
FLOOD = 32
"""At this multiple of the output limit the run is ended; at the limit itself only the cell is."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A limit that was passed."""

    status: RunStatus
    message: Message
    fatal: bool
    """True where the whole run must end; False where ending the cell may do."""


class Guard:
    """Watches one run. `wait` returns as soon as something is wrong."""

    def __init__(self, limits: Limits, process: Sealed, stage: Stage) -> None:
        self.peak = 0
        """Largest memory of all processes seen so far, bytes."""
        self.cell: int | None = None
        """Number of the cell that is running; None while the probe is."""
        self._limits = limits
        self._process = process
        self._stage = stage
        self._output = 0
        self._verdict: Verdict | None = None
        self._wrong = asyncio.Event()

    @property
    def keeps_output(self) -> bool:
        """Whether there is room for more output."""
        return self._output <= self._limits.output_mib * MIB

    def say(self, code: str, **params: str | float) -> Message:
        """The message `code`, worded for the cell or for the probe, whichever is running."""
        if self.cell is None:
            return say(f"{code}.probe", **params)
        return say(f"{code}.cell", cell=self.cell, **params)

    def count(self, size: int, frames: int) -> None:
        """Count a message that came in, of `size` bytes in `frames` frames."""
        before = self._output
        self._output += size + frames * FRAME_BYTES
        most = self._limits.output_mib * MIB
        if before <= most < self._output:
            self._output_limit(fatal=False)
        elif before <= most * FLOOD < self._output:
            self._output_limit(fatal=True)

    def too_large(self) -> None:
        """Note that a single message was larger than the whole limit and was not taken."""
        self._output = max(self._output, int(self._limits.output_mib * MIB) + 1)
        limit = self._limits.output_mib
        self._judge(Verdict("output_limit", self.say("limit.message", limit=limit), fatal=False))

    def _output_limit(self, fatal: bool) -> None:
        printed, limit = round(self._output / MIB, 1), self._limits.output_mib
        message = self.say("limit.output", printed=printed, limit=limit)
        self._judge(Verdict("output_limit", message, fatal))

    def _judge(self, verdict: Verdict) -> None:
        if self._verdict is None or (verdict.fatal and not self._verdict.fatal):
            self._verdict = verdict
            self._wrong.set()

    async def wait(self) -> Verdict:
        """The next thing that is wrong."""
        await self._wrong.wait()
        assert self._verdict is not None  # noqa: S101 - set together with the event
        return self._verdict

    def forgive(self) -> None:
        """Forget a verdict that ended a cell and not the run."""
        if self._verdict is not None and not self._verdict.fatal:
            self._verdict = None
            self._wrong.clear()

    async def watch(self) -> None:
        """Look at the processes until the run ends."""
        while True:
            self._look()
            await asyncio.sleep(LOOK_SECONDS)

    def _look(self) -> None:
        self._process.drain()
        if not self._process.alive:
            self._judge(Verdict("killed", self.say("run.killed"), fatal=True))
            return
        limits = self._limits
        pids = self._process.pids()
        used = usage(pids)
        resident = used.resident
        if resident > limits.memory_mib * MIB:
            resident = proportional(pids)
        self.peak = max(self.peak, resident)
        if resident > limits.memory_mib * MIB:
            message = self.say("limit.memory", used=resident // MIB, limit=limits.memory_mib)
            self._judge(Verdict("out_of_memory", message, fatal=True))
        elif used.tasks > limits.processes * 2:
            message = self.say("limit.processes", used=used.tasks, limit=limits.processes)
            self._judge(Verdict("killed", message, fatal=True))
        for folder in (self._stage.outbox, self._stage.sockets):
            size = stored(folder)
            if size is None or size > limits.disk_mib * MIB:
                message = self.say("limit.disk", limit=limits.disk_mib)
                self._judge(Verdict("disk_limit", message, fatal=True))
