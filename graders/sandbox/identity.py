"""Who a notebook runs as."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import IO

FIRST_UID = 65000
UIDS = 500
"""User ids from FIRST_UID on, which no distribution hands out."""
LOCKS = Path("/run/grade")
"""Root's own, with a file for each user id that is locked while a run has it."""
_runs = count()


@contextmanager
def own_uid() -> Iterator[int | None]:
    """A user id that no other run on this machine has until the block ends; None for an ordinary user.

    The kernel counts processes by user id, so two runs that share one would share a limit too. Where LOCKS
    cannot be had, or every id is taken, the next in turn is handed out.
    """
    if os.geteuid() != 0:
        yield None
        return
    turn = os.getpid() * 13 + next(_runs)
    uids = [FIRST_UID + (turn + step) % UIDS for step in range(UIDS)]
    for uid in uids:
        try:
            lock = _lock(uid)
        except BlockingIOError:
            continue
        except OSError:
            break
        with lock:
            yield uid
            return
    yield uids[0]


def _lock(uid: int) -> IO[str]:
    """An open file that no other process can have until it is closed.

    Raises:
        BlockingIOError: another has it.
        OSError: there can be no such file here.
    """
    LOCKS.mkdir(mode=0o700, exist_ok=True)
    lock = (LOCKS / str(uid)).open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise
    return lock
