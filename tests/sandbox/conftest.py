"""A way to run cells for real, with a probe that hands out what they found."""

import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_notebook
from running import PROBE, Run

from graders.errors import SandboxError
from graders.model import Limits, Runtime, SandboxName
from graders.sandbox import Execution, Job, Mount, ProbeStep, Sandbox, execute, open_sandbox
from graders.sandbox.zygotes import open_zygote


@pytest.fixture(scope="session")
def probe(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("assignment") / "probe.py"
    path.write_text(PROBE)
    return path


@pytest.fixture(scope="session")
def zygote() -> Iterator[socket.socket]:
    """A warm zygote for all tests."""
    with open_zygote(Path(sys.executable), 2, warm=True) as opened:
        yield opened


@pytest.fixture(scope="session", params=["namespaces", "bubblewrap"])
def tier(request: pytest.FixtureRequest) -> SandboxName:
    """The tier that a test's notebooks run in."""
    try:
        with open_sandbox(request.param, Runtime()) as sandbox:
            return sandbox.tier
    except SandboxError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def run(probe: Path, tier: SandboxName, zygote: socket.socket) -> Run:
    """Runs cells; limits by name."""

    def run_cells(
        cells: list[str],
        steps: tuple[ProbeStep, ...] = (),
        mounts: tuple[Mount, ...] = (),
        sandbox: SandboxName = tier,
        seed: int | None = None,
        **limits: float,
    ) -> Execution:
        notebook = new_notebook(cells=[new_code_cell(cell) for cell in cells])
        job = Job(notebook, mounts, probe, steps, Limits(**limits), "cpu", seed, "mini")
        return execute(job, Sandbox(sandbox, Runtime(), zygote), lambda _progress: None)

    return run_cells
