"""Landlock where root grades: notebooks run as another user, below the scratch folder of a command."""

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from reachable import ROOT, run_where_python_is_reachable
from running import PROBE

from graders.sandbox.zygote.confine import LEAST_ABI, landlock_abi

pytestmark = [
    pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes another user"),
    pytest.mark.skipif(landlock_abi() < LEAST_ABI, reason="this system has no Landlock, or an old one"),
]

GRADE = """
import json, os, sys
from pathlib import Path
import numpy as np
from nbformat.v4 import new_code_cell, new_notebook
from graders.batch.scratch import scratch
from graders.mirror import Mirrored
from graders.model import Limits, Runtime
from graders.sandbox import Job, Mount, ProbeStep, Sandbox, execute

os.umask(0o077)
here = Path(sys.argv[1])
cells = [new_code_cell(cell) for cell in json.loads(sys.argv[2])]
step = ProbeStep("double", "double", {"x": np.ones(3)}, {}, 10)
mounts = (Mount(here / "helper.py", "helper.py", copy=True), Mount(here / "data", "data", open=True))
with scratch():
    job = Job(
        new_notebook(cells=cells), mounts, here / "probe.py", (step,), Limits(), "cpu", None, "mini",
        mirror=(Mirrored("https://data.example.org/a.txt", here / "a.txt", ""),),
    )
    ended = execute(job, Sandbox("landlock", Runtime()), lambda _progress: None)
print(json.dumps({
    "status": ended.run.status,
    "refused": [one.what for one in ended.run.refused],
    "double": ended.steps["double"].status,
    "printed": ["".join(output.get("text", "") for output in cell.outputs) for cell in ended.notebook.cells],
}))
"""
CELLS = (
    "from helper import VALUE\ndef predict(x): return VALUE * x",
    "import os; print(os.getuid())",
    "!wget -q https://data.example.org/a.txt && cat a.txt",
    "!pip install -q torchvista",
    "import os\nos.makedirs('/content/data/new')\n%cd -q /content\nprint(open('data/deep/a.csv').read())\n"
    "try: open('data/deep/a.csv', 'a')\nexcept OSError: print('kept')\n!ls /content/data",
)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """What came of a notebook, under a strict umask."""
    folder = Path(tempfile.mkdtemp(prefix="landlock-", dir="/tmp"))
    folder.chmod(0o755)
    for name, text in (("probe.py", PROBE), ("helper.py", "VALUE = 42\n"), ("a.txt", "kept")):
        (folder / name).write_text(text)
        (folder / name).chmod(0o644)
    (folder / "data" / "deep").mkdir(parents=True)
    (folder / "data" / "deep" / "a.csv").write_text("public")
    for shown in (folder / "data").rglob("*"):
        shown.chmod(0o755 if shown.is_dir() else 0o644)
    (folder / "data").chmod(0o755)
    command = [sys.executable, "-c", GRADE, str(folder), json.dumps(CELLS)]
    environment = {"PYTHONPATH": str(ROOT)}
    ended = run_where_python_is_reachable(command, tmp_path_factory.mktemp("stage"), environment)
    assert ended.returncode == 0, ended.stderr
    yield json.loads(ended.stdout)
    shutil.rmtree(folder)


def test_a_notebook_is_run_and_measured(ran: dict[str, Any]) -> None:
    assert ran["status"] == "completed"
    assert ran["double"] == "ok"
    assert int(ran["printed"][1]) > 0


def test_a_file_of_the_mirror_is_served_and_what_is_not_there_is_noted(ran: dict[str, Any]) -> None:
    assert ran["printed"][2].strip() == "kept"
    assert ran["refused"] == ["torchvista"]


def test_colabs_folder_is_the_working_folder_and_data_may_be_added(ran: dict[str, Any]) -> None:
    assert ran["printed"][4].split() == ["public", "kept", "deep", "new"]
