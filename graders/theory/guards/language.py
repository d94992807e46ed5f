"""Answers in a language that the course is not in: neither Russian nor English.

Found by the alphabet, by letters that Russian lacks, and by words of grammar of languages that students of
such a course may write; Russian in Latin letters is found the same way. Russian and English may be mixed at
will. Not covered: a language in Latin or Russian letters that is not in `WORDS`, and answers of a few
words.
"""

import re
from collections import Counter

from graders.model import GuardFlag, Span, say
from graders.theory.guards.language_words import ENGLISH, LETTERS, RUSSIAN, WORDS
from graders.theory.guards.subject import Subject, flag

FEWEST_LETTERS = 8
SHARE_OF_LETTERS = 0.4
"""Of another alphabet, from which on an answer is in another language."""
FEWEST_WORDS = 5
FEWEST_FOREIGN = 3
FEWEST_DIFFERENT = 2
SHARE_OF_WORDS = 0.15
"""Words of another language's grammar among all."""
SHARE_OF_MARKED = 0.12
"""Words with a letter that Russian lacks among all."""
READ_WORDS = 400

_FORMULA = re.compile(r"\$[^$]{1,300}\$|`[^`\n]{1,300}`|\S*[=(){}\\_^]\S*")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_LETTER = re.compile(r"[^\W\d_]")
_OWN_LETTER = re.compile(
    r"[A-Za-zА-Яа-яЁё\u00aa-\u024f\u0370-\u04ff\u1e00-\u1eff\u2100-\u214f\U0001d400-\U0001d7ff]"
)


def wrong_language(subject: Subject) -> GuardFlag | None:
    """An answer most of which is neither Russian nor English."""
    text = subject.text[:4000]
    letters = _LETTER.findall(text)
    other = sum(not _OWN_LETTER.match(letter) for letter in letters)
    whole = [Span(start=0, end=len(subject.text))]
    if other >= FEWEST_LETTERS and other >= SHARE_OF_LETTERS * len(letters):
        return flag("wrong_language", say("theory.guard.other_alphabet"), whole)
    # Not from the reading, which folds letters of other languages into Russian ones.
    words = [
        word for word in _WORD.findall(_FORMULA.sub(" ", text).casefold()) if len(word) > 1 or word > "z"
    ]
    words = words[:READ_WORDS]
    if len(words) < FEWEST_WORDS:
        return None
    language = _other_language(words)
    if language == "translit":
        return flag("wrong_language", say("theory.guard.translit"), whole)
    return flag("wrong_language", say("theory.guard.other_language"), whole) if language else None


def _other_language(words: list[str]) -> str:
    own = sum(word in ENGLISH or word in RUSSIAN for word in words)
    marked = sum(not LETTERS.isdisjoint(word) for word in words)
    if marked >= FEWEST_FOREIGN and marked >= SHARE_OF_MARKED * len(words) and marked > own:
        return "other"
    found = Counter({name: sum(word in known for word in words) for name, known in WORDS.items()})
    name, foreign = found.most_common(1)[0]
    different = len(WORDS[name].intersection(words))
    if (
        different >= FEWEST_DIFFERENT
        and foreign >= FEWEST_FOREIGN
        and foreign >= SHARE_OF_WORDS * len(words)
        and foreign > 2 * own
    ):
        return "translit" if name == "translit" else "other"
    return ""
