"""A course's mirror and a student's files for notebooks that want the Internet, and a way to run them."""

import io
import math
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from graders.mirror import Mirrored
from graders.sandbox import Execution, Mount

Tried = Callable[..., Execution]
TABLE = "day,rain\n1,0.5\n2,2.0\n"


def make_mirror(folder: Path) -> tuple[Mirrored, ...]:
    """A table, a picture's bytes, an archive of code, one of data, and weights, by addresses."""
    folder.mkdir()
    (folder / "rain.csv").write_text(TABLE, encoding="utf-8")
    with zipfile.ZipFile(folder / "cells.zip", "w") as archive:
        archive.writestr("cells/a.txt", "one")
        archive.writestr("cells/b.txt", "two")
    with tarfile.open(folder / "toolbox.tar.gz", "w:gz") as archive:
        code = b"def answer():\n    return 42\n"
        member = tarfile.TarInfo("toolbox-main/toolbox.py")
        member.size = len(code)
        archive.addfile(member, io.BytesIO(code))
        needed = b"# of the course\ntorch>=1.0\nnumpy\n"
        member = tarfile.TarInfo("toolbox-main/requirements.txt")
        member.size = len(needed)
        archive.addfile(member, io.BytesIO(needed))
    np.savez(folder / "bars.npz", **_bars())
    addresses = {
        "https://data.example.org/sets/rain.csv": "rain.csv",
        "https://drive.google.com/uc?id=1RainOfTheYear": "rain.csv",
        "https://data.example.org/cells.zip": "cells.zip",
        "https://data.example.org/bars.npz": "bars.npz",
        "https://github.com/someone/toolbox": "toolbox.tar.gz",
        "http://old.example.org/rain.csv?version=2": "rain.csv",
    }
    for name in set(addresses.values()):
        (folder / name).chmod(0o644)
    return tuple(Mirrored(url, folder / name, "") for url, name in addresses.items())


def _bars() -> dict[str, NDArray[Any]]:
    """Pictures of bars that lie and bars that stand, with their classes."""
    random = np.random.default_rng(0)
    pictures = random.random((128, 8, 8), np.float32) * 0.3
    classes = np.arange(128) % 2
    for picture, standing in zip(pictures, classes, strict=True):
        (picture.T if standing else picture)[random.integers(1, 7)] += 0.7
    return {"X": pictures, "y": classes}


def make_files(folder: Path) -> tuple[Mount, ...]:
    """What a student handed in beside the notebook, and the course's data."""
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "train.csv").write_text("x\n1\n", encoding="utf-8")
    (folder / "marks.csv").write_text("mark\n7\n", encoding="utf-8")
    (folder / "helper.py").write_text("FACTOR = 3\nWHERE = '/content/x.csv'\n", encoding="utf-8")
    days = [f"2024-{day // 28 + 1:02}-{day % 28 + 1:02},{math.sin(day / 3):.3f}" for day in range(200)]
    (folder / "waves.csv").write_text("\n".join(["day,height", *days]), encoding="utf-8")
    own = [Mount(folder / name, name, copy=True) for name in ("marks.csv", "helper.py", "waves.csv")]
    return (*own, Mount(folder / "data", "data", open=True))
