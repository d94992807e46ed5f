"""The plan as one JSON document."""

import json
from collections.abc import Sequence
from typing import Any

from graders.i18n import sentence
from graders.model import Language
from graders.plan.budgets import Planned
from graders.plan.whole import Whole


def document(plan: Sequence[Planned], whole: Whole, language: Language, left_out: Sequence[str]) -> str:
    """What `grade plan --json` prints: seconds where a table has hours, and codes where it has sentences."""
    shown = {
        "jobs": whole.jobs,
        "seconds": _rounded(whole.seconds),
        "low": _rounded(whole.low),
        "high": _rounded(whole.high),
        "one_after_another": _rounded(whole.one_after_another),
        "submissions": [_entry(one, language) for one in plan],
        "left_out": list(left_out),
    }
    return json.dumps(shown, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _entry(one: Planned, language: Language) -> dict[str, Any]:
    return {
        "student": one.student,
        "assignment": one.slug,
        "seconds": _rounded(one.estimate.seconds),
        "low": _rounded(one.estimate.low),
        "high": _rounded(one.estimate.high),
        "own_seconds": _rounded(one.own_seconds),
        "longest_cell": _rounded(one.estimate.longest_cell),
        "kind": one.estimate.kind,
        "source": sentence(one.estimate.source, language),
        "checkpoint": one.checkpoint,
        "weights": one.weights,
        "over": list(one.over),
        "may_be_over": list(one.may_be_over),
    }


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 1)
