"""Answers that try to earn a mark without knowing anything, made from the course's own rubrics.

    GRADE_MIRROR=/path/to/data python benchmarks/theory/attacks.py

Prints what share of each kind of attack the guards flag, and what share of honest answers: those of the graded
sets below `GRADE_MIRROR`, of `course_ru.jsonl`, and of the sample submissions. The same seed gives the same
attacks.
"""

import os
import random
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from attack_texts import (
    CHANGES,
    FIELD,
    FILLERS,
    GLUE,
    INSTRUCTIONS,
    LOOK_ALIKES,
    OTHER_LANGUAGES,
    SWAPS,
    TAUTOLOGY,
    TRANSLIT,
)

from graders.model import GuardFlag, KeyPoint, Language, Question, Rubric, Text
from graders.theory import Document, find_answers
from graders.theory.bench.graded import Graded, read_graded
from graders.theory.guards import check
from graders.theory.learning.cases import read_answer
from graders.theory.lexicon import FUNCTION_WORDS
from graders.theory.reading import sentences

ROOT = Path(__file__).parents[2]
SEED = 5
LANGUAGES: tuple[Language, ...] = ("ru", "en")
SETS = ("saf_networks_en", "beetle", "scientsbank")

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Attack:
    """One answer that must not be settled as right."""

    kind: str
    lesson: str
    language: Language
    question: Question
    text: str


Make = Callable[[Question, Language, random.Random], str]


def attacks() -> list[Attack]:
    """All attacks on all lessons' questions, in order."""
    made = []
    for lesson, rubric in rubrics():
        for place, question in enumerate(rubric.questions):
            other = rubric.questions[place - 1]
            for language in LANGUAGES:
                for kind, make in MAKERS.items():
                    seed = f"{SEED}/{lesson}/{question.id}/{language}/{kind}"
                    text = make(question, language, random.Random(seed))  # noqa: S311
                    made.append(Attack(kind, lesson, language, question, text))
                made.append(Attack("other_reference", lesson, language, question, other.answer.to(language)))
                if (lesson, question.id) == ("l05_lstm", "3"):
                    made.append(Attack("tautology", lesson, language, question, TAUTOLOGY[language]))
    return made


def rubrics() -> list[tuple[str, Rubric]]:
    """Every lesson's rubric by its slug."""
    paths = sorted(ROOT.glob("assignments/*/theory.toml"))
    return [
        (path.parent.name, Rubric.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))) for path in paths
    ]


def _reference(question: Question, language: Language) -> str:
    return question.answer.to(language)


def _words(text: str) -> list[str]:
    return _WORD.findall(re.sub(r"\$[^$]*\$", " ", text))


def _terms(question: Question, language: Language) -> list[str]:
    """Words of the patterns, completed from the rubric's own sentences where a pattern has their beginning."""
    known = [word.lower() for text in _examples(question, language) for word in _words(text)]
    found: dict[str, None] = {}
    for point in question.key_points:
        for source in point.any:
            for token in re.findall(r"[^\W\d_]{3,}\*?", source):
                if (token[0] > "z") != (language == "ru"):
                    continue
                whole = [word for word in known if word.startswith(token[:-1])] if token.endswith("*") else [token]
                for word in whole[:1]:
                    found[word] = None
    return list(found)


def _examples(question: Question, language: Language) -> list[str]:
    examples = [example for point in question.key_points for example in point.yes]
    return [question.answer.to(language), question.text.to(language), *examples]


def _sample(words: Sequence[str], count: int, chance: random.Random) -> list[str]:
    return chance.sample(list(words), min(count, len(words)))


def _copy_reordered(question: Question, language: Language, chance: random.Random) -> str:
    words = question.text.to(language).rstrip("?.").split()
    cut = chance.randint(1, max(1, len(words) - 2))
    return " ".join([*words[cut:], *words[:cut]]).capitalize() + "."


def _copy_shuffled(question: Question, language: Language, chance: random.Random) -> str:
    words = _words(question.text.to(language).lower())
    chance.shuffle(words)
    return " ".join(words) + "."


def _copy_as_answer(question: Question, language: Language, chance: random.Random) -> str:
    asked = question.text.to(language).rstrip("?.")
    if language == "ru":
        return f"Ответ на вопрос такой: {asked[0].lower()}{asked[1:]}, потому что это так и есть."
    return f"The answer to the question is this: {asked[0].lower()}{asked[1:]}, because that is how it is."


