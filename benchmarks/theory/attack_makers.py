"""How each kind of attack is made from a question and its rubric."""

import re
import zlib
from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
from attack_texts import (
    CHANGES,
    FIELD,
    FILLERS,
    GLUE,
    INSTRUCTIONS,
    LOOK_ALIKES,
    OTHER_LANGUAGES,
    SWAPS,
    TRANSLIT,
)

from graders.model import Language, Question
from graders.theory.lexicon import FUNCTION_WORDS
from graders.theory.reading import sentences

_T = TypeVar("_T")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


class Chance:
    """The same choices for the same name."""

    def __init__(self, name: str) -> None:
        self._numbers = np.random.default_rng(zlib.crc32(name.encode()))

    def below(self, count: int) -> int:
        """A number from 0 to `count` - 1."""
        return int(self._numbers.integers(count))

    def choice(self, among: Sequence[_T]) -> _T:
        """One of `among`."""
        return among[self.below(len(among))]

    def sample(self, among: Sequence[_T], count: int) -> list[_T]:
        """`count` of `among`, or all where there are fewer, in any order."""
        return [among[place] for place in self._numbers.permutation(len(among))[:count]]


Make = Callable[[Question, Language, Chance], str]


def _reference(question: Question, language: Language) -> str:
    return question.answer.to(language)


def _words(text: str) -> list[str]:
    return _WORD.findall(re.sub(r"\$[^$]*\$", " ", text))


def _terms(question: Question, language: Language) -> list[str]:
    """Words of the patterns, completed from the rubric's sentences where only a beginning is given."""
    known = [word.lower() for text in _examples(question, language) for word in _words(text)]
    found: dict[str, None] = {}
    for point in question.key_points:
        for source in point.any:
            for token in re.findall(r"[^\W\d_]{3,}\*?", source):
                if (token[0] > "z") != (language == "ru"):
                    continue
                whole = (
                    [word for word in known if word.startswith(token[:-1])]
                    if token.endswith("*")
                    else [token]
                )
                for word in whole[:1]:
                    found[word] = None
    return list(found)


def _examples(question: Question, language: Language) -> list[str]:
    examples = [example for point in question.key_points for example in point.yes]
    return [question.answer.to(language), question.text.to(language), *examples]


def _copy_reordered(question: Question, language: Language, chance: Chance) -> str:
    words = question.text.to(language).rstrip("?.").split()
    cut = 1 + chance.below(max(1, len(words) - 2))
    return " ".join([*words[cut:], *words[:cut]]).capitalize() + "."


def _copy_shuffled(question: Question, language: Language, chance: Chance) -> str:
    words = _words(question.text.to(language).lower())
    return " ".join(chance.sample(words, len(words))) + "."


def _copy_as_answer(question: Question, language: Language, chance: Chance) -> str:
    asked = question.text.to(language).rstrip("?.")
    if language == "ru":
        return f"Ответ на вопрос такой: {asked[0].lower()}{asked[1:]}, потому что это так и есть."
    return f"The answer to the question is this: {asked[0].lower()}{asked[1:]}, because that is how it is."


def _shuffled(question: Question, language: Language, chance: Chance) -> str:
    words = _words(_reference(question, language))
    return " ".join(chance.sample(words, len(words)))


def _nouns(question: Question, language: Language, chance: Chance) -> str:
    words = [word for word in _words(_reference(question, language).lower()) if word not in FUNCTION_WORDS]
    return " ".join(dict.fromkeys(words))


def _glued(question: Question, language: Language, chance: Chance) -> str:
    """Terms with words of grammar between them, wherever they fall."""
    return " ".join(
        f"{term} {chance.choice(GLUE[language])}" for term in chance.sample(_terms(question, language), 14)
    )


def _mixed(question: Question, language: Language, chance: Chance) -> str:
    """Terms of the question among common words of the field."""
    words = chance.sample(_terms(question, language), 10) + chance.sample(FIELD[language], 8)
    return " ".join(chance.sample(words, len(words)))


