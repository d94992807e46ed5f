"""Who a notebook runs as."""

import os
from itertools import count

FIRST_UID = 65000
"""Start of 500 user ids that no distribution hands out; each run of root takes the next."""
_runs = count()


def next_uid() -> int | None:
    """User id for the next run where this process is root; None where an ordinary user runs it."""
    return FIRST_UID + (os.getpid() * 13 + next(_runs)) % 500 if os.geteuid() == 0 else None
