"""Records, assignments and courses as grading makes them, for tests of whatever reads records.

Each function returns a whole that is true to the rules (totals add up, spans fit); a test changes one thing
of it with `model_copy(update={...})`.
"""

from pathlib import Path
from typing import Any

from graders.model import (
    AnswerScore,
    Assignment,
    CellError,
    CellResult,
    Claim,
    Course,
    Criteria,
    Criterion,
    Diagnosis,
    Evidence,
    Fault,
    Flag,
    KeyPoint,
    KeyPointFinding,
    Layer,
    Layers,
    Mark,
    Measurement,
    MetricTask,
    Question,
    Record,
    Rubric,
    Run,
    Span,
    SpotCheck,
    Statistics,
    StructureTask,
    Study,
    StudyPoint,
    StudyRow,
    StudyTask,
    Text,
    TheoryTask,
    Threshold,
    say,
)

HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}{% raw %}[x](javascript:alert(1))"
    "![](http://evil.example/x.png)\x1b[31mred\x1b]0;title\x07\u202egnp.exe\x00\"'>"
    "<iframe src=//evil.example>[bold]markup[/bold]"
)


def threshold(**changes: Any) -> Threshold:
    values: dict[str, Any] = {
        "zero": 0.70,
        "full": 0.90,
        "margin": 0.012,
        "zero_run": "linear",
        "full_run": "solve",
        "others": {"dense": 0.82},
    }
    return Threshold(**{**values, **changes})


def question(number: str, ru: str, en: str, *points: tuple[str, str, str]) -> Question:
    return Question(
        id=number,
        points=0.5,
        text=Text(ru=ru, en=en),
        answer=Text(ru="Образец ответа.", en="A reference answer."),
        key_points=tuple(
            KeyPoint(id=key, weight=1 / len(points), title=Text(ru=title_ru, en=title_en), any=("word",))
            for key, title_ru, title_en in points
        ),
    )


def rubric() -> Rubric:
    return Rubric(
        questions=(
            question(
                "1",
                "Чем свёрточный слой отличается от полносвязного? Почему у него меньше параметров?",
                "How does a convolutional layer differ from a dense one? Why has it fewer parameters?",
                ("shared", "одни и те же веса во всех местах", "the same weights everywhere"),
                ("local", "связь только с соседними пикселями", "only neighbouring pixels are connected"),
            ),
            question(
                "2",
                "Зачем нужен пулинг?",
                "What is pooling for?",
                ("smaller", "уменьшает карту признаков", "makes the feature map smaller"),
                ("shift", "даёт устойчивость к сдвигу", "makes the network robust to shifts"),
            ),
            question(
                "3",
                "Что такое рецептивное поле?",
                "What is a receptive field?",
                (
                    "area",
                    "область входа, от которой зависит выход",
                    "the part of the input an output depends on",
                ),
            ),
        )
    )


def assignment(**changes: Any) -> Assignment:
    """Lesson 4 with all kinds of tasks: 10 points and a bonus of 1."""
    study = {"kind": "study", "probe": "experiments", "criteria": {"sizes": 1.0}}
    values: dict[str, Any] = {
        "slug": "l04_cnn",
        "folder": Path("assignments/l04_cnn"),
        "title": Text(ru="Свёрточные сети: Fashion-MNIST", en="Convolutional networks: Fashion-MNIST"),
        "dataset": "clothes",
        "possible": 10.0,
        "rubric": rubric(),
        "calibration": None,
        "tasks": (
            MetricTask(
                id="accuracy",
                kind="metric",
                title=Text(ru="Точность на скрытых картинках", en="Accuracy on hidden pictures"),
                points=4,
                metric="accuracy",
                probe="accuracy",
                needs=("predict(images)",),
                zero="linear",
                full="solve",
                scale=("dense",),
            ),
            StructureTask(
                id="architecture",
                kind="structure",
                title=Text(ru="Архитектура в духе AlexNet", en="An architecture in the spirit of AlexNet"),
                points=2,
                probe="architecture",
                criteria={"blocks": 1.0, "kernels": 1.0},
            ),
            StudyTask(
                id="width_study",
                title=Text(ru="Как точность зависит от ширины", en="How accuracy depends on width"),
                points=1.5,
                study="width",
                varies="width",
                **study,
            ),
            StudyTask(
                id="dense_baseline",
                title=Text(ru="Сравнение с полносвязной сетью", en="Comparison with a dense network"),
                points=1,
                bonus=True,
                study="dense",
                **study,
            ),
            TheoryTask(id="theory", kind="theory", title=Text(ru="Теория", en="Theory"), points=2.5),
        ),
    }
    return Assignment(**{**values, **changes})


