"""Lessons with several notebooks: each is a run of its own, and the record has one for them all."""

from collections.abc import Sequence
from typing import get_args

from graders.grading.work import Work
from graders.model import Run, RunStatus

UNREAD = ("unreadable", "unsupported", "not_run")
"""Runs that never began: where another did, they are told by their tasks."""


def together(parts: Sequence[Work]) -> Run:
    """One run from those of all notebooks: the worst end, the sums of times, all cells."""
    runs = [part.run for part in parts]
    begun = [run for run in runs if run.status not in UNREAD] or runs
    order = get_args(RunStatus)
    worst = max(begun, key=lambda run: order.index(run.status))
    return worst.model_copy(
        update={
            "seconds": sum(run.seconds for run in runs),
            "cell_seconds": sum(run.cell_seconds for run in runs),
            "probe_seconds": sum(run.probe_seconds for run in runs),
            "mode": "checkpoint" if any(run.mode == "checkpoint" for run in runs) else "rerun",
            "peak_mib": max(run.peak_mib for run in runs),
            "cells": tuple(
                cell.model_copy(update={"notebook": part.submission.name})
                for part in parts
                for cell in part.run.cells
            ),
            "refused": tuple(dict.fromkeys(refusal for run in runs for refusal in run.refused)),
        }
    )
