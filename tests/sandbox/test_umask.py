"""Files that root makes under a strict umask, and a notebook that runs as another user."""

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from running import Run, statuses

from graders.sandbox import Mount, ProbeStep

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user's notebooks run as that user")


@pytest.fixture
def strict(run: Run) -> Iterator[None]:
    """The umask of a careful root, once everything that tests share is made."""
    before = os.umask(0o077)
    yield
    os.umask(before)


@pytest.mark.usefixtures("strict")
def test_the_notebook_reads_what_it_is_handed(run: Run, tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "helper.py").write_text("VALUE = 42\n")
    cells = ["from own.helper import VALUE", "def predict(x): return x * VALUE"]
    step = ProbeStep("double", "double", {"x": np.ones(3)}, {}, 10)
    ended = run(cells, (step,), (Mount(tmp_path / "own", "own", copy=True),))
    assert ended.run.status == "completed", ended.run
    assert statuses(ended) == ["ok", "ok"]
    assert ended.steps["double"].status == "ok", ended.steps["double"]
