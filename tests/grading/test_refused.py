from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from honest import cells as honest_cells

from graders.grading import Setting, prepare
from graders.grading.refused import MOST_FLAGS, refusal_flags, spared
from graders.mirror import Mirrored
from graders.model import CellResult, Criteria, Mark, MirrorConfig, Record, Refused, Run, Submission, say
from graders.pipeline import grade_submission

NOWHERE = "https://nowhere.example.org/net.txt"
GUESS = "def predict(images):\n    return images.flatten(1)[:, :10] * 0"


@pytest.fixture(scope="module")
def network(setting: Setting) -> str:
    """A network that is worth points."""
    return "\n".join(honest_cells(setting.data_folder)["network"])


def by_task(record: Record) -> dict[str, Mark]:
    return {mark.task: mark for mark in record.marks}


def test_what_is_missing_after_a_refused_download_is_no_zero(grade: Callable[..., Record]) -> None:
    record = grade(f"!wget -q {NOWHERE}", "open('net.txt').read()\n" + GUESS)
    mark = by_task(record)["accuracy"]
    assert (mark.status, mark.earned, mark.settled) == ("not_run", None, False)
    assert (mark.reason.code, mark.reason.params["what"]) == ("refused.task.url", NOWHERE)
    assert record.status == "needs_review"
    assert [flag.message.params["what"] for flag in record.flags if flag.kind == "refused"] == [NOWHERE]


def test_a_package_that_is_missing_is_named(grade: Callable[..., Record]) -> None:
    record = grade(
        "!pip install -q torchvista",
        "import torchvista",
        "def predict(images):\n    return torchvista.go(images)",
    )
    mark = by_task(record)["accuracy"]
    assert (mark.status, mark.reason.params) == ("not_run", {"what": "torchvista"})


@pytest.mark.slow
def test_the_same_work_without_a_refusal_is_a_zero(grade: Callable[..., Record]) -> None:
    record = grade("open('net.txt').read()\n" + GUESS)
    mark = by_task(record)["accuracy"]
    assert (mark.status, mark.earned) == ("failed", 0.0)


@pytest.mark.slow
def test_a_fallback_that_guesses_waits_for_a_person(grade: Callable[..., Record]) -> None:
    caught = (
        f"import urllib.request\ntry:\n    urllib.request.urlopen('{NOWHERE}')\nexcept OSError:\n    pass\n"
    )
    mark = by_task(grade(caught + GUESS))["accuracy"]
    assert (mark.status, mark.earned, mark.settled) == ("needs_review", 0.0, False)


@pytest.mark.slow
def test_work_that_does_without_is_marked_as_ever_and_a_note_names_it(
    grade: Callable[..., Record], network: str
) -> None:
    plain = by_task(grade(network))
    record = grade("!pip install -q torchvista torch==0.4", network)
    assert by_task(record)["accuracy"].earned == plain["accuracy"].earned != 0
    assert not record.flags
    assert by_task(record)["accuracy"].status == plain["accuracy"].status
    assert {"refused.package", "refused.version"} <= {note.code for note in record.notes}


def test_forged_notes_earn_nothing(grade: Callable[..., Record], network: str) -> None:
    forged = (
        "import json, os\nwith open(json.loads(os.environ['GRADE_OFFLINE'])['refused'], 'w') as file:\n"
        "    file.write(json.dumps(['weights', 'https://a.example.org/best.pth']) + '\\n')\n"
    )
    cheat, honest = grade(forged + network), grade(network)
    assert cheat.earned == honest.earned > 0
    nothing = grade(forged + GUESS)
    assert nothing.earned == 0
    assert nothing.status == "needs_review"


def test_a_file_of_the_mirror_serves_a_notebook(
    setting: Setting, submitted: Callable[..., Submission], network: str, tmp_path: Path
) -> None:
    (tmp_path / "net.txt").write_text("5")
    mirror = (Mirrored(NOWHERE, tmp_path / "net.txt", ""),)
    cells = (f"!wget -q {NOWHERE}", "assert open('net.txt').read() == '5'\n" + network)
    record, _ = grade_submission(replace(setting, mirror=mirror), submitted(*cells), lambda _: None)
    assert record.run.status == "completed"
    assert record.run.refused == ()
    assert (by_task(record)["accuracy"].earned or 0) > 0


MARK = Mark(
    task="a", kind="metric", status="failed", earned=0, possible=2, settled=True, reason=say("probe.not_run")
)
PACKAGE = Refused(kind="package", what="p")
URL, VERSION = Refused(kind="url", what="u"), Refused(kind="version", what="v")


