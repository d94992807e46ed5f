"""The batteries as an ordinary user, for whom other walls stand than for root; root becomes one for it."""

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
NOBODY = 65534
GROUPS = os.environ.get(
    "GRADE_TEST_ORDINARY", "escape- or bomb or disk or memory or sockets or artifacts-link or multiprocessing"
)
"""Which cases; `GRADE_TEST_ORDINARY=hostile` runs all."""


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


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder of the ordinary user's."""
    folder = Path(tempfile.mkdtemp(prefix="ordinary-", dir="/tmp"))
    os.chown(folder, NOBODY, NOBODY)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="this is an ordinary user already")
@pytest.mark.skipif(shutil.which("setpriv") is None, reason="util-linux is not installed")
def test_the_batteries_hold_for_an_ordinary_user(home: Path, tmp_path: Path) -> None:
    needed = [Path(sys.base_prefix).resolve(), Path(sys.prefix).resolve(), ROOT.resolve()]
    tests = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        str(ROOT / "tests/hostile"),
        "-k",
        f"gains_nothing and ({GROUPS}) or loses_nothing and ({GROUPS})",
    ]
    user = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--inh-caps=-all"]
    script = " && ".join(
        [*opened(needed, tmp_path), f"cd {shlex.quote(str(ROOT))}", f"exec {shlex.join([*user, *tests])}"]
    )
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "TMPDIR": str(home),
        "PYTHONDONTWRITEBYTECODE": "1",
        **{name: value for name, value in os.environ.items() if name.startswith("GRADE_")},
    }
    may = subprocess.run(["unshare", "--mount", "true"], capture_output=True, check=False)
    if may.returncode != 0:
        pytest.skip("mount namespaces cannot be made here")
    command = ["unshare", "--mount", "--propagation", "private", "sh", "-c", script]
    environment.pop("GRADE_DATA", None)
    ran = subprocess.run(command, capture_output=True, text=True, env=environment, cwd="/", check=False)
    assert ran.returncode == 0, ran.stdout[-6000:] + ran.stderr[-2000:]
    assert " passed" in ran.stdout
