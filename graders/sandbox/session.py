"""One kernel from its start to its end: cells, probe steps, and what ends them early."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from queue import Empty
from typing import Any, Literal

import zmq
import zmq.asyncio
from nbclient.exceptions import DeadKernelError
from zmq.utils.monitor import parse_monitor_message

from graders.model import CellError, CellResult
from graders.sandbox.channel import NotReadyError
from graders.sandbox.guard import LOOK_SECONDS, MIB, Guard, Verdict
from graders.sandbox.host import HostMemory, most_growth
from graders.sandbox.job import Job, ProbeStep, StepStatus
from graders.sandbox.kernel import LOG, START_SECONDS, Runner, SandboxProvisioner, manager
from graders.sandbox.messages import without_outputs
from graders.sandbox.offline import put_home
from graders.sandbox.stage import SEALED, SOCKET, Places, Stage
from graders.sandbox.started import Started

GRACE_SECONDS = 4.0
"""How long an interrupted cell may take to give in before the whole run is killed."""
LARGEST = 4
"""One message may have this many times the limit of all output: it is dropped, and told in numbers."""
IDLE_SECONDS = 1
"""How long the last output of a cell may lag behind its end; less than half the grace."""
RECONNECT_SECONDS = 0.5
"""How long the connection may take to come back after too large a message."""
LAG_SECONDS = 0.2
"""How long a first answer on one channel may lag behind the one on the other."""
MOST_SOURCE = 4000
"""Characters kept of the source of a cell that failed."""

End = Literal["done", "timed_out", "limited", "dead"]


class StartError(Exception):
    """The kernel did not come up: a fault of the machinery, since no student's code has run yet."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """How a piece of work in the kernel ended."""

    end: End
    seconds: float
    verdict: Verdict | None = None
    """What was wrong, where the end is `limited` or `dead`."""
    reply: dict[str, Any] | None = None


