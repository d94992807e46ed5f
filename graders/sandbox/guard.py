"""Counts what a run uses and says when it is too much."""

import asyncio
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from graders.device import gpu_used_mib
from graders.model import Limits, Message, RunStatus, say
from graders.sandbox.started import Started
from graders.sandbox.watch import kernel_oom_kills, proportional, stored, usage, used_files

MIB = 2**20
LOOK_SECONDS = 0.2
"""How often the processes are looked at."""
FRAME_BYTES = 64
"""What a frame costs beside its bytes, so that a flood of empty messages counts too."""
KILLED = 128 + signal.SIGKILL
GPU_LOOKS = 5
CONTEXT_MIB = 1024
"""What CUDA itself takes beside the tensors that a limit is meant for."""
OUTBOX_FILES = 5000
"""Files that a run may leave in its outbox."""
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

    def __init__(
        self,
        limits: Limits,
        process: Started,
        device: str,
        outbox: int,
        folders: Sequence[Path] = (),
    ) -> None:
        """Watch a run that has started.

        Args:
            limits: what it may use.
            process: the run.
            device: `cpu` or `cuda:N`.
            outbox: handle of its outbox, a file system of its own where the tier has such.
            folders: folders of the host that it may write to, where the tier has no file systems of its own.
        """
        self.peak = 0
        """Largest memory of all processes seen so far, bytes."""
        self.cell: int | None = None
        """Number of the cell that is running; None while the probe is."""
        self._limits = limits
        self._process = process
        self._device = device
        self._looks = 0
        self._outbox = outbox
        self._folders = folders
        self._killed_before = kernel_oom_kills()
        self._output = 0
        self._verdict: Verdict | None = None
        self._wrong = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._flood: Verdict | None = None

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

    def host_full(self, grown: int, most: int) -> None:
        """End the run, which made the host grow by `grown` MiB. For another thread than the loop's."""
        message = self.say("limit.host_memory", used=grown, limit=most)
        self._flood = Verdict("output_limit", message, fatal=True)
        self._loop.call_soon_threadsafe(self._judge, self._flood)
        self._process.kill()

    def _output_limit(self, fatal: bool) -> None:
        printed, limit = round(self._output / MIB, 1), self._limits.output_mib
        message = self.say("limit.output", printed=printed, limit=limit)
        self._judge(Verdict("output_limit", message, fatal))

    def _judge(self, verdict: Verdict) -> None:
        verdict = self._flood or verdict  # whose killing the loop may see before it hears of the reason
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
        limits = self._limits
        group = self._process.group
        if group is not None and group.oom_kills():
            message = self.say("limit.memory", used=group.peak_bytes() // MIB, limit=limits.memory_mib)
            own = Verdict("out_of_memory", message, fatal=True)
            self._judge(own if group.was_full() else Verdict("infrastructure", say("run.lost"), fatal=True))
            return
        if not self._process.alive:
            self._judge(self._end())
            return
        pids = self._process.pids()
        used = usage(pids)
        resident = used.resident
        if resident > limits.memory_mib * MIB:
            resident = proportional(pids)
        self.peak = max(self.peak, resident)
        if resident > limits.memory_mib * MIB:
            message = self.say("limit.memory", used=resident // MIB, limit=limits.memory_mib)
            self._judge(Verdict("out_of_memory", message, fatal=True))
        elif self._gpu_used(pids) > limits.gpu_memory_mib + CONTEXT_MIB:
            message = self.say("limit.gpu_used", limit=limits.gpu_memory_mib)
            self._judge(Verdict("out_of_memory", message, fatal=True))
        elif used.tasks > limits.processes * 2:
            message = self.say("limit.processes", used=used.tasks, limit=limits.processes)
            self._judge(Verdict("process_limit", message, fatal=True))
        sizes = [stored(folder) for folder in self._folders]
        too_large = any(size is None or size > limits.disk_mib * MIB for size in sizes)
        if too_large or (not self._folders and used_files(self._outbox) > OUTBOX_FILES):
            message = self.say("limit.disk", limit=limits.disk_mib)
            self._judge(Verdict("disk_limit", message, fatal=True))

    def _gpu_used(self, pids: list[int]) -> float:
        """GPU memory, MiB; asked of the driver every GPU_LOOKS looks, and 0 in between."""
        self._looks += 1
        if self._device == "cpu" or self._looks % GPU_LOOKS:
            return 0.0
        return gpu_used_mib(self._device, pids)

    def _end(self) -> Verdict:
        """Why the run is over before its time."""
        code = self._process.exit_code()
        if code is None or (code == KILLED and kernel_oom_kills() > self._killed_before):
            return Verdict("infrastructure", say("run.lost"), fatal=True)
        return Verdict("killed", self.say("run.killed"), fatal=True)
