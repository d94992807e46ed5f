"""The batteries as an ordinary user, for whom other walls stand than for root; root becomes one for it."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from reachable import ROOT, run_where_python_is_reachable

NOBODY = 65534
GROUPS = os.environ.get("GRADE_TEST_ORDINARY", "at_once or bomb or sockets or artifacts-link or disk")
"""Which cases; `GRADE_TEST_ORDINARY=hostile` runs all."""


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
    environment = {
        "HOME": str(home),
        "TMPDIR": str(home),
        **{name: value for name, value in os.environ.items() if name.startswith("GRADE_")},
    }
    environment.pop("GRADE_DATA", None)
    ran = run_where_python_is_reachable([*user, *tests], tmp_path, environment)
    assert ran.returncode == 0, ran.stdout[-6000:] + ran.stderr[-2000:]
    assert " passed" in ran.stdout
