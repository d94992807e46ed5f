"""How fast theory answers are scored, on one core: `python benchmarks/theory/speed.py`.

The answers are the course's own set, each scored as in a class: rubric, models, guards, route.
"""

import subprocess
import sys
import time
from pathlib import Path

from graders.model import Answer, Question
from graders.spec import read_rubric
from graders.theory import load_prior, score_answer, untaught
from graders.theory.bench import read_graded

COURSE = Path(__file__).with_name("course_ru.jsonl")
ROUNDS = 5
LOADING = """
import sys
import time
began = time.perf_counter()
from graders.theory import load_prior, score_answer, untaught
imported = time.perf_counter()
taught = untaught(load_prior())
loaded = sorted({"torch", "sklearn"} & set(sys.modules))
print(imported - began, time.perf_counter() - imported, *loaded)
"""


def main() -> int:
    """Print the table."""
    pairs = _pairs()
    taught = untaught(load_prior())
    began = time.perf_counter()
    for question, answer in pairs:
        score_answer(question, answer, taught)
    cold = time.perf_counter() - began
    rounds = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        for question, answer in pairs:
            score_answer(question, answer, taught)
        rounds.append(time.perf_counter() - began)
    loaded = subprocess.run(
        [sys.executable, "-c", LOADING], capture_output=True, text=True, check=True
    ).stdout.split()
    print(f"{len(pairs)} answers, {ROUNDS} rounds after the first")
    print("| | |\n| --- | --- |")
    print(f"| answers/s, first round | {len(pairs) / cold:.0f} |")
    print(f"| answers/s, median of the others | {len(pairs) / sorted(rounds)[ROUNDS // 2]:.0f} |")
    print(f"| import of the scorer, s | {float(loaded[0]):.2f} |")
    print(f"| loading the model, s | {float(loaded[1]):.3f} |")
    print(f"| of torch and scikit-learn loaded | {', '.join(loaded[2:]) or 'neither'} |")
    return 0


def _pairs() -> list[tuple[Question, Answer]]:
    rubrics = {}
    found = []
    for row in read_graded(COURSE).rows:
        name, _, wanted = row.rubric.partition("#")
        if name not in rubrics:
            rubrics[name] = {one.id: one for one in read_rubric(COURSE.parent / name).questions}
        answer = Answer(question=wanted, text=row.answer, source="a.md", matched_by="number")
        found.append((rubrics[name][wanted], answer))
    return found


if __name__ == "__main__":
    sys.exit(main())
