"""Notes what was refused, one line of JSON each, in a file of bounded size that the host reads."""

import contextlib
import json
import os

from . import told

MOST_BYTES = 65536
MOST_CHARACTERS = 300
"""Of an address or a name."""
_noted: set[tuple[str, str]] = set()


def refused(kind: str, what: str) -> None:
    """Note that something was not to be had; never raises.

    Args:
        kind: `url`, `weights`, `package`, `version`, `secret`, `upload` or `path`.
        what: an address or a name.
    """
    note = (kind, what.encode("utf-8", "replace").decode()[:MOST_CHARACTERS])
    if note in _noted:
        return
    _noted.add(note)
    with contextlib.suppress(OSError, KeyError, TypeError):
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        file = os.open(told()["refused"], flags, 0o600)
        try:
            if os.fstat(file).st_size < MOST_BYTES:
                os.write(file, (json.dumps(note) + "\n").encode())  # one write, so that lines stay whole
        finally:
            os.close(file)
