"""A way to run cells for real, with a probe that hands out what they found."""

from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_notebook
from running import PROBE, Run

from graders.errors import SandboxError
from graders.model import Limits, Runtime
from graders.sandbox import Execution, Job, Mount, ProbeStep, Sandbox, execute, open_sandbox


@pytest.fixture(scope="session")
def probe(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("assignment") / "probe.py"
    path.write_text(PROBE)
    return path


@pytest.fixture(scope="session")
def run(probe: Path) -> Run:
    """Runs cells in bubblewrap; limits by name."""
    try:
        with open_sandbox("bubblewrap", Runtime()):
            pass
    except SandboxError as error:
        pytest.skip(str(error))

    def run_cells(
        cells: list[str],
        steps: tuple[ProbeStep, ...] = (),
        mounts: tuple[Mount, ...] = (),
        sandbox: str = "bubblewrap",
        seed: int = 7,
        **limits: float,
    ) -> Execution:
        notebook = new_notebook(cells=[new_code_cell(cell) for cell in cells])
        job = Job(notebook, mounts, probe, steps, Limits(**limits), "cpu", seed, "mini")
        return execute(job, Sandbox(sandbox, Runtime()), lambda _progress: None)

    return run_cells
