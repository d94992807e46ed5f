"""Records, assignments and courses as grading makes them, for tests of whatever reads records.

Each function returns a whole that is true to the rules (totals add up, spans fit); a test changes one thing
of it with `model_copy(update={...})`.
"""

from typing import Any

from asked import assignment, course, question, threshold
from parts import (
    HOSTILE,
    answers,
    bare_mark,
    baseline_mark,
    layers,
    metric_mark,
    run,
    structure_mark,
    study,
    study_mark,
    theory_mark,
)

from graders.model import (
    CellError,
    CellResult,
    Claim,
    Diagnosis,
    Evidence,
    Fault,
    Flag,
    KeyPointFinding,
    Layer,
    Mark,
    Measurement,
    Record,
    Span,
    SpotCheck,
    Study,
    StudyRow,
    say,
)

__all__ = [
    "HOSTILE",
    "answers",
    "assignment",
    "bare_mark",
    "baseline_mark",
    "broken_record",
    "course",
    "hostile_record",
    "layers",
    "metric_mark",
    "question",
    "record",
    "reviewed_record",
    "run",
    "structure_mark",
    "study",
    "study_mark",
    "theory_mark",
    "threshold",
    "ungradable_record",
]


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
