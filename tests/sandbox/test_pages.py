"""Large pages are the same memory, and fewer of them."""

import platform
from pathlib import Path

import pytest

pytest.importorskip("pyseccomp", exc_type=ImportError)

from forked import in_child

from graders.sandbox.zygote.pages import LARGE, use_large_pages

RELEASE = platform.release().split(".")[:2]


def large() -> int:
    """KiB of this process that lie in large pages."""
    lines = Path("/proc/self/smaps_rollup").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("AnonHugePages"))


@pytest.mark.skipif(tuple(map(int, RELEASE)) < (6, 1), reason="before Linux 6.1 no program can join pages")
def test_memory_is_joined_and_keeps_what_is_in_it() -> None:
    def joined() -> list[object]:
        blocks = [bytes([number]) * (4 * LARGE) for number in range(5)]
        before = large()
        use_large_pages()
        kept = [block == bytes([number]) * (4 * LARGE) for number, block in enumerate(blocks)]
        return [before, large(), kept]

    before, after, kept = in_child(joined)
    assert after > before
    assert kept == [True] * 5
