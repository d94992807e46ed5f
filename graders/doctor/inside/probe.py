"""Probe of the doctor's notebook: hands over what it found, and tries to use more than its limits.

Standard library only. A step that gets as much as it wants says so; one that is refused says how much it got.
"""

import contextlib
import os
import signal
import tempfile
import time
from pathlib import Path
from typing import Any

MIB = 2**20
PIECE = 8
"""MiB asked for at a time."""


def findings(notebook: dict[str, Any], _inputs: Any, _parameters: Any, outbox: Any) -> None:
    """Hand over what the cells brought back."""
    outbox.write(notebook.get("found", {}))


def memory(_notebook: Any, _inputs: Any, parameters: dict[str, int], outbox: Any) -> None:
    """Take memory, and keep it for a while."""
    taken: list[bytes] = []
    with contextlib.suppress(MemoryError):
        while len(taken) * PIECE < parameters["amount"]:
            taken.append(b"x" * (PIECE * MIB))
        time.sleep(parameters["hold"])
    outbox.write(len(taken) * PIECE)


def processes(_notebook: Any, _inputs: Any, parameters: dict[str, int], outbox: Any) -> None:
    """Start processes, and keep them for a while."""
    started: list[int] = []
    try:
        with contextlib.suppress(OSError):
            while len(started) < parameters["amount"]:
                child = os.fork()
                if child == 0:
                    time.sleep(60)
                    os._exit(0)
                started.append(child)
            time.sleep(parameters["hold"])
    finally:
        for child in started:
            os.kill(child, signal.SIGKILL)
        for child in started:
            os.waitpid(child, 0)
    outbox.write(len(started))


def disk(_notebook: Any, _inputs: Any, parameters: dict[str, Any], outbox: Any) -> None:
    """Write files into the working folder, and keep them for a while."""
    _fill(Path(), parameters, outbox)


def temporary(_notebook: Any, _inputs: Any, parameters: dict[str, Any], outbox: Any) -> None:
    """The same in the folder for temporary files."""
    _fill(Path(tempfile.gettempdir()), parameters, outbox)


def shared_memory(_notebook: Any, _inputs: Any, parameters: dict[str, Any], outbox: Any) -> None:
    """The same in the folder for shared memory."""
    _fill(Path("/dev/shm"), parameters, outbox)  # noqa: S108 - whether it is limited is what is tried


def _fill(folder: Path, parameters: dict[str, Any], outbox: Any) -> None:
    written = 0
    with contextlib.suppress(OSError):
        while written * PIECE < parameters["amount"]:
            (folder / f"{parameters['name']}{written}").write_bytes(os.urandom(MIB) * PIECE)
            written += 1
        time.sleep(parameters["hold"])
    for path in folder.glob(f"{parameters['name']}*"):
        path.unlink()
    outbox.write(written * PIECE)


def outlast(_notebook: Any, _inputs: Any, parameters: dict[str, int], outbox: Any) -> None:
    """Go on for a while, whatever signal says that it is over."""
    end = time.monotonic() + parameters["amount"]
    while time.monotonic() < end:
        with contextlib.suppress(KeyboardInterrupt):
            time.sleep(max(0.0, end - time.monotonic()))
    outbox.write(parameters["amount"])