def _shuffled(question: Question, language: Language, chance: random.Random) -> str:
    words = _words(_reference(question, language))
    chance.shuffle(words)
    return " ".join(words)


def _nouns(question: Question, language: Language, chance: random.Random) -> str:
    words = [word for word in _words(_reference(question, language).lower()) if word not in FUNCTION_WORDS]
    return " ".join(dict.fromkeys(words))


def _glued(question: Question, language: Language, chance: random.Random) -> str:
    """Terms with words of grammar between them, wherever they fall."""
    return " ".join(f"{term} {chance.choice(GLUE[language])}" for term in _sample(_terms(question, language), 14, chance))


def _mixed(question: Question, language: Language, chance: random.Random) -> str:
    """Terms of the question among common words of the field."""
    words = _sample(_terms(question, language), 10, chance) + _sample(FIELD[language], 8, chance)
    chance.shuffle(words)
    return " ".join(words)


def _changed(question: Question, language: Language, chance: random.Random) -> str:
    words = _reference(question, language).split()
    for at in range(chance.randint(3, 6), len(words), 8):
        words[at] = chance.choice(CHANGES[language])
    return " ".join(words)


def _half(question: Question, language: Language, chance: random.Random) -> str:
    text = _reference(question, language)
    spans = sentences(text)
    return text[: spans[max(0, (len(spans) + 1) // 2 - 1)][1]] if len(spans) > 1 else text


def _negated(text: str, language: Language, only: int | None = None) -> str:
    """`text` with a negation in each sentence, or in one."""
    parts = [text[start:end] for start, end in sentences(text)]
    return "".join(_deny(part, language) if only is None or at == only else part for at, part in enumerate(parts))


def _deny(sentence: str, language: Language) -> str:
    if language == "en":
        denied = re.sub(
            r"\b(is|are|was|were|can|must|has|have|may|will|does|do)\b", r"\1 not", sentence, count=1, flags=re.IGNORECASE
        )
        if denied != sentence:
            return denied
        return re.sub(r"(\s)(\w+(?:es|s))\b(?=\s)", r"\1does not \2", sentence, count=1)
    verb = re.search(r"\s(?=[а-яё]+(?:ет|ит|ют|ут|ат|ят|ется|ится|ются|ены|ена|ено|ен|ть|тся)\b)", sentence)
    at = verb.end() if verb else (sentence.find(" ", 4) + 1 or 0)
    return f"{sentence[:at]}не {sentence[at:]}"


def _negated_one(question: Question, language: Language, chance: random.Random) -> str:
    text = _reference(question, language)
    return _negated(text, language, chance.randrange(len(sentences(text))))


def _swapped(question: Question, language: Language, chance: random.Random) -> str:
    text = _reference(question, language)
    for one, other in SWAPS[language]:
        text = re.sub(
            rf"\b({one}|{other})\b", lambda match, one=one, other=other: other if match[1] == one else one, text
        )
    return text


def _repeated(question: Question, language: Language, chance: random.Random) -> str:
    text = _reference(question, language)
    start, end = chance.choice(sentences(text))
    return " ".join([text[start:end].strip()] * 6)


def _padded(question: Question, language: Language, chance: random.Random) -> str:
    return " ".join([FILLERS[language], *_sample(_terms(question, language), 4, chance)] * 4)


def _zero_width(question: Question, language: Language, chance: random.Random) -> str:
    return re.sub(r"(?<=[^\W\d_]{2})(?=[^\W\d_]{2})", "\u200b", _reference(question, language))


def _homoglyphs(question: Question, language: Language, chance: random.Random) -> str:
    text = _reference(question, language)
    return re.sub(
        r"(?<!\\)\b[^\W\d_]{4,}",
        lambda match: match[0][:1] + match[0][1:].translate(LOOK_ALIKES[language]),
        text,
    )


def _comment(question: Question, language: Language, chance: random.Random) -> str:
    short = {"ru": "Смотрите выше.", "en": "See above."}[language]
    return f"{short} <!-- {_reference(question, language)} -->"


def _white(question: Question, language: Language, chance: random.Random) -> str:
    short = {"ru": "Смотрите выше.", "en": "See above."}[language]
    return f'{short} <span style="color: white">{_reference(question, language)}</span>'


def _ordered(question: Question, language: Language, chance: random.Random) -> str:
    known = chance.choice(sentences(_reference(question, language)))
    return f"{_reference(question, language)[slice(*known)]} {chance.choice(INSTRUCTIONS[language])}"


def _foreign(question: Question, language: Language, chance: random.Random) -> str:
    return chance.choice(OTHER_LANGUAGES)


def _transliterated(question: Question, language: Language, chance: random.Random) -> str:
    text = question.answer.ru.lower()
    return "".join(TRANSLIT.get(letter, letter) for letter in text)


MAKERS: dict[str, Make] = {
    "copy": lambda question, language, _: question.text.to(language),
    "copy_twice": lambda question, language, _: f"{question.text.to(language)} {question.text.to(language)}",
    "copy_reordered": _copy_reordered,
    "copy_shuffled": _copy_shuffled,
    "copy_as_answer": _copy_as_answer,
    "salad_shuffled": _shuffled,
    "salad_reversed": lambda question, language, _: " ".join(_words(_reference(question, language))[::-1]),
    "salad_second": lambda question, language, _: " ".join(_words(_reference(question, language))[::2]),
    "salad_nouns": _nouns,
    "salad_terms": lambda question, language, chance: " ".join(_sample(_terms(question, language), 18, chance)),
    "salad_commas": lambda question, language, chance: ", ".join(_sample(_terms(question, language), 18, chance)),
    "salad_few": lambda question, language, chance: " ".join(_sample(_terms(question, language), 10, chance)),
    "salad_glued": _glued,
    "salad_mixed": _mixed,
    "verbatim": lambda question, language, _: _reference(question, language),
    "verbatim_half": _half,
    "verbatim_changed": _changed,
    "verbatim_padded": lambda question, language, _: (
        f"{FILLERS[language]} {_reference(question, language)} {FILLERS[language]}"
    ),
    "other_language": lambda question, language, _: question.answer.to("en" if language == "ru" else "ru"),
    "negated": lambda question, language, _: _negated(_reference(question, language), language),
    "negated_one": _negated_one,
    "swapped": _swapped,
    "repeated": _repeated,
    "padded": _padded,
    "struck_out": lambda question, language, _: f"~~{_reference(question, language)}~~",
    "zero_width": _zero_width,
    "homoglyphs": _homoglyphs,
    "comment": _comment,
    "white": _white,
    "instruction": _ordered,
    "foreign": _foreign,
    "transliterated": _transliterated,
}


@dataclass(frozen=True, slots=True)
class Honest:
    """An answer by somebody who meant it."""

    set: str
    question: Question
    text: str
    held_out: bool
    """Its question was not looked at when the guards were made."""


def honest() -> Iterator[Honest]:
    """Right and partly right answers of the graded sets, all of the course's set, and the submissions."""
    folder = Path(os.environ.get("GRADE_MIRROR", "")) / "answers"
    for path in [*(folder / f"{name}.jsonl" for name in SETS), Path(__file__).with_name("course_ru.jsonl")]:
        if path.is_file():
            yield from _graded(path)
    for lesson, rubric in rubrics():
        questions = {question.id: question for question in rubric.questions}
        for path in sorted(ROOT.glob(f"submissions/*/{lesson}.md")):
            for answer in find_answers(rubric, [Document(path.name, path.read_text(encoding="utf-8"))]):
                yield Honest("submissions", questions[answer.question], answer.text, held_out=False)


def _graded(path: Path) -> Iterator[Honest]:
    places: dict[str, int] = {}
    questions: dict[tuple[str, str], Question] = {}
    for row in read_graded(path).rows:
        place = places.setdefault(row.question_id, len(places))
        question = questions.setdefault((row.question_id, row.reference), _question(row))
        if row.score > 0 or path.stem == "course_ru":
            yield Honest(path.stem, question, row.answer, held_out=place % 2 == 0)


def _question(row: Graded) -> Question:
    return Question(
        id=row.question_id,
        points=row.max,
        text=Text(ru=row.question, en=row.question),
        answer=Text(ru=row.reference, en=row.reference),
        key_points=(KeyPoint(id="reference", weight=1, title=Text(ru="эталон", en="the reference")),),
    )


def flags_of(question: Question, text: str) -> tuple[GuardFlag, ...]:
    """What the guards say of an answer."""
    reading, _ = read_answer(question, text)
    return check(question, text, reading)


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
