"""Looks at a submission for the plan: what its notebooks say of their own runs, and the loops in them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from graders.checkpoint import Brought, find_brought
from graders.model import Limits, Submission, say
from graders.plan.counting import Count, count_steps
from graders.plan.estimating import UNSURE, Estimate, Known, Loops, estimate
from graders.plan.lessons import Lesson
from graders.plan.library import Facts
from graders.plan.timings import MOST_READ, Saved, Timings, timings
from graders.submissions import Found, read

LARGEST_NOTEBOOK = 20 * 2**20
"""Bytes of a notebook whose metadata are read: they cost reading the file a second time."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What was seen of a submission without running it."""

    student: str
    slug: str
    loops: Loops | None
    """Training steps in its notebooks; None where there is no notebook that can be read."""
    shortened: Loops | None
    """The same where its weights are loaded in place of the training."""
    timings: Timings | None
    brought: tuple[Brought, ...]
    """What came with each of its notebooks to be scored without a training."""
    empty: bool
    """Whether there is nothing to run, or nothing that can be run."""
    unreadable: bool = False
    """Whether a notebook is there that cannot be read."""
    own: bool = False
    """Whether a notebook brings data along."""


def look(found: Found, lesson: Lesson, limits: Limits, others: Sequence[str] = ()) -> Looked:
    """Reads a submission and counts. What is wrong with it is in the result, never an exception."""
    submission = read(
        found.folder,
        found.slug,
        limits,
        found.notebook,
        alone=found.alone,
        names=lesson.notebooks,
        others=others,
    )
    parts = submission.parts or (submission,)
    runnable = [part for part in parts if part.notebook is not None and not part.unsupported]
    cells = [_saved(part) for part in runnable]
    told = [timings(one, _accelerated(part.notebook)) for one, part in zip(cells, runnable, strict=True)]
    return Looked(
        student=submission.student,
        slug=found.slug,
        loops=_loops(cells, lesson, "rerun"),
        shortened=_loops(cells, lesson, "checkpoint"),
        timings=_together([one for one in told if one is not None]),
        brought=tuple(find_brought(part) for part in runnable),
        empty=not any(cell.source.strip() for one in cells for cell in one),
        unreadable=any(part.unreadable is not None for part in parts),
        own=any("def load_all" in cell.source for one in cells for cell in one),
    )


def estimated(
    looked: Looked, lesson: Lesson, known: Known, *, on_gpu: bool, checkpoint: bool = False
) -> Estimate:
    """How long a submission will take: with its training, or with its weights loaded instead of it."""
    if looked.empty:
        source = say("plan.source.unreadable" if looked.unreadable else "plan.source.nothing")
        return Estimate("nothing", 0.0, 1.0, source, 0.0)
    loops = looked.shortened if checkpoint else looked.loops
    return estimate(loops, looked.timings, known, lesson, on_gpu=on_gpu, trains=not checkpoint)


def told_seconds(looked: Looked, lesson: Lesson, budget: float, *, on_gpu: bool) -> float | None:
    """What a submission itself says of how long it takes, beside a budget; None where it says too little."""
    said = estimated(looked, lesson, Known(), on_gpu=on_gpu)
    if said.kind in UNSURE:
        return said.low if (said.low or 0.0) > budget else None
    return said.seconds if said.kind in ("nothing", "timings", "loops") else None


def _loops(cells: Sequence[Sequence[Saved]], lesson: Lesson, mode: str) -> Loops | None:
    if not cells:
        return None
    facts = Facts(
        lesson.facts.examples, lesson.facts.validation, {**lesson.facts.environment, "GRADE_MODE": mode}
    )
    counts: list[Count] = [count_steps([cell.source for cell in one], facts) for one in cells]
    return Loops.of(counts)


def _together(told: Sequence[Timings]) -> Timings | None:
    """What several notebooks of a lesson say; they run one after another."""
    if not told:
        return None
    return Timings(tuple(one for part in told for one in part.cells), any(part.on_gpu for part in told))


def _saved(part: Submission) -> list[Saved]:
    """The code cells of a notebook with their outputs, and with the metadata that its file has."""
    notebook = part.notebook
    if notebook is None:
        return []
    metadata = _metadata(part.notebook_path, len(notebook.cells))
    return [
        Saved(cell.source, _text(cell), metadata[number])
        for number, cell in enumerate(notebook.cells)
        if cell.cell_type == "code"
    ]


def _metadata(path: Path | None, count: int) -> list[Mapping[str, object]]:
    """Metadata of all cells; empty where the file has another number of them, as in an older format."""
    empty: list[Mapping[str, object]] = [{}] * count
    try:
        if path is None or path.stat().st_size > LARGEST_NOTEBOOK:
            return empty
        raw = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return empty
    cells = raw.get("cells") if isinstance(raw, dict) else None
    if not isinstance(cells, list) or len(cells) != count:
        return empty
    tables = [cell.get("metadata") if isinstance(cell, dict) else None for cell in cells]
    return [table if isinstance(table, dict) else {} for table in tables]


def _text(cell: NotebookNode) -> str:
    """Text of a cell's outputs, the end of it."""
    texts = []
    for output in cell.get("outputs", []):
        data = output.get("data") or {}
        texts.append(str(output.get("text") or data.get("text/plain") or "")[-MOST_READ:])
    return "\n".join(texts)[-MOST_READ:]


def _accelerated(notebook: NotebookNode | None) -> bool:
    """Whether a notebook asks Colab for a GPU."""
    metadata = notebook.metadata if notebook is not None else {}
    return (
        "gpu" in str(metadata.get("accelerator", ""))[:40].lower()
        or "gpuType" in str(metadata.get("colab"))[:4000]
    )
