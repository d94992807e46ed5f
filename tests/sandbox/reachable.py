"""Shows folders that others may not enter to the users of a mount namespace; the host's stay closed."""

import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent


def closed(path: Path) -> Path | None:
    """The topmost folder above `path` that others may not enter."""
    return next((parent for parent in reversed(path.parents) if not parent.stat().st_mode & 0o001), None)


def opened(needed: list[Path], stage: Path) -> Iterator[str]:
    """Shell commands that show `needed` in a mount namespace of its own; the host's folders stay closed."""
    hidden = sorted({path for path in needed if closed(path)})
    outer = [path for path in hidden if not any(other in path.parents for other in hidden)]
    for number, path in enumerate(outer):
        yield f"mkdir {stage}/{number} && mount --bind {shlex.quote(str(path))} {stage}/{number}"
    for above in sorted({str(closed(path)) for path in outer}):
        yield f"mount -t tmpfs -o mode=755 none {shlex.quote(above)}"
    for number, path in enumerate(outer):
        yield f"mkdir -p {shlex.quote(str(path))} && mount --move {stage}/{number} {shlex.quote(str(path))}"


def run_where_python_is_reachable(
    command: list[str], stage: Path, environment: dict[str, str]
) -> "subprocess.CompletedProcess[str]":
    """Run a command from the repository's folder, which other users may read there, as they may Python."""
    may = subprocess.run(["unshare", "--mount", "true"], capture_output=True, check=False)
    if may.returncode != 0:
        pytest.skip("mount namespaces cannot be made here")
    needed = [Path(sys.base_prefix).resolve(), Path(sys.prefix).resolve(), ROOT.resolve()]
    script = " && ".join(
        [*opened(needed, stage), f"cd {shlex.quote(str(ROOT))}", f"exec {shlex.join(command)}"]
    )
    return subprocess.run(
        ["unshare", "--mount", "--propagation", "private", "sh", "-c", script],
        capture_output=True,
        text=True,
        env={"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1", **environment},
        cwd="/",
        check=False,
    )
