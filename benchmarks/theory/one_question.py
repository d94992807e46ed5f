"""What marks of one question teach: `python benchmarks/theory/one_question.py SET.jsonl QUESTION_ID`.

The answers are marked in the order of `grade theory queue`. After 0, 5, 10 and 20 marks the others are
scored anew; the figures are for those that are never marked, the same ones in every row.
"""

import sys
from pathlib import Path

import numpy as np

from graders.theory import Marked, load_prior, teach, untaught
from graders.theory.bench import agreement, cases_of, read_graded
from graders.theory.learning.grades import agrees
from graders.theory.learning.question import first_to_mark

MARKS = (0, 5, 10, 20)


def main(path: Path, question: str) -> None:
    """Print the table."""
    graded = read_graded(path)
    pairs = list(zip(cases_of(graded), graded.rows, strict=True))
    own = [(case, row) for case, row in pairs if row.question_id == question and not case.blank]
    if len(own) <= MARKS[-1] + 1:
        sys.exit(f"{question} has {len(own)} answers in {path}; expected more than {MARKS[-1] + 1}")
    order = first_to_mark([case.profile for case, _ in own], MARKS[-1])
    rest = [pair for at, pair in enumerate(own) if at not in order]
    truth = np.array([row.score / row.max for _, row in rest])
    print(f"{question} of {path.name}: {len(rest)} answers that are never marked\n")
    print("| marks | r | rmse5 | agreement | width of the interval | said to agree |")
    print("| --- | --- | --- | --- | --- | --- |")
    for marks in MARKS:
        given = [
            Marked(own[at][0], own[at][1].answer, own[at][1].score / own[at][1].max) for at in order[:marks]
        ]
        taught = teach(load_prior(), given) if given else untaught(load_prior())
        found = [taught.predict(case) for case, _ in rest]
        expected = np.array([float(one.grades.mean[0]) for one in found])
        median = np.array([one.median for one in found])
        width = np.mean(
            [float(one.grades.quantile(0.975)[0] - one.grades.quantile(0.025)[0]) for one in found]
        )
        sureness = np.mean([one.sureness(one.median) for one in found])
        r = agreement.pearson(expected, truth)
        print(
            f"| {marks} | {'–' if r is None else f'{r:.2f}'} | {agreement.rmse(expected, truth):.2f} "
            f"| {agrees(median, truth).mean():.0%} | {width:.2f} of 1 | {sureness:.0%} |"
        )


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("expected SET.jsonl and QUESTION_ID")
    main(Path(sys.argv[1]), sys.argv[2])
