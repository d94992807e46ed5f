"""Starts the zygote while this process still imports what it needs itself, so that neither waits long."""

import contextlib
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from graders.device import cores
from graders.errors import UsageError
from graders.sandbox import Requested, find_once, interpreter, open_zygote
from graders.spec import find_root, read_runtime


@contextmanager
def early_zygote(paths: Sequence[Path], sandbox: Requested) -> Iterator[socket.socket | None]:
    """A warm zygote for the course that the first path lies in; None where it would not help.

    What is wrong with the path or the course is said later, by what reads them in full.
    """
    find_once()  # before this process has children
    with contextlib.ExitStack() as stack:
        zygote = None
        if paths and sandbox in ("auto", "namespaces", "landlock") and cores() > 1:
            with contextlib.suppress(UsageError, OSError):
                runtime = read_runtime(find_root(paths[0]))
                if runtime is not None:
                    opened = open_zygote(interpreter(runtime), runtime.threads, warm=True)
                    zygote = stack.enter_context(opened)
        yield zygote