class Session:
    """A kernel in a sandbox. `open` starts it, `close` ends every process of it."""

    def __init__(self, job: Job, stage: Stage, places: Places, start: Callable[[], Started]) -> None:
        largest = int(job.limits.output_mib * MIB * LARGEST)
        self.manager = manager(start, str(stage.sockets / SOCKET), largest)
        self.job = job
        self.stage = stage
        self.places = places
        self.notebook = put_home(without_outputs(job.notebook), places)
        self.runner = Runner(
            self.notebook,
            km=self.manager,
            timeout=None,
            allow_errors=True,
            store_widget_state=False,
            record_timing=False,
            skip_cells_with_tag="",
            iopub_timeout=IDLE_SECONDS,
            log=LOG,
        )
        self._watches: list[asyncio.Task[None]] = []
        self._memory: HostMemory | None = None

    @property
    def _provisioner(self) -> SandboxProvisioner:
        assert isinstance(self.manager.provisioner, SandboxProvisioner)  # noqa: S101 - made so by `manager`
        return self.manager.provisioner

    @property
    def outbox(self) -> int:
        """Handle of the folder that the probe writes to."""
        assert self._provisioner.ready is not None  # noqa: S101 - open
        return self._provisioner.ready.outbox

    @property
    def warm(self) -> bool:
        """Whether the kernel was forked from a process that had imported torch."""
        return self._sealed is not None and self._sealed.warm

    @property
    def _sealed(self) -> Started | None:
        """The sandbox; None before it is started."""
        return self._provisioner.sealed

    async def open(self) -> None:
        """Start the sandbox and wait for the kernel's first answer.

        Raises:
            StartError: the kernel did not come up.
        """
        self.stage.write_connection(self.manager.get_connection_info(), self.places)
        try:
            await self.manager.start()
        except (OSError, NotReadyError) as error:
            raise StartError(str(error)) from error
        assert self._sealed is not None  # noqa: S101 - the kernel was started
        stage = self.stage
        shared = () if self.places == SEALED else (stage.outbox, stage.sockets, stage.home, stage.temporary)
        self.guard = Guard(self.job.limits, self._sealed, self.job.device, self.outbox, shared)
        self.runner.guard = self.guard
        self._memory = HostMemory(most_growth(self.job.limits), self.guard.host_full)
        client: Any = self.manager.client(context=self.manager.context)
        client.handles = self.manager.handles
        self.runner.kc = client
        client.start_channels(stdin=False, hb=False, control=False)
        client.allow_stdin = False
        self._watches = [asyncio.create_task(self.guard.watch())]
        try:
            await self._first_answer(client)
        except (TimeoutError, StartError) as error:
            raise StartError(f"{error}; {self._sealed.tail[-400:]}") from error
        for channel in (client.iopub_channel, client.shell_channel):
            channel.guard = self.guard
            events = channel.socket.get_monitor_socket(zmq.EVENT_DISCONNECTED | zmq.EVENT_CONNECTED)
            self._watches.append(asyncio.create_task(self._watch_connection(channel.socket, events)))
        if self.job.seed is not None:
            # Only now, since the kernel itself draws random numbers while it starts.
            await self._prepare(_call("seed", "seed_everything", str(self.job.seed)))
        if self.job.mode == "checkpoint":
            await self._prepare(_call("loading", "weights_only", ""))
        if self.job.device.startswith("cuda"):
            await self._prepare(_call("gpu", "limit_memory", str(self.job.limits.gpu_memory_mib)))

    async def _prepare(self, code: str) -> None:
        """Run code of ours before the first cell."""
        done = await self._attempt(self._ask(code), START_SECONDS)
        if done.end != "done" or done.reply is None or done.reply["content"]["status"] != "ok":
            assert self._sealed is not None  # noqa: S101 - open
            raise StartError(f"{code} failed: {done.reply}; {self._sealed.tail[-400:]}")

    async def _watch_connection(self, socket: zmq.asyncio.Socket, events: zmq.asyncio.Socket) -> None:
        """Tell apart who ended a connection: ZeroMQ, on too large a message, or the kernel, which has ended.

        In the first case the kernel still listens, and ZeroMQ connects again only where it is told to.
        """
        address = str(socket.get_string(zmq.LAST_ENDPOINT))
        while True:
            await _event(events, zmq.EVENT_DISCONNECTED)
            await asyncio.sleep(LOOK_SECONDS)
            if self._sealed is not None and self._sealed.alive:
                socket.disconnect(address)  # or ZeroMQ takes the next line for a repetition
                socket.connect(address)
                await _event(events, zmq.EVENT_CONNECTED)
                self.guard.too_large()

    async def _first_answer(self, client: Any) -> None:
        ready = asyncio.ensure_future(asyncio.wait_for(_introduce(client), START_SECONDS))
        wrong = asyncio.ensure_future(self.guard.wait())
        await asyncio.wait({ready, wrong}, return_when=asyncio.FIRST_COMPLETED)
        wrong.cancel()
        if not ready.done():
            ready.cancel()
            raise StartError("the kernel ended before its first answer")
        await ready

    async def cell(self, index: int, number: int, seconds: float) -> tuple[CellResult, Attempt]:
        """Run the code cell at `index` for at most `seconds`."""
        cell = self.notebook.cells[index]
        replies: list[dict[str, Any]] = []
        self.runner.on_cell_executed = lambda execute_reply, **_: replies.append(execute_reply)
        attempt = await self._attempt(
            self.runner.async_execute_cell(cell, index, execution_count=number), seconds
        )
        error = None
        if attempt.end == "done" and replies and replies[0]["content"]["status"] == "error":
            content = replies[0]["content"]
            error = CellError(
                type=content["ename"], message=content["evalue"], traceback=content["traceback"][0]
            )
        status = _cell_status(attempt.end, error)
        source = None if status == "ok" else str(self.job.notebook.cells[index].source)[:MOST_SOURCE]
        result = CellResult(
            number=number, index=index, status=status, seconds=attempt.seconds, error=error, source=source
        )
        return result, attempt

    async def step(self, step: ProbeStep) -> tuple[StepStatus, Attempt]:
        """Call one function of the probe in the notebook's process."""
        request = {
            "probe": str(self.places.probe),
            "function": step.function,
            "name": step.name,
            "arrays": list(step.inputs),
            "inbox": str(self.places.inbox),
            "outbox": str(self.places.outbox),
        }
        code = _call("run", "step", f"globals(), {json.dumps(request)!r}")
        attempt = await self._attempt(self._ask(code), step.seconds)
        if attempt.end == "done":
            said = attempt.reply["content"] if attempt.reply is not None else {}
            if said.get("ename") == "KeyboardInterrupt":  # it may have been meant for the step before
                return "killed", attempt
            return ("ok" if said.get("status") == "ok" else "failed"), attempt
        return ("timed_out" if attempt.end == "timed_out" else "killed"), attempt

    async def _ask(self, code: str) -> dict[str, Any]:
        assert self.runner.kc is not None  # noqa: S101 - open
        sent = self.runner.kc.execute(code, silent=True, store_history=False, allow_stdin=False)
        drained = asyncio.create_task(self._discard())
        try:
            while True:
                reply: dict[str, Any] = await self.runner.kc.shell_channel.get_msg()
                if reply["parent_header"]["msg_id"] == sent:
                    return reply
        finally:
            drained.cancel()

    async def _discard(self) -> None:
        assert self.runner.kc is not None  # noqa: S101 - open
        while True:  # counted by the channel
            await self.runner.kc.iopub_channel.get_msg()

    async def _attempt(self, work: Awaitable[Any], seconds: float) -> Attempt:
        """Wait for `work` until it ends, its time is over, or something is wrong with the run."""
        began = time.monotonic()
        task = asyncio.ensure_future(work)
        wrong = asyncio.ensure_future(self.guard.wait())
        try:
            await asyncio.wait({task, wrong}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            verdict = wrong.result() if wrong.done() else None
            end: End = "done" if task.done() else "limited" if verdict else "timed_out"
            if (verdict and verdict.fatal) or (not task.done() and not await self._interrupt(task)):
                await self._end(task)
                return Attempt("dead", time.monotonic() - began, verdict)
            reply = _result(task)
        finally:
            wrong.cancel()
            if not task.done():
                task.cancel()
                await asyncio.wait({task}, timeout=1)
                _result(task)
        self.guard.forgive()
        if verdict is not None:
            await asyncio.sleep(RECONNECT_SECONDS)
        return Attempt(end, time.monotonic() - began, verdict, reply)

    async def _interrupt(self, task: asyncio.Future[Any]) -> bool:
        """Ask the kernel to stop what it does; True where it did."""
        for _ in range(2):
            await self.manager.interrupt_kernel()
            self.manager.leave_control()
            await asyncio.wait({task}, timeout=GRACE_SECONDS / 2)
            if task.done():
                return True
        return False

    async def _end(self, task: asyncio.Future[Any]) -> None:
        assert self._sealed is not None  # noqa: S101 - open
        await asyncio.to_thread(self._sealed.kill)
        task.cancel()
        await asyncio.wait({task})
        _result(task)

    async def close(self) -> None:
        """End every process of the run and let go of the sockets."""
        for watch in self._watches:
            watch.cancel()
        if self._memory is not None:
            self._memory.stop()
        if self.runner.kc is not None:
            for channel in (self.runner.kc.iopub_channel, self.runner.kc.shell_channel):
                channel.socket.disable_monitor()
        if self._sealed is not None:
            self._sealed.close()
        if self.runner.kc is not None:
            self.runner.kc.stop_channels()
        if self._provisioner.ready is not None:
            self._provisioner.ready.close()
        await self.manager.cleanup_resources()
        self.manager.context.destroy(linger=0)


async def _event(events: zmq.asyncio.Socket, wanted: zmq.Event) -> None:
    """Wait until a monitor tells of an event."""
    while parse_monitor_message(await events.recv_multipart())["event"] != wanted:
        pass


async def _introduce(client: Any) -> None:
    """Ask the kernel who it is until the answer comes on both channels.

    jupyter_client's own `wait_for_ready` does the same and waits for 0.2 seconds of silence at the end.
    """
    while True:
        asked = client.kernel_info()
        try:
            await client.shell_channel.get_msg(timeout=1)
            while not _ends(await client.iopub_channel.get_msg(timeout=LAG_SECONDS), asked):
                pass
        except Empty:
            continue  # the kernel is slow, or was not yet told that somebody listens: ask again
        return


def _ends(message: dict[str, Any], asked: str) -> bool:
    kind, content, parent = message["msg_type"], message["content"], message["parent_header"]
    return kind == "status" and content["execution_state"] == "idle" and bool(parent["msg_id"] == asked)


def _call(module: str, function: str, arguments: str) -> str:
    """Code that calls a function of `inside` and leaves no name in the notebook's namespace."""
    return f"__import__('inside.{module}', fromlist=['{function}']).{function}({arguments})"


def _result(task: asyncio.Future[Any]) -> Any:
    """What a task of the kernel came to; None where the kernel's end ended it."""
    try:
        return task.result()
    except (DeadKernelError, asyncio.CancelledError):
        return None


def _cell_status(end: End, error: CellError | None) -> Literal["ok", "error", "timed_out", "killed"]:
    if end == "done":
        return "ok" if error is None else "error"
    return "timed_out" if end == "timed_out" else "killed"
