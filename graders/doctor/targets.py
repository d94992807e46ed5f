"""What the doctor plants on the host for a notebook to reach, and how it sees what was reached."""

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

PREFIX = "grade-doctor-seen-"
"""Before the token in the command line of the planted process."""
VARIABLE = "GRADE_DOCTOR"
"""The variable with the token in its environment."""
# It keeps a token in memory, lets any process look there that the system's rights allow to (a switch that
# Ubuntu has), and ends with the doctor, whose end it hears on its standard input.
PLANTED = """
import ctypes, sys
kept = ctypes.create_string_buffer(sys.stdin.buffer.readline().strip())
ctypes.CDLL(None).prctl(0x59616D61, ctypes.c_ulong(-1), 0, 0, 0)
print(ctypes.addressof(kept), flush=True)
sys.stdin.read()
"""
SHARED = Path("/dev/shm")  # noqa: S108 - where processes share memory
END_SECONDS = 1.0
LOOK_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Sighting:
    """A process of the notebook, as the host saw it."""

    pid: int
    space: str
    """Its user namespace; empty where the host may not look."""
    mounts: str
    """Its mounts."""


class Targets:
    """What is planted for one run. Used as a context manager, which takes everything away again.

    Every secret is a random token that the notebook is not told.
    """

    def __init__(self) -> None:
        self._stack = ExitStack()
        self.token = secrets.token_hex(16)
        """What the notebook shows when it reaches a socket or a folder."""
        self._tokens = {
            name: secrets.token_hex(16) for name in ("file", "shared", "process", "environment", "memory")
        }
        self.abstract = f"@grade-doctor-{secrets.token_hex(8)}"
        self.behind = f"grade-doctor-behind-{secrets.token_hex(16)}"
        self.apart = f"grade-doctor-apart-{secrets.token_hex(16)}"
        self._seen: dict[str, Sighting] = {}

    def __enter__(self) -> "Targets":
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="grade-doctor-")))
            folder.chmod(0o755)
            self._plant_files(folder)
            self._plant_shared(stack)
            self._tcp = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
            self.port = int(self._tcp.getsockname()[1])
            self.socket = folder / "socket"
            self._unix = stack.enter_context(_listening(str(self.socket)))
            self.socket.chmod(0o666)
            self._abstract = stack.enter_context(_listening(f"\0{self.abstract[1:]}"))
            self._plant_process(stack)
            stack.callback(self._remove_survivors)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def _plant_files(self, folder: Path) -> None:
        self.secret = folder / "secret"
        self.secret.write_text(self._tokens["file"], encoding="ascii")
        self.secret.chmod(0o644)
        shared = folder / "shared"
        shared.mkdir()
        shared.chmod(0o777)
        self.writable = shared / "left-here"

    def _plant_shared(self, stack: ExitStack) -> None:
        """Like a tensor that another process shares; nothing is planted where there is no such folder."""
        self.shared = SHARED / f"grade-doctor-{secrets.token_hex(8)}"
        with contextlib.suppress(OSError):
            self.shared.write_text(self._tokens["shared"], encoding="ascii")
            stack.callback(self.shared.unlink, missing_ok=True)
            self.shared.chmod(0o644)

    def _plant_process(self, stack: ExitStack) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own few lines
            [sys.executable, "-I", "-S", "-c", PLANTED, PREFIX + self._tokens["process"]],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={VARIABLE: self._tokens["environment"]},
            start_new_session=True,  # Ctrl-C is for the doctor
        )
        stack.enter_context(self._process)
        stack.callback(self._process.kill)
        assert self._process.stdin is not None  # noqa: S101 - asked for as a pipe above
        assert self._process.stdout is not None  # noqa: S101 - asked for as a pipe above
        self._process.stdin.write(self._tokens["memory"].encode() + b"\n")
        self._process.stdin.flush()
        self.pid = self._process.pid
        self.address = int(self._process.stdout.readline())

    def look(self) -> None:
        """Note which processes of the notebook there are; called while it runs, when its cells are done."""
        end = time.monotonic() + LOOK_SECONDS
        while len(self._seen) < 2 and time.monotonic() < end:  # they may still be starting
            for marker in (self.behind, self.apart):
                for pid in _running(marker):
                    self._seen[marker] = Sighting(pid, _space(pid), _mounts(pid))
            time.sleep(0.02)

    def came_out(self, attack: str, words: Iterable[str]) -> bool:
        """Whether the secret of an attack is among the words that a notebook brought out."""
        secret = self._tokens["memory" if attack == "other_memory" else attack]
        return any(secret in word for word in words)

    def reached(self) -> dict[str, bool]:
        """Which attacks left their mark on the host; called when the run is over.

        An attack is missing where the host saw nothing that it could tell by.
        """
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(END_SECONDS)
        found = {
            "write": self.writable.exists(),
            "tcp": self._heard(self._tcp),
            "unix": self._heard(self._unix),
            "abstract": self._heard(self._abstract),
            "signal": self._process.returncode is not None,
        }
        behind, apart = self._seen.get(self.behind), self._seen.get(self.apart)
        if behind is not None:
            found["left_behind"] = bool(_running(self.behind))
        if behind is not None and apart is not None and behind.space and apart.space:
            found["namespace"] = behind.space != apart.space
            found["mount"] = self.apart in apart.mounts
        return found

    def _heard(self, listener: socket.socket) -> bool:
        """Whether somebody who knows the token has connected."""
        listener.setblocking(False)
        while True:
            try:
                near, _ = listener.accept()
            except BlockingIOError:
                return False
            with near, contextlib.suppress(OSError):
                near.settimeout(END_SECONDS)
                if near.recv(len(self.token)) == self.token.encode():
                    return True

    def _remove_survivors(self) -> None:
        for marker in (self.behind, self.apart):
            for pid in _running(marker):
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(os.getpgid(pid), signal.SIGKILL)


def _listening(address: str) -> socket.socket:
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(address)
    listener.listen()
    return listener


def _running(marker: str) -> list[int]:
    """Processes with a marker in their command line."""
    found = []
    for folder in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if folder.name.isdigit() and marker.encode() in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
    return found


def _space(pid: int) -> str:
    try:
        return str(Path(f"/proc/{pid}/ns/user").readlink())
    except OSError:
        return ""


def _mounts(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/mountinfo").read_text()
    except OSError:
        return ""
