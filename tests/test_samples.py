"""The sample course as its users see it: its students through the whole path, on mini data."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from graders.cli import run

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Reports of lesson 4; the samples of all lessons together would take minutes."""
    out = tmp_path_factory.mktemp("reports")
    students = sorted(path.parent for path in ROOT.glob("submissions/*/l04_cnn.ipynb"))
    assert run([*map(str, students), "--out", str(out)]) == 0
    return out


def record(graded: Path, student: str) -> dict[str, Any]:
    return json.loads((graded / student / "l04_cnn.json").read_text(encoding="utf-8"))


def mark(graded: Path, student: str, task: str) -> dict[str, Any]:
    return next(found for found in record(graded, student)["marks"] if found["task"] == task)


@pytest.mark.slow
class TestSamples:
    def test_a_good_submission_is_a_bit_below_the_reference_in_one_thing(self, graded: Path) -> None:
        marks = {found["task"]: found for found in record(graded, "student42")["marks"]}
        assert marks["accuracy"]["status"] == "partial"
        assert 0.8 < marks["accuracy"]["value"] < marks["accuracy"]["threshold"]["full"]
        full = ("architecture", "width_study", "depth_study", "dense_baseline")
        assert [marks[task]["status"] for task in full] == ["passed"] * 4
        assert record(graded, "student42")["flags"] == []

    def test_a_failed_cell_leaves_partial_marks_and_is_shown_with_its_source(self, graded: Path) -> None:
        found = record(graded, "student07")
        (failed,) = (cell for cell in found["run"]["cells"] if cell["status"] == "error")
        assert "count_parameters" in failed["source"]
        assert 0 < mark(graded, "student07", "accuracy")["earned"] < 3
        assert mark(graded, "student07", "width_study")["earned"] > 0
        assert mark(graded, "student07", "depth_study")["earned"] < 1
        noticed = [item["message"]["code"] for item in mark(graded, "student07", "accuracy")["evidence"]]
        assert noticed == ["predict.eval_gain", "mistake.cost"]

    def test_a_network_without_the_contracts_names_is_found_at_no_cost(self, graded: Path) -> None:
        found = mark(graded, "student13", "accuracy")
        message = found["evidence"][0]["message"]
        assert (message["code"], message["params"]["name"]) == ("predict.discovered", "net")
        # both centre the grey levels; which is better by a picture depends on how the machine rounds
        assert message["params"]["normalisation"] in ("[-1, 1]", "Fashion-MNIST (0.2860, 0.3530)")
        assert found["value"] > 0.8
        assert mark(graded, "student13", "architecture")["earned"] == 1
        assert mark(graded, "student13", "theory")["earned"] > 2

    def test_a_made_up_claim_is_caught_and_a_made_up_table_too(self, graded: Path) -> None:
        assert {flag["kind"] for flag in record(graded, "student23")["flags"]} == {
            "claim_mismatch",
            "spot_check",
        }
        claim = record(graded, "student23")["claims"][0]
        assert claim["said"] == 0.9512
        assert claim["rerun"] < 0.9
        (study,) = (
            item for item in mark(graded, "student23", "width_study")["evidence"] if item["kind"] == "study"
        )
        assert study["spot_check"]["verdict"] == "differs"

    def test_honest_submissions_are_not_accused(self, graded: Path) -> None:
        for student in ("student42", "student07", "student13", "student99"):
            assert record(graded, student)["flags"] == [], student

    def test_an_empty_notebook_earns_nothing_measured_and_its_answers_are_graded(self, graded: Path) -> None:
        marks = record(graded, "student99")["marks"]
        assert [found["earned"] for found in marks if found["kind"] != "theory"] == [0] * 5
        answers = mark(graded, "student99", "theory")["evidence"]
        assert [bool(answer["text"]) for answer in answers] == [True, False, True, False, True, False]
        assert mark(graded, "student99", "theory")["earned"] > 0

    def test_every_student_gets_a_report_and_the_class_its_page(self, graded: Path) -> None:
        page = (graded / "class/index.html").read_text(encoding="utf-8")
        for student in ("student07", "student13", "student23", "student42", "student99"):
            assert (graded / student / "l04_cnn.html").stat().st_size > 10_000
            assert f"../{student}/l04_cnn.html" in page

    def test_predictions_are_kept_without_targets(self, graded: Path) -> None:
        with np.load(graded / "student42/l04_cnn.npz", allow_pickle=False) as kept:
            assert {name.partition(".")[0] for name in kept.files} == {"accuracy"}
            assert kept["accuracy.own"].shape == (4000,)
            assert not any("label" in name or "target" in name for name in kept.files)


def lighten(student: str, folder: Path, *changes: tuple[str, str]) -> Path:
    """A copy of a student's folder in `folder` whose notebook trains less, so that a test is short."""
    shutil.copytree(ROOT / "submissions" / student, folder / student)
    notebook = folder / student / "l04_cnn.ipynb"
    text = notebook.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    notebook.write_text(text, encoding="utf-8")
    return folder / student


@pytest.mark.slow
def test_the_same_notebook_gets_the_same_marks_again(course: Path) -> None:
    student = ROOT / "submissions/student01"
    marks = []
    for out in ("once", "again"):
        assert run([str(student), "--assignment", "l01_perceptron", "--out", str(course / out)]) == 0
        text = (course / out / "student01/l01_perceptron.json").read_text(encoding="utf-8")
        marks.append(json.loads(text)["marks"])
    assert marks[0] == marks[1]
    assert sum(found["earned"] for found in marks[0]) > 6


@pytest.mark.slow
def test_check_passes_good_work_on_public_data_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither the secret nor the reference is there."""
    shutil.copy(ROOT / "course.toml", tmp_path / "course.toml")
    shutil.copytree(ROOT / "assignments", tmp_path / "assignments")
    lighten(
        "student42", tmp_path, ("EPOCHS = 4", "EPOCHS = 1"), ("[:1500]", "[:1000]"), ("epochs=4", "epochs=2")
    )
    monkeypatch.chdir(tmp_path)
    assert run(["check", "student42/l04_cnn.ipynb", "--language", "en"]) == 0
    assert "self-check" in capsys.readouterr().out.lower()
    assert not (tmp_path / "reports").exists()


def test_check_of_an_empty_notebook_says_what_would_fail(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", str(ROOT / "submissions/student99/l04_cnn.ipynb"), "--language", "en"]) == 1
    said = " ".join(capsys.readouterr().out.split())
    assert "predict(images)" in said
    assert "2, 4, 6" in said
