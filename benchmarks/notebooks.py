"""The notebooks of the benchmarks, and the course and class that they are handed in to."""

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook, new_output

ROOT = Path(__file__).parent.parent
SLUG = "l04_cnn"
LINEAR = "nn.Flatten(), nn.Linear(784, 10)"
CONVOLUTION = "nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(4), nn.Flatten(), nn.Linear(392, 10)"
NETWORK = """\
torch.manual_seed(0)
net = nn.Sequential({layers})
optimiser = torch.optim.Adam(net.parameters())
pictures, labels = torch.rand(64, 1, 28, 28), torch.arange(64) % 10
"""
STEPS = """\
for step in range({steps}):
    loss = nn.functional.cross_entropy(net(pictures), labels)
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
print(float(loss))
"""
PREDICT = """\
def predict(images):
    with torch.no_grad():
        return net(images)
"""
TRIED_STEPS, TRIES = 200, 5
TELL_SECONDS = "print(time.perf_counter() - began)"
HOSTILE = {
    "endless loop": "while True: pass",
    "fork bomb": "import os\nwhile True: os.fork()",
    "memory hog": "kept = []\nwhile True: kept.append(bytearray(b'x') * 2**26)",
    "leaves at once": "import os\nos._exit(0)",
    "print flood": "while True: print('x' * 10_000)",
    "disk filler": "with open('big', 'wb') as file:\n    while True: file.write(bytes(2**20))",
    "swallows interrupts": (
        "import time\nwhile True:\n    try: time.sleep(1)\n    except BaseException: pass"
    ),
    "daemon": (
        "import os, time\nif os.fork() == 0:\n    os.setsid()\n    time.sleep(600)\n    os._exit(0)\n"
        "time.sleep(600)"
    ),
    "crash": "import ctypes\nctypes.string_at(0)",
    "many files": "for n in range(10**9): open(f'f{n}', 'w').close()",
}
"""What a tenth of a class does after its honest cells, by name."""


def trivial() -> list[str]:
    """Cells that import torch, make one optimiser step of a linear layer and print."""
    return _cells(LINEAR, 1)


def training(steps: int) -> list[str]:
    """The same with a convolution and so many steps."""
    return _cells(CONVOLUTION, steps)


def _cells(layers: str, steps: int) -> list[str]:
    return [
        "import torch\nfrom torch import nn",
        NETWORK.format(layers=layers) + STEPS.format(steps=steps),
        PREDICT,
    ]


def steps_for(seconds: float) -> int:
    """How many training steps take about so long on this machine when nothing else runs."""
    began = "import time\nbegan = time.perf_counter()"
    tried = [began, STEPS.format(steps=TRIED_STEPS), TELL_SECONDS]
    code = "\n".join([*training(1)[:2], *tried * TRIES])
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    fastest = min(float(line) for line in done.stdout.split()[2::2])  # every other line is a loss
    return max(1, round(TRIED_STEPS * seconds / fastest))


def timed(cells: Sequence[str], result: Path) -> list[str]:
    """The cells, each with a clock of its own, and a last one that tells the seconds of all together.

    It writes them to the file `result`. In a sandbox it cannot, so it prints them as an accuracy too: figures
    of that name are what a record of `grade` keeps of a notebook's output.
    """
    counted = [
        f"import time as clock\nbegan = clock.perf_counter()\n{cell}\n"
        f"spent = globals().get('spent', 0.0) + clock.perf_counter() - began"
        for cell in cells
    ]
    tell = (
        "import contextlib, pathlib\nwith contextlib.suppress(OSError):\n"
        f"    pathlib.Path({str(result)!r}).write_text(str(spent))\n"
        "print(f'accuracy: {spent / 1000:.6f}')"
    )
    return [*counted, tell]


def write(path: Path, cells: Sequence[str]) -> None:
    """Write a notebook whose last cell was saved with an output that names an accuracy."""
    made = [new_code_cell(cell, id=f"c{index}") for index, cell in enumerate(cells)]
    made[-1].outputs = [new_output("stream", name="stdout", text="accuracy: 0.000000\n")]
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(new_notebook(cells=made, metadata=metadata), path)


def make_course(root: Path) -> None:
    """A copy of the sample course without its students."""
    for name in ("course.toml", "sample.secret"):
        shutil.copy(ROOT / name, root / name)
    for folder in ("assignments", "reference"):
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))


def make_class(root: Path, submissions: int, hostile: int) -> dict[str, str]:
    """Submissions of the trivial notebook, of which some, spread evenly, do harm at their end.

    Returns:
        What each of those does, by student.
    """
    shapes = list(HOSTILE.items())
    every = max(1, submissions // hostile) if hostile else submissions + 1
    done: dict[str, str] = {}
    for number in range(submissions):
        student, cells = f"student{number:04}", trivial()
        if number % every == every // 2 and len(done) < hostile:
            done[student], code = shapes[len(done) % len(shapes)]
            cells.append(code)
        write(root / "submissions" / student / f"{SLUG}.ipynb", cells)
    return done
