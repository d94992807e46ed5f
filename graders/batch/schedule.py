"""What runs when, how much at a time, and how long it will take. Pure arithmetic."""

import heapq
from collections import deque
from collections.abc import Sequence
from statistics import median

from graders.sandbox.guard import CONTEXT_MIB

WORKER_MIB = 512
"""What a process that grades takes besides the notebook."""
NOTEBOOK_MIB = 1024
"""What an ordinary notebook takes; its limit is far above, and few come near it at the same time."""
GPU_SHARE = 0.9
"""Part of a GPU's free memory that notebooks may take together; the rest is the driver's."""


def most_jobs(
    cores: int, memory_mib: int | None, limit_mib: int, gpu: tuple[int, int] | None = None
) -> tuple[int, int]:
    """How many submissions to grade at a time unless a number is asked for, and how many there may be.

    Args:
        cores: that this process may use.
        memory_mib: memory of the host that is free; None where the system does not tell.
        limit_mib: most memory of one notebook.
        gpu: free memory of the GPU and the limit of one notebook, MiB; None on a CPU or where unknown.

    Returns:
        The default and the cap, both at least 1.

    >>> most_jobs(cores=8, memory_mib=6000, limit_mib=6144)
    (3, 3)
    >>> most_jobs(cores=16, memory_mib=100_000, limit_mib=6144, gpu=(81_559, 8192))
    (7, 7)
    """
    caps = []
    if memory_mib is not None:
        caps.append(memory_mib // (WORKER_MIB + min(limit_mib, NOTEBOOK_MIB)))
    if gpu is not None:
        free, each = gpu
        caps.append(int(GPU_SHARE * free / (each + CONTEXT_MIB)))
    cap = max(1, min(caps)) if caps else max(64, cores)
    return max(1, min(cores, cap)), cap


def stretch(jobs: int, threads: int, cores: int) -> float:
    """How much longer a run may take where so many run at a time that they wait for each other's cores.

    >>> stretch(jobs=8, threads=2, cores=8), stretch(jobs=2, threads=2, cores=8)
    (2.0, 1.0)
    """
    return max(1.0, jobs * threads / cores)


def longest_first(seconds: Sequence[float | None], sizes: Sequence[int]) -> list[int]:
    """The order in which to grade, as positions: the longest first, so that none is left over at the end.

    Args:
        seconds: how long each took before; None where that is not known, which counts as the median.
        sizes: bytes of each notebook, which settle ties.

    >>> longest_first([10.0, None, 90.0, None], [1, 5, 1, 7])
    [2, 3, 1, 0]
    """
    known = [value for value in seconds if value is not None]
    middle = median(known) if known else 0.0
    guessed = [middle if value is None else value for value in seconds]
    return sorted(range(len(guessed)), key=lambda item: (-guessed[item], -sizes[item], item))


def cheap_first(seconds: Sequence[float | None], sizes: Sequence[int], jobs: int) -> list[int]:
    """The order in which to grade, as positions: the cheap ones first, and no long one left over at the end.

    Half of the workers take the cheapest that is left, the others the longest, until they meet among the
    middling ones. So results come early, and what ends last is short however wrong the estimates were. One
    worker alone takes the cheapest first. benchmarks/README.md has what this costs beside other orders.

    Args:
        seconds: how long each should take; None where that is not known, which counts as the median.
        sizes: bytes of each notebook, which settle ties.
        jobs: how many are graded at a time.

    >>> cheap_first([10.0, 90.0, 20.0, 60.0], [1, 1, 1, 1], jobs=1)
    [0, 2, 3, 1]
    >>> cheap_first([10.0, 90.0, 20.0, 60.0], [1, 1, 1, 1], jobs=2)
    [0, 1, 2, 3]
    """
    known = [value for value in seconds if value is not None]
    middle = median(known) if known else 0.0
    left = deque(reversed(longest_first(seconds, sizes)))
    free = [(0.0, worker) for worker in range(jobs)]
    order = []
    while left:
        time, worker = heapq.heappop(free)
        item = left.pop() if worker >= jobs - jobs // 2 else left.popleft()
        order.append(item)
        value = seconds[item]
        heapq.heappush(free, (time + (middle if value is None else value), worker))
    return order


class Forecast:
    """How long what is left will take, from earlier durations and from what has finished by now."""

    def __init__(self, earlier: Sequence[float | None], jobs: int) -> None:
        self._earlier = list(earlier)
        self._jobs = jobs
        self._finished: dict[int, float] = {}

    def finish(self, item: int, seconds: float) -> None:
        """An item has taken `seconds` from beginning to end."""
        self._finished[item] = seconds

    def expected(self, item: int) -> float | None:
        """Seconds that an item will take as a whole; None while nothing is known of any."""
        pairs = [
            (earlier, taken)
            for done, taken in self._finished.items()
            if (earlier := self._earlier[done]) is not None and earlier > 0
        ]
        # this machine may be slower now than it was then, and runs are timed without what comes around them
        pace = sum(taken for _, taken in pairs) / sum(earlier for earlier, _ in pairs) if pairs else 1.0
        earlier = self._earlier[item]
        if earlier is not None:
            return earlier * pace
        if self._finished:
            return sum(self._finished.values()) / len(self._finished)
        known = [value for value in self._earlier if value is not None]
        return median(known) * pace if known else None

    def left(self, waiting: Sequence[int], running: Sequence[tuple[int, float]]) -> float | None:
        """Seconds until all is done.

        Args:
            waiting: items in the order in which they begin.
            running: items with the seconds that they have run.

        >>> Forecast([30.0, 20.0, 10.0], jobs=2).left(waiting=[2], running=[(0, 5.0), (1, 5.0)])
        25.0
        """
        slots = []
        for item, elapsed in running:
            expected = self.expected(item)
            if expected is None:
                return None
            slots.append(max(0.0, expected - elapsed))
        slots.extend([0.0] * (self._jobs - len(slots)))
        heapq.heapify(slots)
        for item in waiting:
            expected = self.expected(item)
            if expected is None:
                return None
            heapq.heappush(slots, heapq.heappop(slots) + expected)
        return max(slots)
