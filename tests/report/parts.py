"""Marks, their evidence and runs as grading makes them: what `builders` puts into records."""

from typing import Any

from asked import threshold

from graders.model import (
    AnswerScore,
    CellResult,
    Criteria,
    Criterion,
    KeyPointFinding,
    Layer,
    Layers,
    Mark,
    Measurement,
    Run,
    Span,
    SpotCheck,
    Statistics,
    Study,
    StudyPoint,
    StudyRow,
    say,
)

HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}{% raw %}[x](javascript:alert(1))"
    "![](http://evil.example/x.png)\x1b[31mred\x1b]0;title\x07\u202egnp.exe\x00\"'>"
    "<iframe src=//evil.example>[bold]markup[/bold]"
)


def metric_mark(value: float = 0.893, spread: float = 0.011, **changes: Any) -> Mark:
    limits = threshold()
    shown = {"value": value, "low": value - spread, "high": value + spread}
    earned = 4 * min(1.0, max(0.0, (shown["high"] - limits.zero) / (limits.full - limits.zero)))
    status = "failed"
    if earned > 0:
        status = "partial" if earned < 4 else "passed" if value >= limits.full else "borderline"
    values: dict[str, Any] = {
        "task": "accuracy",
        "kind": "metric",
        "status": status,
        "earned": earned,
        "possible": 4.0,
        "settled": True,
        "n": 2000,
        "threshold": limits,
        "reason": say(f"metric.{status}", **shown, zero=limits.zero, full=limits.full),
        "hint": None
        if status == "passed"
        else say("metric.hint_partial", zero=limits.zero, full=limits.full),
        **shown,
    }
    return Mark(**{**values, **changes})


def bare_mark(**changes: Any) -> Mark:
    """The mark of the metric where nothing was measured."""
    values: dict[str, Any] = {
        "task": "accuracy",
        "kind": "metric",
        "status": "not_run",
        "earned": None,
        "possible": 4.0,
        "settled": False,
        "reason": say("probe.not_run"),
    }
    return Mark(**{**values, **changes})


def layers(**changes: Any) -> Layers:
    found = (
        Layer(
            op="convolution",
            name="conv2d",
            kernel=(5, 5),
            channels=(1, 32),
            stride=(1, 1),
            shape=(32, 28, 28),
        ),
        Layer(op="normalisation", name="batch_norm", channels=(32, 32), shape=(32, 28, 28)),
        Layer(op="activation", name="relu", shape=(32, 28, 28)),
        Layer(op="pooling", name="max_pool2d", kernel=(2, 2), stride=(2, 2), shape=(32, 14, 14)),
        Layer(
            op="convolution", name="conv2d", kernel=(3, 3), channels=(32, 64), stride=(2, 2), shape=(64, 7, 7)
        ),
        Layer(op="activation", name="relu", shape=(64, 7, 7)),
        Layer(op="other", name="flatten", shape=(3136,)),
        Layer(op="dropout", name="dropout", shape=(3136,)),
        Layer(op="dense", name="linear", channels=(3136, 10), shape=(10,)),
    )
    values: dict[str, Any] = {
        "found_by": "predict",
        "verified": True,
        "parameters": 50762,
        "layers": found,
    }
    return Layers(**{**values, **changes})


def criterion(code: str, status: str, earned: float, possible: float, message: Any) -> Criterion:
    return Criterion.model_validate(
        {"code": code, "status": status, "earned": earned, "possible": possible, "message": message}
    )


def structure_mark(**changes: Any) -> Mark:
    criteria = Criteria(
        items=(
            criterion("blocks", "partly", 0.5, 1.0, say("structure.blocks", found=1, expected=2)),
            criterion("kernels", "met", 1.0, 1.0, say("structure.kernels_fall", kernels="5×5 → 3×3")),
        )
    )
    values: dict[str, Any] = {
        "task": "architecture",
        "kind": "structure",
        "status": "partial",
        "earned": 1.5,
        "possible": 2.0,
        "settled": True,
        "reason": say("structure.mark", met=1, n=2),
        "hint": say("structure.hint_blocks"),
        "evidence": (criteria, layers()),
    }
    return Mark(**{**values, **changes})


def statistics(mean: float, sd: float) -> Statistics:
    return Statistics(
        values=(mean - sd, mean, mean + sd), mean=mean, sd=sd, low=mean - 2 * sd, high=mean + 2 * sd
    )


