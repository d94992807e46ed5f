"""Counts which kinds of words stand side by side; writes `graders/theory/guards/joints.json`.

    GRADE_MIRROR=/path/to/data python benchmarks/theory/fit_joints.py

Reads the sentences of the rubrics, statements, messages and pages of this repository, the topics of
Python's documentation (its `pydoc_data`; a new Python changes some counts), and of the graded sets and
`course_ru.jsonl` the answers to every second question, the half that the guards are not reported on. Only
counts of kinds are written, no text.
"""

import json
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from pydoc_data.topics import topics

sys.path.insert(0, str(Path(__file__).parent))
from honest_answers import LANGUAGES, ROOT, honest, rubrics

from graders.model import Language
from graders.theory.guards.grammar import EDGE
from graders.theory.guards.joints import JOINTS, kinds, language_of
from graders.theory.guards.subject import outside_formulas
from graders.theory.reading import read

FITTED_ON = (
    "this repository: rubrics, statements, messages, pages",
    "Python's documentation, pydoc_data.topics; Python Software Foundation Licence; counts only",
    "SAF, computer networks; Filighera et al., 2022; MIT licence; every second question",
    "Beetle and SciEntsBank, SemEval-2013 Task 7; Dzikovska et al., 2013; counts only; every second question",
)
FEWEST = 2
"""Times that a pair must have been seen."""


def main() -> int:
    """Count and write."""
    counts: dict[Language, Counter[str]] = {"ru": Counter(), "en": Counter()}
    pairs: dict[Language, Counter[str]] = {"ru": Counter(), "en": Counter()}
    for text in _texts():
        words = read(text).words
        found = kinds(text, words, outside_formulas(text, words))
        if not found:
            continue
        language = language_of(found)
        counts[language].update(found)
        pairs[language].update(
            f"{one} {other}" for one, other in pairwise(found) if not (one == other == EDGE)
        )
    tables = {
        language: {
            "kinds": dict(sorted(counts[language].items())),
            "pairs": {pair: n for pair, n in sorted(pairs[language].items()) if n >= FEWEST},
        }
        for language in LANGUAGES
    }
    written = json.dumps({"fitted_on": FITTED_ON, **tables}, ensure_ascii=False, indent=0)
    JOINTS.write_text(written + "\n", encoding="utf-8")
    for language, table in tables.items():
        print(f"{language}: {len(table['kinds'])} kinds, {len(table['pairs'])} pairs")
    return 0


def _texts() -> Iterator[str]:
    yield from own()
    for one in honest():
        if not one.held_out and one.set != "submissions":
            yield one.text


def own() -> Iterator[str]:
    """Sentences of this repository and of Python's documentation."""
    for _, rubric in rubrics():
        for question in (*rubric.questions, *rubric.essays):
            for language in LANGUAGES:
                yield question.text.to(language)
                yield question.answer.to(language)
            for point in question.key_points:
                yield from (*point.yes, *point.no, *point.paraphrases)
    for path in sorted([*ROOT.glob("assignments/*/statement.*.md"), *ROOT.glob("docs/**/*.md")]):
        yield from path.read_text(encoding="utf-8").split("\n\n")
    for path in sorted(ROOT.glob("graders/locale/*/*.toml")):
        for sentence in tomllib.loads(path.read_text(encoding="utf-8")).values():
            yield from [sentence] if isinstance(sentence, str) else sentence.values()
    for text in topics.values():
        yield from text.split("\n\n")


if __name__ == "__main__":
    raise SystemExit(main())
