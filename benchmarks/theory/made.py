"""Makes a graded set from the course's rubrics: `python benchmarks/theory/made.py ru|en > SET.jsonl`.

Every answer is put together from example sentences of some of its question's key points, in any order, with
sentences of other questions between them; its score is the weight of its points. The set is scored from
references alone: the rubrics were written for these very sentences. Nobody would write so, which makes it a
check of the machinery and of unseen wording, not of students.
"""

import json
import sys
from collections.abc import Iterator

import numpy as np
from honest_answers import rubrics

from graders.model import Language, Question
from graders.theory.learning.cases import language_of
from graders.theory.reading import read

ANSWERS = 20
"""To each question."""
ASIDE = 0.3
"""How often a sentence of another question stands between."""
SEED = 20260


def main(language: Language) -> None:
    """Print the set."""
    draw = np.random.default_rng(SEED)
    questions = [
        (f"{lesson}/{question.id}", question) for lesson, rubric in rubrics() for question in rubric.questions
    ]
    asides = [text for _, question in questions for text in _said(question, language)]
    for name, question in questions:
        for answer, score in _answers(question, language, asides, draw):
            row = {
                "question_id": name,
                "question": question.text.to(language),
                "reference": question.answer.to(language),
                "answer": answer,
                "score": score,
                "max": 1.0,
            }
            print(json.dumps(row, ensure_ascii=False))


def _answers(
    question: Question, language: Language, asides: list[str], draw: np.random.Generator
) -> Iterator[tuple[str, float]]:
    for _ in range(ANSWERS):
        share = draw.random()
        parts: list[str] = []
        score = 0.0
        for point in question.key_points:
            said = _in(language, (*point.yes, *point.paraphrases))
            if said and draw.random() < share:
                parts.append(said[draw.integers(len(said))])
                score += point.weight
        parts += [asides[draw.integers(len(asides))] for _ in question.key_points if draw.random() < ASIDE]
        draw.shuffle(parts)
        yield " ".join(parts), round(score, 3)


def _said(question: Question, language: Language) -> list[str]:
    return [text for point in question.key_points for text in _in(language, point.yes)]


def _in(language: Language, texts: tuple[str, ...]) -> list[str]:
    return [text for text in texts if language_of(read(text)) == language]


if __name__ == "__main__":
    if sys.argv[1:] not in (["ru"], ["en"]):
        sys.exit("expected one language: ru or en")
    main("ru" if sys.argv[1] == "ru" else "en")
