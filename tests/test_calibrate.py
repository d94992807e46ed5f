"""Calibration: the arithmetic of thresholds, and small references through the real sandbox."""

import json
import shutil
from pathlib import Path

import pytest

from graders.calibrate import statistics, threshold, with_profile
from graders.cli import run
from graders.model import Calibration

ROOT = Path(__file__).parent.parent

ASSIGNMENT = """
title.ru = "Проба"
title.en = "A trial"
dataset = "clothes"
possible = 1
[[tasks]]
id = "accuracy"
kind = "metric"
title.ru = "Точность"
title.en = "Accuracy"
points = 1
metric = "accuracy"
probe = "accuracy"
needs = ["predict(images)"]
zero = "blind"
full = "solve"
"""

REFERENCE = """
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn
from torchvision.datasets import FashionMNIST


@dataclass
class Solution:
    predict: Any


def load(folder):
    part = FashionMNIST(folder, train=True, download=True)
    return part.data[:1500].flatten(1) / 255, part.targets[:1500]


def blind(data, device, seed, profile):
    return Solution(lambda images: torch.zeros(len(images), dtype=torch.long))


def solve(data, device, seed, profile):
    images, labels = data
    torch.manual_seed(seed)
    model = nn.Linear(784, 10)
    optimiser = torch.optim.Adam(model.parameters(), lr=5e-3)
    for batch in torch.randperm(len(images)).split(64):
        optimiser.zero_grad()
        nn.functional.cross_entropy(model(images[batch]), labels[batch]).backward()
        optimiser.step()
    return Solution(lambda pictures: model(pictures.flatten(1)))
"""


def test_full_is_the_reference_less_two_deviations() -> None:
    line = threshold(statistics([0.7, 0.7, 0.7]), statistics([0.88, 0.90, 0.92]))
    assert line.margin == pytest.approx(2 * 0.02)
    assert (line.zero, line.full) == (pytest.approx(0.7), pytest.approx(0.86))


def test_the_margin_is_at_least_five_per_cent_of_the_way() -> None:
    assert threshold(statistics([0.7, 0.7]), statistics([0.9, 0.9])).full == pytest.approx(0.89)


def test_where_lower_is_better_full_lies_above_the_reference() -> None:
    line = threshold(statistics([3.0, 3.0]), statistics([1.0, 1.0]))
    assert (line.zero, line.full) == (3.0, pytest.approx(1.1))


def test_the_interval_of_a_mean_is_students() -> None:
    found = statistics([0.90, 0.91, 0.92, 0.93, 0.94])
    assert found.sd == pytest.approx(0.0158114)
    assert (found.low, found.high) == (pytest.approx(0.9003676), pytest.approx(0.9396324))


def test_one_profile_is_replaced_and_the_other_kept() -> None:
    text = (ROOT / "assignments/l04_cnn/calibration.json").read_text(encoding="utf-8")
    old = Calibration.model_validate_json(text)
    new = with_profile(old, "mini", old.profiles["full"])
    assert new.profiles["mini"] == new.profiles["full"] == old.profiles["full"]


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course with one small assignment."""
    for name in ("course.toml", "sample.secret"):
        shutil.copy(ROOT / name, tmp_path / name)
    folder = tmp_path / "assignments/trial"
    folder.mkdir(parents=True)
    (folder / "assignment.toml").write_text(ASSIGNMENT, encoding="utf-8")
    shutil.copy(ROOT / "assignments/l04_cnn/probe.py", folder / "probe.py")
    (tmp_path / "reference").mkdir()
    (tmp_path / "reference/trial.py").write_text(REFERENCE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def spoil(course: Path, old: str, new: str) -> None:
    path = course / "reference/trial.py"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.slow
def test_a_reference_is_run_measured_and_written_with_its_provenance(course: Path) -> None:
    path = course / "assignments/trial/assignment.toml"
    path.write_text('profile = "full"\n' + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert run(["calibrate", "trial", "--seeds", "2", "--profile", "mini"]) == 0  # though another is pinned
    written = json.loads((course / "assignments/trial/calibration.json").read_text(encoding="utf-8"))
    found = written["profiles"]["mini"]
    assert written["schema"] == 1
    assert found["runs"]["accuracy"]["blind"]["mean"] == pytest.approx(0.1, abs=0.03)
    values = found["runs"]["accuracy"]["solve"]["values"]
    assert len(values) == 2
    assert len(set(values)) == 2, "two seeds train two networks"
    assert found["thresholds"]["accuracy"]["full"] < min(values)
    assert set(found["hashes"]) == {"reference", "probe", "data"}
    assert found["seeds"] == [0, 1]


@pytest.mark.slow
def test_a_reference_that_is_worse_than_the_baseline_is_refused(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = course / "assignments/trial/assignment.toml"
    text = path.read_text(encoding="utf-8")
    exchanged = text.replace('"blind"', '"x"').replace('"solve"', '"blind"').replace('"x"', '"solve"')
    assert exchanged != text
    path.write_text(exchanged, encoding="utf-8")
    assert run(["calibrate", "trial", "--seeds", "2"]) == 2
    assert "blind (0.1" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("return Solution(lambda pictures: model(pictures.flatten(1)))",
         "return blind(data, device, seed, profile)", "is not higher than blind"),
        ("torch.manual_seed(seed)", "raise ValueError('no luck')",
         "does not run with seed 0: ValueError: no luck"),
        ("return Solution(lambda pictures: model(pictures.flatten(1)))",
         "return Solution(lambda pictures: None)", "leaves nothing to measure"),
        ("def blind(", "def blinded(", "cannot import name 'blind'"),
    ],
)  # fmt: skip
def test_a_calibration_that_means_nothing_is_refused_and_not_written(
    course: Path, capsys: pytest.CaptureFixture[str], *, old: str, new: str, said: str
) -> None:
    spoil(course, old, new)
    assert run(["calibrate", "trial", "--seeds", "2"]) == 2
    assert said in " ".join(capsys.readouterr().err.split())
    assert not (course / "assignments/trial/calibration.json").exists()
