"""Characters that hide something: ones that nobody sees, and letters of another alphabet.

Flagged: invisible characters inside words or many of them, direction overrides, Unicode tags, words in HTML
comments, in white, transparent or zero-sized markup; words spelled in two alphabets, or in styled letters.
Not flagged: what editors and PDFs leave (a byte order mark, a soft hyphen, joiners of emoji), a template's
comment, a Latin term with a Russian ending (`LSTMы`, `dropout'а`), one mistyped letter in one word, and a
word all of whose letters are of the other alphabet.
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

from graders.model import GuardFlag, Span, say
from graders.theory.guards.subject import Subject, flag
from graders.theory.reading import fold, spans_of_words, stem, stems

MANY_LOOSE = 4
"""So many invisible characters between words are no accident of copying."""
FEWEST_MIXED = 2
"""One word with a letter of the other alphabet is a slip of the keyboard."""
FEWEST_HIDDEN = 3
"""Words in a comment or in hidden markup that say something."""

_UNSEEN = "\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2060-\u206f\u3164\ufeff\uffa0"
_LOOSE = re.compile(f"[{_UNSEEN}]")
_INSIDE = re.compile(rf"(?<=[^\W\d_])(?:[{_UNSEEN}]|\u00ad(?=[^\W\d_]\u00ad))+(?=[^\W\d_])")
_OVERRIDES = re.compile("[\u202a-\u202e\u2066-\u2069\U000e0020-\U000e007f]+")
_COMMENT = re.compile(r"<!--((?:(?!<!--|-->).)*+)-->", re.DOTALL)
_MARKUP = re.compile(
    r"<(\w{1,12})\b(?P<inside>[^<>]{0,300})>(?P<words>[^<]*+)"
    r"|\\(?:phantom|hphantom|vphantom)\{(?P<phantom>[^{}]*+)\}"
    r"|\\(?:textcolor\{white\}|color\{white\})\{?(?P<white>[^{}$]*+)"
)
_HIDES = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0?(?:\.0\d*)?(?![\d.])"
    r"|font-size\s*:\s*[01](?:\.\d+)?\s*(?:px|pt|em|%|;|\"|'|$)"
    r"|color\s*[:=]\s*[\"']?\s*(?:white|transparent|#f{3}(?![0-9a-f])|#f{6}|rgba?\(\s*255\s*,\s*255\s*,\s*255"
    r"|rgba\([^()]{0,40},\s*0(?:\.0+)?\s*\))"
    r"|(?<![\w-])hidden(?![\w-])",
    re.IGNORECASE,
)
_TEMPLATE = frozenset(
    stems(
        "ваш ответ ответы здесь тут напишите впишите место для "
        "todo your answer here write goes please put type"
    )
)
"""Stems of what a template's comment asks for."""

_LETTERS = re.compile(r"[^\W\d_]+")
_CYRILLIC, _LATIN = re.compile("[а-яё]", re.IGNORECASE), re.compile("[a-z]", re.IGNORECASE)
_RUSSIAN_ENDING = re.compile(
    r"[a-z]{2,}(?:а|у|е|ы|и|ом|ем|ой|ов|ам|ами|ах|ка|ки|ку|кой|ок|овский|ная|ный|ные|ного|ной|ную|ить|ится)",
    re.IGNORECASE,
)
_STYLED = re.compile("[\U0001d400-\U0001d7ff\uff21-\uff5a\u24b6-\u24e9]{4,}")


def invisible(subject: Subject) -> GuardFlag | None:
    """Characters or words that a reader of the page does not see."""
    text = subject.text
    overrides = [match.span() for match in _OVERRIDES.finditer(text)]
    inside = [match.span() for match in _INSIDE.finditer(text)]
    loose = [match.span() for match in _LOOSE.finditer(text, 1) if not _joins_emoji(text, match.start())]
    words = [span for span, hidden in _hidden_words(text) if _says_something(hidden)]
    if not (overrides or words or inside or len(loose) >= MANY_LOOSE):
        return None
    found = sorted({*overrides, *words, *inside, *loose})
    code = "theory.guard.hidden_words" if words else "theory.guard.invisible"
    return flag("invisible", say(code, n=len(found)), (Span(start=start, end=end) for start, end in found))


def look_alike(subject: Subject) -> GuardFlag | None:
    """Words that mix letters of two alphabets so that they look like words of one."""
    mixed = [match.span() for match in _LETTERS.finditer(subject.text) if _is_mixed(match[0])]
    styled = [match.span() for match in _STYLED.finditer(subject.text)]
    if len(mixed) + len(styled) < FEWEST_MIXED:
        return None
    found = sorted(mixed + styled)
    return flag(
        "look_alike",
        say("theory.guard.look_alike", n=len(found)),
        (Span(start=start, end=end) for start, end in found),
    )


def _hidden_words(text: str) -> Iterator[tuple[tuple[int, int], str]]:
    for match in _COMMENT.finditer(text):
        yield match.span(), match[1]
    for match in _MARKUP.finditer(text):
        if match["inside"] is None or _HIDES.search(match["inside"]):
            yield match.span(), match["words"] or match["phantom"] or match["white"] or ""


def _says_something(hidden: str) -> bool:
    words = [word for word, _, _ in spans_of_words(hidden[:2000]) if len(word) > 1]
    return len(words) >= FEWEST_HIDDEN and sum(stem(word) not in _TEMPLATE for word in words) >= FEWEST_HIDDEN


def _joins_emoji(text: str, at: int) -> bool:
    around = text[at - 1] + text[at + 1 : at + 2]
    return any(unicodedata.category(character) in ("So", "Sk", "Mn") for character in around)


def _is_mixed(word: str) -> bool:
    if word.isascii() or len(word) > 80:
        return False
    plain = unicodedata.normalize("NFKC", word)
    if not (_CYRILLIC.search(plain) and _LATIN.search(plain)) or _RUSSIAN_ENDING.fullmatch(plain):
        return False
    folded = fold(word)
    return not (_CYRILLIC.search(folded) and _LATIN.search(folded)) or _changes(plain) > 1


def _changes(word: str) -> int:
    """How often the alphabet changes within a word."""
    alphabets = ["c" if _CYRILLIC.match(letter) else "l" for letter in word]
    return sum(one != other for one, other in pairwise(alphabets))
