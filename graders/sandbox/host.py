"""Watches the memory of this process itself, which a notebook can fill with what it sends."""

import os
import threading
from collections.abc import Callable

from graders.model import Limits
from graders.sandbox.watch import usage

MIB = 2**20
LOOK_SECONDS = 0.05
"""How often it is looked at: a kernel that does its worst sends about 1 MiB in a millisecond."""
SPARE_MIB = 256
"""What the host may need for other things meanwhile, such as what it imports while the notebook runs."""


def most_growth(limits: Limits) -> int:
    """MiB that this process may grow during a run."""
    # Four times the output is the largest message that is taken; the results of all steps are kept besides.
    return int(4 * limits.output_mib + limits.artifact_mib) + SPARE_MIB


class HostMemory:
    """Looks from a thread of its own: the event loop may be busy with the very messages that fill the memory.

    ZeroMQ has no limit that would do. It counts messages that wait, and bytes of a frame, but a message
    may have any number of frames, which the kernel sends from the same piece of memory each time.
    """

    def __init__(self, most: int, passed: Callable[[int, int], None]) -> None:
        """Start to watch.

        Args:
            most: MiB that this process may grow from now on.
            passed: called once, in the thread, with the growth and `most`, both in MiB.
        """
        self._most = most
        self._passed = passed
        self._before = _resident()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop watching; `passed` has returned or will not be called."""
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(LOOK_SECONDS):
            grown = (_resident() - self._before) // MIB
            if grown > self._most:
                self._passed(grown, self._most)
                return


def _resident() -> int:
    """Bytes; 0 where there is no `/proc`."""
    return usage([os.getpid()]).resident