def course(*assignments: Assignment) -> Course:
    return Course(
        root=Path(),
        title=Text(ru="Нейронные сети", en="Neural networks"),
        language="ru",
        secret=Path("secret"),
        sample_secret=True,
        assignments=assignments or (assignment(),),
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


def record(*marks: Mark, **changes: Any) -> Record:
    """A graded record of `marks`, whose totals are computed as grading does."""
    counted = marks or (
        metric_mark(
            0.921,
            evidence=(Diagnosis(message=say("predict.eval_gain", gain=3.5, n=200)),),
        ),
        structure_mark(),
        study_mark(),
        baseline_mark(),
        theory_mark(),
    )
    values: dict[str, Any] = {
        "student": "student42",
        "assignment": "l04_cnn",
        "profile": "mini",
        "sample_secret": True,
        "graded_at": "2026-03-01T10:20:30Z",
        "status": "graded",
        "earned": sum(mark.earned or 0.0 for mark in counted),
        "provisional": sum(mark.earned or 0.0 for mark in counted if not mark.settled),
        "possible": sum(mark.possible for mark in counted if not mark.bonus),
        "run": run(),
        "marks": counted,
        "claims": (
            Claim(cell=9, text="test accuracy: 0.921", said=0.921, rerun=0.919),
            Claim(cell=12, text="best accuracy 0.93", said=0.93, rerun=None),
        ),
        "versions": {"graders": "0.1.0", "torch": "2.15.0", "python": "3.11.2", "numpy": "2.4.1"},
        "hashes": {"notebook": "0a1b2c3d" * 8, "assignment": "4e5f6a7b" * 8, "data": "8c9d0e1f" * 8},
    }
    return Record(**{**values, **changes})


def broken_record() -> Record:
    """Half of the notebook failed: an exception in a cell and one in `predict`."""
    fault = Fault(
        type="RuntimeError",
        message="mat1 and mat2 shapes cannot be multiplied (500x784 and 3136x10)",
        traceback='  File "<cell 7>", line 3, in predict\n    return model(images.flatten(1))\n',
    )
    failed: tuple[Evidence, ...] = (fault,)
    cells = (
        CellResult(number=1, index=1, status="ok", seconds=1.4),
        CellResult(
            number=5,
            index=8,
            status="error",
            seconds=0.2,
            error=CellError(
                type="NameError",
                message="name 'train_loader' is not defined",
                traceback="NameError                Traceback (most recent call last)\nCell In[5], line 2\n"
                "      1 for epoch in range(10):\n----> 2     for x, y in train_loader:\n",
            ),
            source="for epoch in range(10):\n    for x, y in train_loader:\n        step(x, y)",
        ),
        CellResult(number=6, index=9, status="timed_out", seconds=300.1, source="while True:\n    pass"),
    )
    return record(
        bare_mark(
            status="failed",
            earned=0.0,
            settled=True,
            reason=say("probe.exception", type=fault.type, message=fault.message),
            hint=say("probe.hint_failed_cell", cell=5),
            evidence=failed,
        ),
        structure_mark(),
        theory_mark(),
        student="student07",
        run=run(status="cell_error", cells=cells),
    )


def reviewed_record() -> Record:
    """One task could not be measured, and a claim that the rerun does not bear out."""
    return record(
        metric_mark(0.874),
        study_mark(status="not_run", earned=None, reason=say("probe.not_run"), hint=None, evidence=()),
        student="student23",
        status="needs_review",
        flags=(Flag(kind="claim_mismatch", message=say("flag.claim", said=0.95, found=0.874, cell=9)),),
        notes=(say("theory.unmatched_text"),),
    )


def ungradable_record() -> Record:
    """Nothing could be graded, which is no zero."""
    return record(
        bare_mark(reason=say("submission.no_notebook", slug="l04_cnn")),
        student="student99",
        status="ungradable",
        claims=(),
        run=run(status="not_run", message=say("submission.no_notebook", slug="l04_cnn"), cells=()),
    )


def hostile_record() -> Record:
    """Every string that a student controls is an attack, and every number is extreme."""
    long = HOSTILE + "A" * 10_000
    row = StudyRow(study=HOSTILE, width=10**15, depth=-5, parameters=10**18, recounted=None, accuracy=1e300)
    rows = (row, row.model_copy(update={"width": -(10**15), "accuracy": -1e300}))
    attack = Study(
        varies="width",
        rows=rows,
        reference=study().reference,
        spot_check=SpotCheck(
            row=row,
            measured=Measurement(value=0.0, low=0.0, high=1.0, n=1),
            tolerance=1e12,
            verdict="differs",
            seconds=1e9,
        ),
        conclusion=long,
    )
    answer = answers()[0].model_copy(
        update={
            "text": long,
            "source": HOSTILE,
            "question": HOSTILE,
            "findings": (
                KeyPointFinding(
                    id=HOSTILE, probability=1.0, spans=(Span(start=-5, end=30), Span(start=10, end=10**9))
                ),
            ),
        }
    )
    layer = Layer(
        op="other", name=long, kernel=(10**12,), channels=(-1, 10**15), stride=(0,), shape=(10**15,)
    )
    return record(
        metric_mark(
            value=-1e300,
            low=-1e305,
            high=1e300,
            evidence=(Fault(type=HOSTILE, message=long, traceback=long),),
        ),
        structure_mark(
            evidence=(layers(layers=(layer,), parameters=10**18, verified=False, found_by="discovery"),)
        ),
        study_mark(evidence=(attack,), reason=say("probe.exception", type=HOSTILE, message=HOSTILE)),
        theory_mark(evidence=(answer,)),
        student=HOSTILE,
        claims=(Claim(cell=-1, text=long, said=1e300, rerun=-1e300),),
        notes=(say("probe.exception", type=HOSTILE, message=long),),
        run=run(
            status="cell_error",
            message=say("probe.exception", type=HOSTILE, message=long),
            device=HOSTILE,
            sandbox="none",
            cells=(
                CellResult(
                    number=1,
                    index=0,
                    status="error",
                    seconds=1e300,
                    error=CellError(type=HOSTILE, message=long, traceback=long),
                    source=long,
                ),
            ),
        ),
        versions={HOSTILE: HOSTILE},
        hashes={HOSTILE: HOSTILE},
    )
