"""What a run says to the host over its own socket before any code of the notebook runs."""

import contextlib
import json
import os
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

MOST_MESSAGE = 4096
MOST_HANDLES = 8


class NotReadyError(Exception):
    """A run ended, failed or was silent before it was ready."""


@dataclass(slots=True)
class Ready:
    """Handles of a kernel that listens, opened before any code of the notebook ran; `close` lets go."""

    sockets: tuple[int, ...]
    """Handles of the sockets shell, iopub, stdin, control and hb; empty where the system has none such."""
    outbox: int
    """Handle of the folder that the probe writes to."""
    _open: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self._open = [*self.sockets, self.outbox]

    def close(self) -> None:
        """Let go of every handle, once."""
        while self._open:
            os.close(self._open.pop())


def receive(channel: socket.socket, deadline: float) -> tuple[str, str | int, list[int]]:
    """The next message: its kind, what it says, and the handles that came with it.

    Raises:
        NotReadyError: none comes before `deadline` (of `time.monotonic`), or the other side is gone.
    """
    channel.settimeout(max(0.01, deadline - time.monotonic()))
    try:
        message, handles, _, _ = socket.recv_fds(channel, MOST_MESSAGE, MOST_HANDLES)
    except TimeoutError:
        raise NotReadyError("no answer in time") from None
    except OSError as error:
        raise NotReadyError(str(error)) from error
    if not message:
        raise NotReadyError("it ended before its first answer")
    kind, what = json.loads(message)
    return kind, what, handles


def wait_ready(channel: socket.socket, seconds: float) -> Ready:
    """Wait until the kernel listens.

    Raises:
        NotReadyError: it does not within `seconds`; says why.
    """
    kind, what, handles = receive(channel, time.monotonic() + seconds)
    if kind != "ready":
        close_all(handles)
        raise NotReadyError(str(what))
    return Ready(tuple(handles[:-1]), handles[-1])


def close_all(handles: Sequence[int]) -> None:
    """Close handles that are not wanted."""
    for handle in handles:
        with contextlib.suppress(OSError):
            os.close(handle)
