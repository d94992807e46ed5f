"""`grade approve` as it is typed: who waits, what a person said, what is refused."""

from pathlib import Path

import builders
import pytest
from classmates import files, put, said

from graders.cli import run
from graders.model import Mark, Measurement, OwnData, Record, Rival, say
from graders.store import read_record

SLUG = "l06_unet"

pytestmark = pytest.mark.usefixtures("wide")


def brought(student: str, sha256: str, earned: float | None = 3.0) -> Record:
    value = Measurement(value=0.7, low=0.6, high=0.8, n=40)
    rivals = tuple(Rival(name=name, measured=value, seconds=5) for name in ("yours", "reference", "otsu"))
    own = OwnData(
        data="segmentation",
        sha256=sha256 * 64,
        examples=160,
        groups=80,
        trained_on=112,
        budget=60,
        unit="own.unit_iou",
        rivals=rivals if earned is not None else (),
    )
    mark = Mark(
        task="own_data",
        kind="own_data",
        status="needs_review" if earned is not None else "not_run",
        earned=earned,
        possible=4,
        settled=False,
        reason=say("own.compared", zero=0.1, reference=0.8, value=0.7, low=0.6, high=0.8),
        evidence=(own,),
    )
    return builders.record(mark, student=student, assignment=SLUG, status="needs_review", claims=())


@pytest.fixture
def reports(course: Path) -> Path:
    """The reports of three, of whom two brought the same data; on one of these nothing was measured."""
    records = (brought("s01", "a"), brought("s02", "b"), brought("s03", "b", earned=None))
    return put(course / "reports", *records)


def test_who_waits_is_shown_and_who_brought_the_same(
    reports: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = files(reports)
    assert run(["approve", SLUG, "--language", "en"]) == 0
    first, second, third = (line for line in capsys.readouterr().out.splitlines() if "s0" in line)
    assert "3 / 4" in first
    assert "waits" in first
    assert "very data" not in first
    assert "waits; the very data of s03" in second
    assert "– / 4" in third
    assert "the very data of s02" in third
    assert files(reports) == before


def test_a_word_makes_the_points_stand_in_record_report_and_class_page(
    reports: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["approve", SLUG, "s01", "--author", "a.b.", "--language", "en"]) == 0
    assert "3 of 4" in said(capsys)
    record = read_record(reports, "s01", SLUG)
    assert record is not None
    assert (record.status, record.earned, record.provisional) == ("graded", 3, 0)
    assert "a.b. has looked" in (reports / "s01" / f"{SLUG}.html").read_text(encoding="utf-8")
    assert (reports / "class/index.html").is_file()
    assert run(["approve", SLUG, "--language", "en"]) == 0
    assert "seen by a.b." in capsys.readouterr().out


def test_points_may_be_given_where_nothing_was_measured(reports: Path) -> None:
    assert run(["approve", SLUG, "s03", "--points", "1.5", "--reason", "small", "--author", "a.b."]) == 0
    record = read_record(reports, "s03", SLUG)
    assert record is not None
    assert (record.earned, record.edits[0].reason) == (1.5, "small")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([SLUG, "s09"], "no data of s09; there is data of s01, s02, s03"),
        ([SLUG, "s01", "--points", "5"], "5 points, but own_data has 4"),
        ([SLUG, "s01", "--points", "nan"], "expected a number"),
        ([SLUG, "s01", "--points=-1"], "expected a number"),
        ([SLUG, "s03"], "--points"),
        ([SLUG, "s01", "--task", "elbo"], "there is data of nobody"),
        (["l99_none"], "unknown assignment"),
    ],
)
def test_what_cannot_be_said_is_refused_and_nothing_changes(
    reports: Path, capsys: pytest.CaptureFixture[str], words: list[str], told: str
) -> None:
    before = files(reports)
    assert run(["approve", *words, "--author", "a.b."]) == 2
    assert told in said(capsys)
    assert files(reports) == before


def test_a_class_without_own_data_is_told_so(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(course / "reports", builders.record(student="s01"))
    assert run(["approve", "l04_cnn", "--language", "en"]) == 0
    assert "Nobody brought data" in capsys.readouterr().out
