"""What a run is told of the places that stand in for the Internet and for Colab's own folders."""

import itertools
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from nbformat import NotebookNode

from graders.sandbox.job import Job
from graders.sandbox.mounts import DATA, WEIGHTS
from graders.sandbox.stage import SEALED, Places, Stage

REFUSED = "refused.jsonl"
"""Name in the outbox of the notes of what was refused."""
INDEX = "index.json"
CONTENT = Path("/content")
"""Colab's working folder: a link to the notebook's, where it has a file system of its own."""
NAMED = re.compile(rf"""(?<![^\s"'`=(,:\[>|&;]){CONTENT}(?![\w.-])""")
"""That folder as code and commands name it, and not as a part of an address or of another path."""
PLAIN = re.compile(r"[\w./-]+")
"""Paths that mean the same in code and in a shell."""
DRIVE = re.compile(r"drive/((?:My\\? ?Drive|Shared ?drives)[^'\"`\n\r$<>|&;*?#,(){}\[\]=]{0,200})")
"""A folder of a mounted drive, as notebooks write it."""
SAMPLES = "sample_data"
MOST_FOLDERS = 50
MOST_PARTS = 8
MOST_OWN = 200
"""Names of handed-in files that a run is told."""
MOST_TOLD = 40_000
"""Bytes that a list of names may take: a variable of the environment holds no more than 128 KiB."""


def told(job: Job, places: Places) -> str:
    """The value of `GRADE_OFFLINE`; see `inside.offline`."""
    targets = (mount.target for mount in job.mounts)
    own = _short([name for name in targets if name not in (DATA, WEIGHTS) and "/" not in name][:MOST_OWN])
    cells = [str(cell.source) for cell in job.notebook.cells if cell.cell_type == "code"]
    known: dict[str, str | bool | list[str]] = {
        "refused": str(places.outbox / REFUSED),
        "home": str(places.home),
        "own": own,
        "drive": _short(drive_folders(cells, own)),
        "samples": any(SAMPLES in cell for cell in cells),
    }
    if job.mirror:
        known["index"] = str(places.mirror / INDEX)
    return json.dumps(known)


def put_home(notebook: NotebookNode, places: Places) -> NotebookNode:
    """Where a run has no file system of its own, writes the working folder for `/content` into the cells.

    There is no such folder there, and none may be made. Files that were handed in stay as they are.
    """
    if places != SEALED and PLAIN.fullmatch(str(places.home)):
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.source = NAMED.sub(str(places.home), cell.source)
    return notebook


def _short(names: list[str]) -> list[str]:
    """As many of the names as there is room for."""
    sizes = itertools.accumulate(len(json.dumps(name)) for name in names)
    return [name for name, size in zip(names, sizes, strict=True) if size <= MOST_TOLD]


def drive_folders(cells: Iterable[str], own: Iterable[str]) -> list[str]:
    """Folders below a mounted drive that a notebook names, where its files lie or where it wants to write.

    >>> drive_folders(["pd.read_csv('/content/drive/MyDrive/nn/hw5/rain.csv')"], ["rain.csv"])
    ['MyDrive/nn/hw5']
    """
    files = {*own, DATA}
    found: dict[str, None] = {}
    for cell in cells:
        for path in DRIVE.findall(cell):
            parts = [part.strip() for part in path.replace("\\", "").split("/") if part.strip(" .")]
            if parts[-1] in files or "." in parts[-1]:
                parts.pop()
            if ".." not in path and 1 < len(parts) <= MOST_PARTS:
                found["/".join(parts).replace("My Drive", "MyDrive", 1)] = None
            if len(found) == MOST_FOLDERS:
                return list(found)
    return list(found)


def write_index(job: Job, stage: Stage, places: Places) -> None:
    """Write the list of the mirror's files, with their paths as the notebook's process sees them."""
    if not job.mirror:
        return
    listed = [
        [one.url, str(places.mirror / str(number) if places == SEALED else one.source), one.name]
        for number, one in enumerate(job.mirror)
    ]
    index = stage.mirror / INDEX
    index.write_text(json.dumps(listed), encoding="utf-8")
    index.chmod(0o644)  # whatever the umask


def shown(job: Job, stage: Stage) -> Iterator[tuple[Path, Path]]:
    """Files of the host that a sealed run sees for its mirror, with where it sees them."""
    if job.mirror:
        yield stage.mirror / INDEX, SEALED.mirror / INDEX
    for number, one in enumerate(job.mirror):
        yield one.source, SEALED.mirror / str(number)
