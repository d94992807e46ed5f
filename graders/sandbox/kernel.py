"""jupyter_client's parts, led through the sandbox: a provisioner, a guarded channel, and a client of them."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from queue import Empty
from types import MappingProxyType
from typing import Any

import zmq
import zmq.asyncio
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.channels import AsyncZMQSocketChannel
from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionComplete
from nbformat import NotebookNode

from graders.sandbox.channel import Ready
from graders.sandbox.guard import MIB, Guard
from graders.sandbox.messages import accept
from graders.sandbox.started import Started

LOG = logging.getLogger("graders.sandbox.jupyter")
LOG.addHandler(logging.NullHandler())
LOG.propagate = (
    False  # what Jupyter has to say of a student's kernel is no news for the person at the terminal
)
START_SECONDS = 120.0
"""How long a kernel may take to answer for the first time."""
CHANNELS = ("shell", "iopub", "stdin", "control", "hb")
"""In the order of their numbers in the connection file."""
QUEUED = 64
"""Messages that wait in the host at one time."""


class SandboxProvisioner(LocalProvisioner):
    """Starts the kernel's process inside the sandbox, and ends it with everything that it started."""

    start: Callable[[], Started]
    sealed: Started | None = None
    ready: Ready | None = None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Nothing to prepare: the run's stage has the connection file."""
        assert self.parent is not None  # noqa: S101 - `manager` sets it
        self.connection_info = self.parent.get_connection_info()
        return {"cmd": []}

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Start the sandbox and wait until the kernel listens.

        Raises:
            NotReadyError: it does not.
            OSError: the sandbox cannot be started.
        """
        assert isinstance(self.parent, GuardedManager)  # noqa: S101 - `manager` sets it
        self.sealed = self.start()
        self.pid = self.sealed.pid
        self.ready = await asyncio.to_thread(self.sealed.wait_ready, START_SECONDS)
        self.parent.handles = dict(zip(CHANNELS, self.ready.sockets, strict=False))
        return self.connection_info

    @property
    def has_process(self) -> bool:
        """Whether the sandbox was started."""
        return self.sealed is not None

    async def poll(self) -> int | None:
        """None while the run goes on."""
        return None if self.sealed is not None and self.sealed.alive else 0

    async def wait(self) -> int | None:
        """Nothing to wait for: `kill` returns when the last process is gone."""
        return 0

    async def kill(self, restart: bool = False) -> None:
        """End every process of the run."""
        if self.sealed is not None:
            await asyncio.to_thread(self.sealed.kill)

    async def terminate(self, restart: bool = False) -> None:
        """The same: there is nothing in a sandbox that deserves a farewell."""
        await self.kill()


class GuardedChannel(AsyncZMQSocketChannel):
    """A channel that counts what comes in and hands on only messages of the right shape."""

    guard: Guard | None = None

    async def get_msg(  # type: ignore[override]  # jupyter_client's own asynchronous channel does the same
        self, timeout: float | None = None
    ) -> dict[str, Any]:
        """The next usable message.

        Raises:
            Empty: none came within `timeout` seconds.
        """
        end = None if timeout is None else asyncio.get_running_loop().time() + timeout
        while True:
            left = None if end is None else max(0, int((end - asyncio.get_running_loop().time()) * 1000))
            if not await self.socket.poll(left):
                raise Empty
            frames = await self.socket.recv_multipart()
            await asyncio.sleep(
                0
            )  # a socket that always has more would never let the clock or the guard have a turn
            if self.guard is not None:
                self.guard.count(sum(map(len, frames)), len(frames))
            message = self._read(frames)
            if message is not None:
                return message

    def _read(self, frames: list[bytes]) -> dict[str, Any] | None:
        if sum(map(len, frames)) > 2 * MIB and self.guard is not None and not self.guard.keeps_output:
            return None
        try:
            return accept(self.session.deserialize(self.session.feed_identities(frames)[1]))
        except (
            Exception
        ):  # any exception at all: the bytes are the student's, and worth no more than being dropped
            return None


class Reachable:
    """Finds the kernel's sockets by handles that were opened before any code of the notebook ran."""

    handles: Mapping[str, int] = MappingProxyType({})
    """By channel; empty where the sockets are found by their paths."""

    def _make_url(self, channel: str) -> str:
        if channel in self.handles:
            return f"ipc:///proc/self/fd/{self.handles[channel]}"
        url: str = super()._make_url(channel)  # type: ignore[misc]  # of jupyter_client's ConnectionFileMixin
        return url


class GuardedClient(Reachable, AsyncKernelClient):
    """A kernel client with guarded channels."""

    shell_channel_class = GuardedChannel
    iopub_channel_class = GuardedChannel
    control_channel_class = GuardedChannel


class Runner(NotebookClient):
    """nbclient, unshaken by hostile messages."""

    guard: Guard

    def process_message(
        self, msg: dict[str, Any], cell: NotebookNode, cell_index: int
    ) -> NotebookNode | None:
        """Keep an output while there is room; never raise but for the end of the cell."""
        if not self.guard.keeps_output and msg["msg_type"] != "status":
            return None
        try:
            return super().process_message(msg, cell, cell_index)
        except CellExecutionComplete:
            raise
        except Exception:  # of a forged message; the output is lost and nothing else
            return None


class GuardedManager(Reachable, AsyncKernelManager):
    """A kernel manager that reaches a sealed kernel."""

    async def start(self) -> None:
        """Start the kernel. jupyter_client's `start_kernel` would also open the control socket, and sleep."""
        command, options = await self._async_pre_start_kernel()
        await self._async_launch_kernel(command, **options)

    def leave_control(self) -> None:
        """Close the control socket: nobody reads it, and what the kernel sends there would pile up.

        What was sent on it still goes out, and the next interrupt opens it again.
        """
        self._close_control_socket()


def manager(start: Callable[[], Started], sockets: str, largest: int) -> GuardedManager:
    """A kernel manager that will start its kernel by `start`, over sockets whose paths begin with `sockets`.

    Args:
        start: starts the sandbox.
        sockets: prefix of the sockets' paths on the host.
        largest: bytes of the largest frame that is taken; a larger one ends the connection.
    """
    made = GuardedManager(transport="ipc", ip=sockets, client_factory=GuardedClient, log=LOG)
    made._kernel_spec = KernelSpec(argv=[], language="python", interrupt_mode="message")
    for number, name in enumerate(CHANNELS, start=1):
        setattr(made, f"{name}_port", number)
    made.context.setsockopt(zmq.MAXMSGSIZE, largest)
    made.context.setsockopt(zmq.RCVHWM, QUEUED)
    provisioner = SandboxProvisioner(kernel_id="grade", kernel_spec=made.kernel_spec, parent=made)
    provisioner.start = start
    made.provisioner = provisioner
    return made
