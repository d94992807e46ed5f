"""What a hostile notebook reaches for; the text of this file is the first cell of the doctor's notebook.

Standard library only. Each function is called in a cell of its own; what it brings back goes to `found`. An
OSError is a refusal and ends the cell.
"""

import contextlib
import ctypes
import os
import re
import signal
import socket
import subprocess
from pathlib import Path

CLONE_NEWNS, CLONE_NEWUSER, MS_REC, MS_PRIVATE = 0x20000, 0x10000000, 16384, 1 << 18
SLEEP = "sleep 300; :"
"""A shell that stays, with what is given to it in its command line."""
IDS = (os.geteuid(), os.getegid())
found: dict[str, list[str]] = {}
libc = ctypes.CDLL(None, use_errno=True)


def read_file(attack: str, path: str) -> None:
    """Read a file of the host."""
    found[attack] = [Path(path).read_text()]


def connect_tcp(port: int, word: str) -> None:
    """Connect to a port of the host."""
    with socket.create_connection(("127.0.0.1", port), 5) as near:
        near.sendall(word.encode())


def connect_unix(address: str, word: str) -> None:
    """Connect to a Unix socket of the host: a path, or an abstract name, which begins with @."""
    with socket.socket(socket.AF_UNIX) as near:
        near.settimeout(5)
        near.connect(f"\0{address[1:]}" if address.startswith("@") else address)
        near.sendall(word.encode())


def look_at_processes(attack: str, file: str, prefix: str) -> None:
    """Search a file of every process in /proc for what follows a prefix."""
    for folder in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            text = (folder / file).read_bytes() if folder.name.isdigit() else b""
            found.setdefault(attack, []).extend(
                word.decode() for word in re.findall(prefix.encode() + rb"([0-9a-f]{32})", text)
            )


def read_memory(pid: int, address: int, size: int) -> None:
    """Read the memory of another process, by both ways."""
    here = ctypes.create_string_buffer(size)
    local, remote = ((ctypes.c_size_t * 2)(place, size) for place in (ctypes.addressof(here), address))
    libc.process_vm_readv(pid, local, ctypes.c_ulong(1), remote, ctypes.c_ulong(1), ctypes.c_ulong(0))
    found["other_memory"] = [here.raw.decode("latin-1")]
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        memory.seek(address)
        found["other_memory"].append(memory.read(size).decode("latin-1"))


def write_file(path: str, word: str) -> None:
    """Make a file in a folder of the host that everybody may write to."""
    Path(path).write_text(word)


def stay_behind(marker: str) -> None:
    """Start a process that leaves its parent, its group and its session."""
    command = f"setsid sh -c '{SLEEP}' \"$0\" >/dev/null 2>&1 </dev/null &"
    subprocess.run(["sh", "-c", command, marker], check=True)  # noqa: S603, S607 - our words, any shell


def make_namespace(marker: str, direct: bool) -> None:
    """Start a process that first makes a user namespace, then mounts a file system called as the marker.

    Args:
        marker: what the host recognises the process and the mount by.
        direct: whether to mount where no namespace can be made; never where that would be the host's own.
    """
    target = Path("doctor-mount").absolute()
    target.mkdir(exist_ok=True)
    if os.fork() == 0:
        try:
            os.setsid()
            apart = _unshare(CLONE_NEWUSER)
            if apart:
                _map_identity()
            alone = _unshare(CLONE_NEWNS) and (apart or _mount(b"none", b"/", None, MS_REC | MS_PRIVATE))
            if alone or direct:
                _mount(marker.encode(), os.fsencode(target), b"tmpfs", 0)
        finally:
            os.execvp("sh", ["sh", "-c", SLEEP, marker])  # noqa: S606, S607 - our words, any shell


def send_signal(pid: int, marker: str) -> None:
    """Kill a process of the host, and none of our own that has the same number in here."""
    command = Path(f"/proc/{pid}/cmdline")
    if not command.exists() or marker.encode() in command.read_bytes():
        os.kill(pid, signal.SIGKILL)


def _unshare(flag: int) -> bool:
    return bool(libc.unshare(flag) == 0)


def _mount(source: bytes, target: bytes, kind: bytes | None, flags: int) -> bool:
    return bool(libc.mount(source, target, kind, ctypes.c_ulong(flags), None) == 0)


def _map_identity() -> None:
    for name, text in (("uid_map", "0 {0} 1"), ("setgroups", "deny"), ("gid_map", "0 {1} 1")):
        with contextlib.suppress(OSError):
            Path("/proc/self", name).write_text(text.format(IDS[0], IDS[1]))
