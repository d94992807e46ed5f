"""Ctrl-C once lets finish what runs; twice, or SIGTERM, ends at once."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType


@dataclass(slots=True)
class Stop:
    """Whether to begin nothing more."""

    asked: bool = False


@contextmanager
def stoppable() -> Iterator[Stop]:
    """Notes the first SIGINT inside the block; a second one and SIGTERM raise `KeyboardInterrupt`."""
    stop = Stop()

    def interrupt(number: int, _frame: FrameType | None) -> None:
        if stop.asked or number == signal.SIGTERM:
            raise KeyboardInterrupt
        stop.asked = True

    before = {number: signal.signal(number, interrupt) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
