"""What `grade plan` says of the samples beside what their runs take, and what an order of work costs.

    python benchmarks/plan.py REPORTS [--variants]

grades the sample submissions with one job into REPORTS and compares; with `--variants` also copies of them
that train for another time. What is graded there already is kept, so that the tables can be made again in
seconds. The estimates do not see the records of the submission that they are for.
"""

import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
from pathlib import Path

import numpy as np
from measuring import header, machine, row

from graders.batch import cheap_first, longest_first
from graders.course import open_course
from graders.plan import FACTORS, Known, Lesson, Looked, estimated, lesson_of, look, paces_of
from graders.spec import limits_for
from graders.store import read_record
from graders.submissions import find, student_name

ROOT = Path(__file__).parent.parent
VARIANTS = (
    ("student07", "l04_cnn", "for epoch in range(6)", "for epoch in range(18)"),
    ("student13", "l04_cnn", "batch_size=64", "batch_size=256"),
    ("student23", "l04_cnn", "epochs=6)", "epochs=20)"),
    ("student42", "l04_cnn", "EPOCHS = 4 if", "EPOCHS = 1 if"),
    ("student01", "l01_perceptron", "range(25)", "range(200)"),
    ("student02", "l01_perceptron", "range(1500)", "range(12000)"),
    ("student01", "l05_lstm", "steps = 450", "steps = 1800"),
    ("student02", "l05_lstm", "range(6)", "range(15)"),
    ("student01", "l06_unet", "EPOCHS = 8", "EPOCHS = 20"),
    ("student02", "l06_unet", "range(120)", "range(400)"),
    ("student01", "l07_detection", "EPOCHS, BATCH = 6, 4", "EPOCHS, BATCH = 2, 4"),
    ("student02", "l07_detection", "range(8)", "range(24)"),
    ("student01", "l08_gan", "STEPS, B = 300, 64", "STEPS, B = 300, 16"),
    ("student02", "l08_gan", "range(250)", "range(60)"),
    ("student02", "l09_captioning", "range(5)", "range(20)"),
    ("student01", "l10_project", "EPOCHS, BATCH = 0.2, 10, 64", "EPOCHS, BATCH = 0.2, 30, 64"),
)
"""Student, lesson, and what is changed in all its notebooks."""
ROUNDS = 200
"""Classes that are drawn for an order of work."""
CLASS = 60


@dataclass(frozen=True, slots=True)
class Pair:
    """One submission: what was seen of it, and what its run took."""

    looked: Looked
    lesson: Lesson
    seconds: float
    besides: float
    """What grading took besides that run: learning from own data, measuring."""
    variant: bool


def main() -> None:
    """Grades what is not graded yet, and prints the tables."""
    out = Path(sys.argv[1]).resolve()
    print(machine())
    with tempfile.TemporaryDirectory() as folder:
        course = make_course(Path(folder), VARIANTS if "--variants" in sys.argv else ())
        command = [sys.executable, "-m", "graders", str(course / "submissions"), "--jobs", "1"]
        subprocess.run([*command, "--out", str(out), "--json"], stdout=subprocess.DEVNULL, check=False)
        pairs = measured(course, out)
    compare(pairs)
    compare_own(pairs)
    show(pairs)
    simulate([pair.seconds for pair in pairs])


def make_course(folder: Path, variants: Sequence[tuple[str, str, str, str]]) -> Path:
    """The sample course with the variants among its submissions."""
    for name in ("course.toml", "assignments", "reference", "sample.secret"):
        (folder / name).symlink_to(ROOT / name)
    shutil.copytree(ROOT / "submissions", folder / "submissions")
    for student, slug, old, new in variants:
        target = folder / "submissions" / f"{student}-{slug}"
        target.mkdir()
        for path in (ROOT / "submissions" / student).glob(f"{slug}*.ipynb"):
            text = path.read_text(encoding="utf-8")
            if old not in text:
                raise ValueError(f"{path} has no {old!r}")
            (target / path.name).write_text(text.replace(old, new), encoding="utf-8")
        for path in (ROOT / "submissions" / student).glob("*.png"):
            shutil.copy(path, target)
    return folder


def measured(root: Path, out: Path) -> list[Pair]:
    """All submissions that have something to run, with what it took."""
    course = open_course(root, public=True, calibrated=False)
    slugs = [one.slug for one in course.assignments]
    lessons = {one.slug: lesson_of(course, one, "mini") for one in course.assignments}
    several = [one.slug for one in course.assignments if len(one.notebooks) > 1]
    found, _ = find(root / "submissions", slugs, several)
    pairs = []
    for one in found:
        assignment = course.assignment(one.slug)
        record = read_record(out, student_name(one.folder), one.slug)
        if assignment is None or record is None:
            continue
        others = [slug for slug in slugs if slug != one.slug]
        looked = look(one, lessons[one.slug], limits_for(course, assignment, {}), others)
        if not looked.empty:
            took, variant = record.run.seconds, "-" in looked.student
            pairs.append(Pair(looked, lessons[one.slug], took, record.seconds - took, variant))
    return pairs


def compare(pairs: Sequence[Pair]) -> None:
    """One row a submission: the estimate from its loops, and what it took."""
    print("\n" + header("submission", "steps", "estimate s", "took s", "took / estimate"))
    for pair in pairs:
        said = estimated(pair.looked, pair.lesson, Known(), on_gpu=False).seconds or 0.0
        steps = pair.looked.loops.steps if pair.looked.loops else 0
        name = f"{pair.looked.student}, {pair.looked.slug}"
        print(row(name, f"{steps:.0f}", f"{said:.1f}", f"{pair.seconds:.1f}", f"{pair.seconds / said:.2f}"))


