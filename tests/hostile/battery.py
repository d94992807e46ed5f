"""A case of the batteries, what was seen when it was graded, and what is wrong with that.

`problems` is a pure function, so that every case can be shown to be able to fail: `planted` makes, from a
clean observation, one for each way in which the case could go wrong.
"""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, get_args

from graders.model import RunStatus

MIB = 2**20
MOST_GROWTH = 50
"""MiB that the host's process may grow while it grades one submission."""
MOST_RECORD = 4 * MIB
"""Bytes of a record or of a page: what a browser opens and a class of a thousand can keep."""
EXACT = 1e-9

Group = Literal["time", "output", "resources", "escape", "artifacts", "tampering", "files", "benign"]
Rule = Literal["same", "no_more", "none", "flagged"]
"""Points beside those of the honest part: the same; not more; none at all; any, but a person is told."""
Marks = Mapping[str, float | None]
"""Points by task; None where a task could not be measured."""


@dataclass(frozen=True, slots=True)
class Case:
    """One submission, and what must come of it."""

    name: str
    group: Group
    cells: tuple[str, ...] = ()
    """Cells beside the honest ones; `@NAME@` is filled in by the arena."""
    first: bool = False
    """True where the cells stand before the honest ones."""
    honest: Literal["network", "template", "study", "nothing"] = "network"
    """The honest part of the notebook, whose points are the measure."""
    files: Callable[[Path], None] | None = None
    """Changes the student's folder after the notebook was written to it."""
    statuses: tuple[str, ...] = ("completed",)
    rule: Rule = "same"
    done: tuple[str, ...] = ()
    """Attempts that must not succeed: each prints `DONE:name` if it does."""
    traces: tuple[str, ...] = ()
    """Strings that may be in no record, page or output."""
    markup: tuple[str, ...] = ()
    """Strings that may not be in the page, where they would be read as HTML."""
    limits: Mapping[str, float] = field(default_factory=dict)
    seconds: float = 120
    """Wall-clock seconds after which grading counts as hanging, on a busy machine."""
    open_control: bool = False
    """True where the same notebook without a sandbox must leave one of `done` or `traces`."""
    known: Mapping[str, str] = field(default_factory=dict)
    """Why it goes wrong on a tier where docs/sandbox.md says so: `bubblewrap`, `bubblewrap root` or `any`."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of one graded submission."""

    status: str
    marks: Marks
    flags: tuple[str, ...]
    texts: Mapping[str, str]
    """Record, page and outputs, as text."""
    left: tuple[str, ...]
    """What is left on the host that was not there before."""
    grown: float
    """MiB that the host's process grew."""
    seconds: float


def problems(case: Case, seen: Seen, honest: Marks) -> list[str]:
    """What is wrong with what was seen; empty where the case went as it must."""
    return list(_problems(case, seen, honest))


def _problems(case: Case, seen: Seen, honest: Marks) -> Iterator[str]:
    if seen.status not in case.statuses:
        yield f"status {seen.status}, expected {' or '.join(case.statuses)}"
    yield from _points(case.rule, seen, honest)
    for where, text in seen.texts.items():
        for trace in (*case.traces, *(f"DONE:{name}" for name in case.done)):
            if trace in text:
                yield f"{where} has {trace!r}"
        for tag in case.markup if where == "page" else ():
            if tag in text:
                yield f"the page has {tag!r}"
        if where != "outputs" and len(text) > MOST_RECORD:
            yield f"{where} has {len(text) / MIB:.1f} MiB"
    yield from (f"left behind: {thing}" for thing in seen.left)
    if seen.grown > MOST_GROWTH:
        yield f"the host grew by {seen.grown:.0f} MiB"
    if seen.seconds > case.seconds:
        yield f"took {seen.seconds:.0f} s, expected at most {case.seconds:.0f}"


def _points(rule: Rule, seen: Seen, honest: Marks) -> Iterator[str]:
    if rule == "flagged":
        if not seen.flags:
            yield "nobody is told"
        return
    for task, points in seen.marks.items():
        fair = honest[task] or 0.0
        if rule == "same" and abs((points or 0.0) - fair) > EXACT:
            yield f"{task} earned {points}, the honest part {honest[task]}"
        elif rule == "none" and (points or 0.0) > EXACT:
            yield f"{task} earned {points}, expected nothing"
        elif (points or 0.0) > fair + EXACT:
            yield f"{task} earned {points}, more than the honest part's {honest[task]}"


def planted(case: Case, honest: Marks) -> Iterator[tuple[str, Seen]]:
    """For each way in which the case could go wrong, an observation in which it does."""
    clean = clean_observation(case, honest)
    other = next(status for status in get_args(RunStatus) if status not in case.statuses)
    yield "status", replace(clean, status=other)
    if case.rule == "flagged":
        yield "flags", replace(clean, flags=())
    else:
        yield (
            "points",
            replace(clean, marks={task: (points or 0.0) + 0.01 for task, points in honest.items()}),
        )
    for trace in (*case.traces, *(f"DONE:{name}" for name in case.done)):
        for where in clean.texts:
            yield f"{trace} in {where}", replace(clean, texts={**clean.texts, where: f"<p>{trace}</p>"})
    for tag in case.markup:
        yield tag, replace(clean, texts={**clean.texts, "page": f"<p>{tag}</p>"})
    yield "left", replace(clean, left=("a process",))
    yield "grown", replace(clean, grown=MOST_GROWTH + 1)
    yield "size", replace(clean, texts={**clean.texts, "page": " " * (MOST_RECORD + 1)})
    yield "seconds", replace(clean, seconds=case.seconds + 1)


def clean_observation(case: Case, honest: Marks) -> Seen:
    """An observation that is right for the case."""
    marks = {task: 0.0 for task in honest} if case.rule == "none" else honest
    texts = {"record": "", "page": "", "outputs": ""}
    return Seen(case.statuses[0], marks, ("variant_gap",), texts, (), 0.0, 1.0)


def write_row(case: Case, seen: Seen, found: list[str]) -> None:
    """Add a line to the table of results, where one is asked for."""
    path = os.environ.get("GRADE_BATTERY_ROWS")
    if path is None:
        return
    row = {
        "name": case.name,
        "group": case.group,
        "status": seen.status,
        "points": sum(points or 0.0 for points in seen.marks.values()),
        "seconds": round(seen.seconds, 2),
        "wrong": found,
    }
    with open(path, "a", encoding="utf-8") as file:  # noqa: PTH123 - appended to
        file.write(json.dumps(row, ensure_ascii=False) + "\n")
