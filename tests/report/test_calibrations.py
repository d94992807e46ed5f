from pathlib import Path

from graders.report.calibrations import calibrations
from graders.spec import read_course

ROOT = Path(__file__).parents[2]


def test_the_published_table_is_that_of_the_calibrations() -> None:
    course, _ = read_course(ROOT)
    assert course is not None
    assert (ROOT / "docs/calibration.md").read_text(encoding="utf-8") == calibrations(course), (
        "a calibration changed; run: python -m graders.report.calibrations > docs/calibration.md"
    )


def test_thresholds_stand_beside_the_runs_they_come_from() -> None:
    course, _ = read_course(ROOT)
    assert course is not None
    lesson = course.assignment("l04_cnn")
    assert lesson is not None
    assert lesson.calibration is not None
    measured = lesson.calibration.profiles["mini"]
    page = calibrations(course.model_copy(update={"assignments": (lesson,)}))
    (full,) = (line for line in page.split("## l04_cnn, full")[0].splitlines() if "`solve`" in line)
    assert f"full {measured.thresholds['accuracy'].full:.4g}" in full
    assert f"{measured.runs['accuracy']['solve'].mean:.4g} ±" in full