def _changed(question: Question, language: Language, chance: Chance) -> str:
    words = _reference(question, language).split()
    for at in range(3 + chance.below(4), len(words), 8):
        words[at] = chance.choice(CHANGES[language])
    return " ".join(words)


def _half(question: Question, language: Language, chance: Chance) -> str:
    text = _reference(question, language)
    spans = sentences(text)
    return text[: spans[max(0, (len(spans) + 1) // 2 - 1)][1]] if len(spans) > 1 else text


def _negated(text: str, language: Language, only: int | None = None) -> str:
    """`text` with a negation in each sentence, or in one."""
    parts = [text[start:end] for start, end in sentences(text)]
    return "".join(
        _deny(part, language) if only is None or at == only else part for at, part in enumerate(parts)
    )


def _deny(sentence: str, language: Language) -> str:
    if language == "en":
        denied = re.sub(
            r"\b(is|are|was|were|can|must|has|have|may|will|does|do)\b",
            r"\1 not",
            sentence,
            count=1,
            flags=re.IGNORECASE,
        )
        if denied != sentence:
            return denied
        return re.sub(r"(\s)(\w+(?:es|s))\b(?=\s)", r"\1does not \2", sentence, count=1)
    verb = re.search(r"\s(?=[а-яё]+(?:ет|ит|ют|ут|ат|ят|ется|ится|ются|ены|ена|ено|ен|ть|тся)\b)", sentence)
    at = verb.end() if verb else (sentence.find(" ", 4) + 1 or 0)
    return f"{sentence[:at]}не {sentence[at:]}"


def _negated_one(question: Question, language: Language, chance: Chance) -> str:
    text = _reference(question, language)
    return _negated(text, language, chance.below(len(sentences(text))))


def _swapped(question: Question, language: Language, chance: Chance) -> str:
    text = _reference(question, language)
    for one, other in SWAPS[language]:
        text = re.sub(
            rf"\b({one}|{other})\b",
            lambda match, one=one, other=other: other if match[1] == one else one,
            text,
        )
    return text


def _repeated(question: Question, language: Language, chance: Chance) -> str:
    text = _reference(question, language)
    start, end = chance.choice(sentences(text))
    return " ".join([text[start:end].strip()] * 6)


def _padded(question: Question, language: Language, chance: Chance) -> str:
    return " ".join([FILLERS[language], *chance.sample(_terms(question, language), 4)] * 4)


def _zero_width(question: Question, language: Language, chance: Chance) -> str:
    return re.sub(r"(?<=[^\W\d_]{2})(?=[^\W\d_]{2})", "\u200b", _reference(question, language))


def _homoglyphs(question: Question, language: Language, chance: Chance) -> str:
    text = _reference(question, language)
    return re.sub(
        r"(?<!\\)\b[^\W\d_]{4,}",
        lambda match: match[0][:1] + match[0][1:].translate(LOOK_ALIKES[language]),
        text,
    )


def _comment(question: Question, language: Language, chance: Chance) -> str:
    short = {"ru": "Смотрите выше.", "en": "See above."}[language]
    return f"{short} <!-- {_reference(question, language)} -->"


def _white(question: Question, language: Language, chance: Chance) -> str:
    short = {"ru": "Смотрите выше.", "en": "See above."}[language]
    return f'{short} <span style="color: white">{_reference(question, language)}</span>'


def _ordered(question: Question, language: Language, chance: Chance) -> str:
    known = chance.choice(sentences(_reference(question, language)))
    return f"{_reference(question, language)[slice(*known)]} {chance.choice(INSTRUCTIONS[language])}"


def _foreign(question: Question, language: Language, chance: Chance) -> str:
    return chance.choice(OTHER_LANGUAGES)


def _transliterated(question: Question, language: Language, chance: Chance) -> str:
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
    "salad_terms": lambda question, language, chance: " ".join(chance.sample(_terms(question, language), 18)),
    "salad_commas": lambda question, language, chance: ", ".join(
        chance.sample(_terms(question, language), 18)
    ),
    "salad_few": lambda question, language, chance: " ".join(chance.sample(_terms(question, language), 10)),
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
"""All kinds that need no other question, by name."""
