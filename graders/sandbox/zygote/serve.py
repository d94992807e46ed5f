"""The zygote: has imported what notebooks need, and forks a sealed kernel for each of them.

Its first argument is the number of one end of a SOCK_SEQPACKET pair, its second is 1 for a warm zygote and 0
for one that imports nothing. A message asks for a run and brings three handles: the job's socket, a file
with the plan as JSON, and the seccomp filter; or it says `several`, that many runs follow. The end of file
ends the zygote.

No torch operation runs here, since the threads of an initialised OpenMP pool do not survive a fork; CUDA is
never initialised here.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import signal
import socket
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from .monitor import monitor
from .pages import use_large_pages

FIRST = ("numpy", "torch", "torch._dynamo", "torch.utils.data", "ipykernel.kernelapp")
"""What every notebook of the course needs; what is not installed is left out."""
FURTHER = ("matplotlib.pyplot",)
"""What most notebooks import."""
MOST_MESSAGE = 4096


def main() -> None:
    """Fork a run for every request until the host lets go."""
    requests, warm = socket.socket(fileno=int(sys.argv[1])), sys.argv[2] == "1"
    sys.modules["debugpy"] = None  # type: ignore[assignment]  # a debugger that ipykernel would load for nothing
    if warm:
        preload(FIRST)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # finished monitors vanish by themselves
    while True:
        message, handles, _, _ = socket.recv_fds(requests, MOST_MESSAGE, 3)
        if not message:
            return
        if message == b"several":  # for a single notebook this would not pay
            preload((*FURTHER, *_rehearse()))
            use_large_pages()
            continue
        if os.fork() == 0:
            try:
                requests.close()
                job = socket.socket(fileno=handles[0])
                plan, program = (_content(handle) for handle in handles[1:])
                monitor(job, json.loads(plan), program)
            finally:
                os._exit(0)
        for handle in handles:
            os.close(handle)


def preload(names: Iterable[str]) -> None:
    """Import these modules, as far as they are there, so that forked processes have them."""
    for name in names:
        with contextlib.suppress(Exception):  # a module that refuses to be imported early is imported late
            importlib.import_module(name)
    gc.collect()
    gc.freeze()  # what is here is not looked at again, so that forked processes keep sharing it


def _rehearse() -> list[str]:
    """Start a kernel in a throw-away process; the modules that it loaded."""
    told, tells = os.pipe()
    if os.fork() == 0:
        try:
            os.close(told)
            null = os.open(os.devnull, os.O_RDWR)
            os.dup2(null, 1)
            os.dup2(null, 2)
            with tempfile.TemporaryDirectory() as folder:
                _start_kernel(folder)
            with os.fdopen(tells, "w", encoding="utf-8") as file:
                json.dump(sorted(name for name in sys.modules if sys.modules[name] is not None), file)
        finally:
            os._exit(0)
    os.close(tells)
    with os.fdopen(told, encoding="utf-8") as file:
        text = file.read()
    return json.loads(text) if text else []


def _start_kernel(folder: str) -> None:
    os.environ["IPYTHONDIR"] = folder
    application = importlib.import_module("ipykernel.kernelapp").IPKernelApp.instance()
    connection = str(Path(folder) / "connection.json")
    application.initialize(["-f", connection, "--transport=ipc", "--HistoryManager.enabled=False"])
    application.shell.run_cell("import asyncio", silent=True)


def _content(handle: int) -> bytes:
    with os.fdopen(handle, "rb") as file:
        file.seek(0)
        return file.read()