@pytest.mark.parametrize(
    ("changes", "refused", "status"),
    [
        ({}, (), "failed"),
        ({}, (URL,), "not_run"),
        ({}, (VERSION,), "not_run"),
        ({"value": 0.1, "low": 0.0, "high": 0.2, "n": 9}, (URL,), "needs_review"),
        ({"value": 0.1, "low": 0.0, "high": 0.2, "n": 9}, (VERSION,), "failed"),
        ({"value": 0.1, "low": 0.0, "high": 0.2, "n": 9}, (PACKAGE,), "failed"),
        ({"kind": "structure", "evidence": (Criteria(items=()),)}, (URL,), "needs_review"),
        ({"kind": "theory"}, (URL,), "failed"),
        ({"kind": "essay"}, (URL,), "failed"),
        ({"status": "partial", "earned": 0.5}, (URL,), "partial"),
        ({"status": "passed", "earned": 2.0}, (URL,), "passed"),
    ],
)
def test_only_settled_zeros_of_measured_work_are_spared(
    changes: dict[str, object], refused: tuple[Refused, ...], status: str
) -> None:
    before = MARK.model_copy(update=changes)
    (after,) = spared([before], Run(status="completed", refused=refused), [])
    assert after.status == status
    assert (after.earned or 0.0) == (before.earned or 0.0)
    if status != before.status:
        assert next(item.message for item in after.evidence if item.kind == "diagnosis") == before.reason


def test_a_package_may_be_why_a_cell_failed_and_a_value_is_worth_nothing() -> None:
    measured = MARK.model_copy(update={"value": 0.1, "low": 0.0, "high": 0.2, "n": 9})
    cells = (CellResult(number=1, index=0, status="error", seconds=0.1),)
    (after,) = spared([measured], Run(status="cell_error", cells=cells, refused=(PACKAGE,)), [])
    assert (after.status, after.earned) == ("needs_review", 0.0)


@pytest.mark.parametrize(
    ("code", "cell", "status"),
    [
        ("contract.missing_predict", "if ready:\n    def predict(images): ...", "not_run"),
        ("contract.missing_predict", "predictions = 5", "failed"),
        ("contract.missing_predict", "images = load()", "failed"),
        ("contract.missing_predict", "from mine import *", "not_run"),
        ("contract.not_numeric", "x = 5", "not_run"),
    ],
)
def test_what_the_notebook_never_tried_is_not_missing_because_of_a_refusal(
    code: str, cell: str, status: str
) -> None:
    mark = MARK.model_copy(update={"reason": say(code, name="predict(images)", found="x")})
    (after,) = spared([mark], Run(status="completed", refused=(URL,)), ["import torch", cell])
    assert after.status == status


def test_a_long_list_is_told_in_short() -> None:
    many = (*(Refused(kind="version", what=f"v{number}") for number in range(MOST_FLAGS + 2)), URL)
    run = Run(status="completed", refused=many)
    flags = refusal_flags(spared([MARK], run, []), run)
    assert [flag.message.params for flag in flags][-1] == {"n": 3}
    assert flags[0].message.params == {"what": URL.what}
    assert len(flags) == MOST_FLAGS + 1
    assert refusal_flags([MARK], run) == ()


def test_weights_are_there_only_where_the_assignment_allows_them(
    setting: Setting, submitted: Callable[..., Submission], tmp_path: Path
) -> None:
    (tmp_path / "hub" / "checkpoints").mkdir(parents=True)
    course = setting.course.model_copy(
        update={"runtime": setting.course.runtime.model_copy(update={"weights": tmp_path})}
    )
    cell = "import os\nprint(os.environ.get('TORCH_HOME', 'none'))"
    for allowed, said in ((True, "/.torch\n"), (False, "none\n")):
        lesson = setting.assignment.model_copy(update={"pretrained": allowed})
        chosen = replace(setting, course=course, assignment=lesson)
        _, work = grade_submission(chosen, submitted(cell), lambda _: None)
        assert work.execution is not None
        assert work.execution.notebook.cells[0].outputs[0].text.endswith(said)


def test_a_mirror_with_a_wrong_hash_stops_before_anything_is_graded(setting: Setting, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a")
    (tmp_path / "a.csv").chmod(0o644)
    entry = f'[[files]]\nurl = "https://e.org/a"\nfile = "a.csv"\nsha256 = "{"0" * 64}"\n'
    (tmp_path / "mirror.toml").write_text(entry)
    course = setting.course.model_copy(update={"mirror": MirrorConfig(folder=tmp_path)})
    with pytest.raises(Exception, match=r"mirror\.toml: files\[0\]\.sha256: a\.csv has the hash"):
        prepare(
            course,
            setting.assignment,
            profile="mini",
            limits=setting.limits,
            device="cpu",
            sandbox=setting.sandbox,
            secret=setting.secret,
        )