def compare_own(pairs: Sequence[Pair]) -> None:
    """One row a submission with data of its own: what learning from it may take, and what it took."""
    print("\n" + header("submission with own data", "expected s", "took s", "of the notebook s"))
    for pair in pairs:
        if pair.looked.own:
            name = f"{pair.looked.student}, {pair.looked.slug}"
            expected = f"{pair.lesson.own_seconds:.0f}"
            print(row(name, expected, f"{pair.besides:.1f}", f"{pair.seconds:.1f}"))


def show(pairs: Sequence[Pair]) -> None:
    """One row a source: how far off it is, and how often its interval holds."""

    def loops(pair: Pair) -> float | None:
        return estimated(pair.looked, pair.lesson, Known(), on_gpu=False).seconds

    def paced(pair: Pair) -> float | None:
        others = [
            one
            for one in pairs
            if one.looked.student.partition("-")[0] != pair.looked.student.partition("-")[0]
        ]
        known = [Known(seconds=one.seconds, unchanged=True) for one in others]
        paces = paces_of(
            [one.looked for one in others], known, {one.lesson.slug: one.lesson for one in pairs}
        )
        mine = Known(pace=paces.get(pair.looked.slug))
        return estimated(pair.looked, pair.lesson, mine, on_gpu=False).seconds

    def classmates(pair: Pair) -> float | None:
        others = [
            one.seconds for one in pairs if one.looked.slug == pair.looked.slug and one.looked != pair.looked
        ]
        return statistics.median(others) if others else None

    sources: dict[str, tuple[Callable[[Pair], float | None], float]] = {
        "loops": (loops, FACTORS["loops"]),
        "loops, with the pace of the others' runs": (paced, FACTORS["loops"]),
        "median of the class": (classmates, FACTORS["class"]),
        "time of the reference": (lambda pair: pair.lesson.reference_seconds, FACTORS["reference"]),
    }
    said, took = sum(loops(pair) or 0.0 for pair in pairs), sum(pair.seconds for pair in pairs)
    print(f"\nAll together: {said:.0f} s expected, {took:.0f} s taken, {took / said:.2f} times as much.")
    print("\n" + header("source", "of", "n", "took / estimate", "off by (rms)", "interval", "held"))
    for name, (source, factor) in sources.items():
        for title, some in (
            ("samples", [pair for pair in pairs if not pair.variant]),
            ("variants", [pair for pair in pairs if pair.variant]),
        ):
            ratios = [pair.seconds / said for pair in some if (said := source(pair))]
            if not ratios:
                continue
            off = exp(sqrt(statistics.fmean(log(ratio) ** 2 for ratio in ratios)))
            held = sum(1 / factor <= ratio <= factor for ratio in ratios)
            middle = f"{statistics.median(ratios):.2f}"
            print(
                row(
                    name,
                    title,
                    len(ratios),
                    middle,
                    f"× {off:.2f}",
                    f"÷× {factor:g}",
                    f"{held} of {len(ratios)}",
                )
            )


def finish(order: Sequence[int], seconds: Sequence[float], jobs: int) -> list[float]:
    """When each is done, where each of `jobs` workers takes the next of the order."""
    free = [0.0] * jobs
    done = []
    for item in order:
        worker = free.index(min(free))
        free[worker] += seconds[item]
        done.append(free[worker])
    return sorted(done)


def simulate(recorded: Sequence[float]) -> None:
    """Orders of work on classes drawn from recorded times, where estimates are off by a factor."""
    print(
        f"\n{ROUNDS} classes of {CLASS} submissions drawn from {len(recorded)} recorded times, one in twenty "
        "takes ten times as long.\n"
    )
    print(header("jobs", "estimates off by", "order", "whole time / the best", "worst", "half is done after"))
    orders: dict[str, Callable[[Sequence[float], int], Sequence[int]]] = {
        "longest first": lambda said, jobs: longest_first(said, [0] * len(said)),
        "cheapest first": lambda said, jobs: sorted(range(len(said)), key=lambda item: said[item]),
        "half the jobs each: `cheap_first`": lambda said, jobs: cheap_first(said, [0] * len(said), jobs),
    }
    for jobs in (2, 8):
        for off in (1.2, 1.8):
            wholes: dict[str, list[float]] = {name: [] for name in orders}
            halves: dict[str, list[float]] = {name: [] for name in orders}
            for number in range(ROUNDS):
                draw = np.random.default_rng(number)
                took = [
                    float(draw.choice(recorded)) * (10 if draw.random() < 0.05 else 1) for _ in range(CLASS)
                ]
                said = [one * exp(draw.normal(0, log(off))) for one in took]
                best = max(sum(took) / jobs, *took)
                for name, order in orders.items():
                    done = finish(order(said, jobs), took, jobs)
                    wholes[name].append(done[-1] / best)
                    halves[name].append(done[CLASS // 2] / best)
            for name in orders:
                middle, worst = statistics.fmean(wholes[name]), max(wholes[name])
                half = statistics.fmean(halves[name])
                print(row(jobs, f"× {off:g}", name, f"{middle:.3f}", f"{worst:.2f}", f"{100 * half:.0f} %"))


if __name__ == "__main__":
    main()
