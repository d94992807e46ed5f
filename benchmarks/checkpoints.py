"""Trains the samples that bring their weights along, and writes what their students hand in.

    PYTHONPATH=.:graders/sandbox python benchmarks/checkpoints.py

`submissions/student03` is honest: its notebook trains, saves weights, curve and mid-training, and all of it
is as it came out. `submissions/student04` has stopped after two epochs and made up the rest of its curve.
Cells run in this process, one after another, as they would in a notebook; what they print is their output.
"""

import contextlib
import io
import os
import shutil
import tempfile
from pathlib import Path

import nbformat
from inside import stand_in
from IPython.core.interactiveshell import InteractiveShell
from nbformat.v4 import new_output

from graders import data

ROOT = Path(__file__).parents[1]
SLUG = "l06_unet"
ENDS = (".safetensors", ".middle.safetensors", ".curve.csv")


def main() -> None:
    """Trains both samples anew."""
    stand_in.offer()
    for student in ("student03", "student04"):
        train(ROOT / "submissions" / student)
    forge(ROOT / "submissions" / "student04")


def train(folder: Path) -> None:
    """Runs the notebook of a student's folder and puts what it saved beside it."""
    path = folder / f"{SLUG}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    shell = InteractiveShell()
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as scratch:
        Path(scratch, "data").symlink_to(
            data.shared_folder(("cells", "noisy_cells"), "mini", data.cache_folder())
        )
        os.chdir(scratch)
        try:
            for cell in notebook.cells:
                if cell.cell_type != "code":
                    continue
                said = io.StringIO()
                with contextlib.redirect_stdout(said):
                    shell.run_cell(cell.source).raise_error()
                text = said.getvalue()
                cell.outputs = [new_output("stream", name="stdout", text=text)] if text else []
        finally:
            os.chdir(before)
        for end in ENDS:
            if Path(scratch, SLUG + end).is_file():
                shutil.copy(Path(scratch, SLUG + end), folder / (SLUG + end))
    nbformat.write(notebook, path)


def forge(folder: Path) -> None:
    """A curve of a formula in place of the one that the notebook wrote."""
    rows = ["epoch,train_loss,validation_loss,validation_iou"]
    for epoch in range(1, 13):
        train_loss = 0.14 + 1.1 * 0.62 ** (epoch - 1)
        rows.append(
            f"{epoch},{train_loss:.4f},{1.08 * train_loss + 0.01:.4f},{0.88 - 0.42 * 0.62 ** (epoch - 1):.4f}"
        )
    (folder / f"{SLUG}.curve.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