def study(**changes: Any) -> Study:
    rows = tuple(
        StudyRow(study="width", width=width, depth=2, parameters=count, recounted=again, accuracy=accuracy)
        for width, count, again, accuracy in (
            (8, 13218, 13218, 0.861),
            (16, 28650, 28650, 0.880),
            (32, 66186, 66186, 0.893),
            (64, 168010, 167946, 0.891),
        )
    )
    reference = tuple(
        StudyPoint(width=width, depth=2, parameters=count, accuracy=statistics(mean, sd))
        for width, count, mean, sd in (
            (8, 13218, 0.872, 0.006),
            (16, 28650, 0.893, 0.004),
            (32, 66186, 0.909, 0.005),
            (64, 167946, 0.914, 0.003),
        )
    )
    values: dict[str, Any] = {
        "varies": "width",
        "rows": rows,
        "reference": reference,
        "spot_check": SpotCheck(
            row=rows[1],
            measured=Measurement(value=0.862, low=0.846, high=0.876, n=2000),
            tolerance=0.031,
            verdict="agrees",
            seconds=34.2,
        ),
        "conclusion": "С ростом ширины точность растёт, но после 32 каналов прироста почти нет:\n"
        "разница 0,891 и 0,893 меньше разброса между запусками.",
    }
    return Study(**{**values, **changes})


def study_mark(**changes: Any) -> Mark:
    criteria = Criteria(
        items=(
            criterion(
                "sizes", "met", 0.5, 0.5, say("study.sizes", found=4, expected=3, listed="8, 16, 32, 64")
            ),
            criterion(
                "counts",
                "partly",
                0.375,
                0.5,
                say("study.counts_differ", n=1, width=64, depth=2, said=168010, found=167946),
            ),
            criterion("conclusion", "unknown", 0.25, 0.5, say("study.conclusion_unclear")),
        )
    )
    values: dict[str, Any] = {
        "task": "width_study",
        "kind": "study",
        "status": "needs_review",
        "earned": 1.125,
        "possible": 1.5,
        "settled": False,
        "reason": say("study.mark", met=1, n=3),
        "hint": say("study.hint_counts"),
        "evidence": (criteria, study()),
    }
    return Mark(**{**values, **changes})


def baseline_mark(**changes: Any) -> Mark:
    row = StudyRow(study="dense", width=128, depth=2, parameters=101770, recounted=101770, accuracy=0.81)
    values: dict[str, Any] = {
        "task": "dense_baseline",
        "kind": "study",
        "status": "passed",
        "earned": 1.0,
        "possible": 1.0,
        "bonus": True,
        "settled": True,
        "reason": say("study.ahead", ahead=8.3, dense=0.81, convolutional=0.893, chance=2.2),
        "evidence": (Study(varies=None, rows=(row,), reference=()),),
    }
    return Mark(**{**values, **changes})


ANSWER = (
    "Свёрточный слой проходит **одним и тем же фильтром** по всей картинке, то есть веса общие:\n\n"
    "$$y_{ij} = \\sum_{k,l} w_{kl}\\, x_{i+k,\\,j+l}$$\n\n"
    "Поэтому параметров $k^2 C_{in} C_{out}$, а не $H^2W^2$."
)


def answers() -> tuple[AnswerScore, ...]:
    start = ANSWER.index("**одним")
    end = ANSWER.index(" по всей")
    second = ANSWER.index("веса общие")
    return (
        AnswerScore(
            question="1",
            text=ANSWER,
            source="l04_cnn.md",
            earned=0.25,
            possible=0.5,
            settled=False,
            findings=(
                KeyPointFinding(
                    id="shared",
                    probability=0.92,
                    spans=(Span(start=start, end=end), Span(start=second, end=second + 10)),
                ),
                KeyPointFinding(id="local", probability=0.1),
            ),
            reason=say("theory.some_points", n=1, total=2),
        ),
        AnswerScore(
            question="2",
            text="Чтобы было меньше.",
            source="cell 7",
            earned=0.0,
            possible=0.5,
            settled=False,
            findings=(
                KeyPointFinding(id="smaller", probability=0.3),
                KeyPointFinding(id="shift", probability=0.02),
            ),
            reason=say("theory.no_points", total=2),
            note=say("theory.reads_like_another", number="2", question="3"),
        ),
        AnswerScore(
            question="3",
            text="",
            source="",
            earned=0.0,
            possible=0.5,
            settled=True,
            findings=(KeyPointFinding(id="area", probability=0.0),),
            reason=say("theory.missing"),
        ),
    )


def theory_mark(**changes: Any) -> Mark:
    values: dict[str, Any] = {
        "task": "theory",
        "kind": "theory",
        "status": "needs_review",
        "earned": 0.25,
        "possible": 2.5,
        "settled": False,
        "reason": say("theory.mark", given=2, n=3),
        "hint": say("theory.hint_missing", n=1),
        "evidence": answers(),
    }
    return Mark(**{**values, **changes})


def run(**changes: Any) -> Run:
    values: dict[str, Any] = {
        "status": "completed",
        "seconds": 61.4,
        "cell_seconds": 49.8,
        "probe_seconds": 8.1,
        "peak_mib": 812,
        "seed": 20260301,
        "cells": (CellResult(number=1, index=1, status="ok", seconds=1.4),),
    }
    return Run(**{**values, **changes})
