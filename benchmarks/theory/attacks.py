"""Answers that try to earn a mark without knowing anything, made from the course's own rubrics.

    GRADE_MIRROR=/path/to/data python benchmarks/theory/attacks.py

Prints what share of each kind of attack the guards flag, and what share of honest answers: those of the
graded sets below `GRADE_MIRROR`, of `course_ru.jsonl`, and of the sample submissions. The same seed gives
the same attacks.
"""

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from attack_makers import MAKERS, Chance
from attack_texts import TAUTOLOGY
from honest_answers import LANGUAGES, honest, rubrics

from graders.model import Answer, AnswerScore, GuardFlag, Language, Question
from graders.theory import Marked, Taught, load_prior, score_answer, teach
from graders.theory.bench import cases_of, read_graded
from graders.theory.guards import check
from graders.theory.learning.cases import read_answer

SEED = 5
COURSE = Path(__file__).with_name("course_ru.jsonl")


@dataclass(frozen=True, slots=True)
class Attack:
    """One answer that must not be settled as right."""

    kind: str
    lesson: str
    language: Language
    question: Question
    text: str


def attacks() -> list[Attack]:
    """All attacks on all lessons' questions, in order."""
    made = []
    for lesson, rubric in rubrics():
        for place, question in enumerate(rubric.questions):
            other = rubric.questions[place - 1]
            for language in LANGUAGES:
                for kind, make in MAKERS.items():
                    seed = f"{SEED}/{lesson}/{question.id}/{language}/{kind}"
                    text = make(question, language, Chance(seed))
                    made.append(Attack(kind, lesson, language, question, text))
                made.append(Attack("other_reference", lesson, language, question, other.answer.to(language)))
                if (lesson, question.id) == ("l05_lstm", "3"):
                    made.append(Attack("tautology", lesson, language, question, TAUTOLOGY[language]))
    return made


def flags_of(question: Question, text: str) -> tuple[GuardFlag, ...]:
    """What the guards say of an answer."""
    reading, _ = read_answer(question, text)
    return check(question, text, reading)


def taught_course() -> Taught:
    """What all marks of `course_ru.jsonl` teach, as if its questions were one lesson."""
    graded = read_graded(COURSE)
    shares = [row.score / row.max for row in graded.rows]
    return teach(
        load_prior(),
        [
            Marked(case, row.answer, share)
            for case, row, share in zip(cases_of(graded), graded.rows, shares, strict=True)
        ],
    )


def scored(attack: Attack, taught: Taught) -> AnswerScore:
    """An attack scored like any answer."""
    name = f"{attack.lesson}/{attack.question.id}"
    question = attack.question.model_copy(update={"id": name})
    answer = Answer(question=name, text=attack.text, source="a.md", matched_by="number")
    return score_answer(question, answer, taught)


def main() -> int:
    """Print both tables."""
    print(f"{'attack':<18}{'n':>6}{'flagged':>9}  by")
    rows: dict[str, list[tuple[str, ...]]] = {}
    for attack in attacks():
        kinds = tuple(flag.kind for flag in flags_of(attack.question, attack.text))
        rows.setdefault(attack.kind, []).append(kinds)
    for kind, found in rows.items():
        print(f"{kind:<18}{len(found):>6}{sum(map(bool, found)) / len(found):>9.1%}  {_by(found)}")
    print(f"\n{'honest answers':<24}{'n':>6}{'flagged':>9}  by")
    sets: dict[str, list[tuple[str, ...]]] = {}
    for one in honest():
        name = f"{one.set}{', held out' if one.held_out else ''}"
        sets.setdefault(name, []).append(tuple(flag.kind for flag in flags_of(one.question, one.text)))
    for name, found in sets.items():
        print(f"{name:<28}{len(found):>6}{sum(map(bool, found)) / len(found):>9.1%}  {_by(found)}")
    return 0


def _by(found: Sequence[tuple[str, ...]]) -> str:
    counts = Counter(kind for kinds in found for kind in kinds)
    return ", ".join(f"{kind} {count / len(found):.1%}" for kind, count in counts.most_common())


if __name__ == "__main__":
    raise SystemExit(main())
