"""Texts that say their class: by a first or last word, a word after a fixed one, or the class's name."""

import re
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice

from graders.model import Message, say
from graders.own.examples import Rows
from graders.own.finding import Finding

FEWEST = 20
MOST_WORDS = 500
MOST_CHARACTERS = 50_000
NEARLY_ALL, HARDLY_ANY = 0.95, 0.005
"""Share of a class's texts that have its marker, and of other texts that have it too."""
OF_A_WORD = 4
"""Texts that begin with the same word on average at least, where first words are a code."""
MOST_SLOTS = 200
"""Words in every text after which a code is sought."""
MOST_SHOWN = 5
WORD = re.compile(r"\w+")

Texts = Sequence[list[str]]


def class_words(texts: tuple[str, ...], labels: Rows, classes: tuple[str, ...]) -> list[Finding]:
    """Words that tell the class of texts."""
    if len(texts) < FEWEST:
        return []
    words, label = [_words(text) for text in texts], labels.tolist()
    for place, name in ((0, "first"), (-1, "last")):
        if (code := _code((one[place] if one else "" for one in words), label)) is not None:
            return [_coded(say(f"own.leak.{name}_word", words=_shown(code)), code, label)]
    if (slot := _slot(words, label)) is not None:
        word, code = slot
        return [_coded(say("own.leak.word_after", word=word, words=_shown(code)), code, label)]
    marked = _markers(words, label)
    kinds = set(label)
    named = [
        kind for kind in kinds if 0 <= kind < len(classes) and _name(classes[kind]) in marked.get(kind, ())
    ]
    if len(named) >= max(1, len(kinds) - 1):
        told = ", ".join(classes[kind][:40] for kind in sorted(named)[:MOST_SHOWN])
        return [Finding(say("own.leak.class_name", words=told), "stop")]
    if marked:
        told = ", ".join(sorted(found)[0][:40] for _, found in sorted(marked.items())[:MOST_SHOWN])
        return [Finding(say("own.leak.marker", words=told), "look")]
    return []


def _coded(message: Message, told: set[str], label: Sequence[int]) -> Finding:
    """One word a class was put in; several may be natural, as in texts from a template."""
    if len(told) == len(set(label)):
        return Finding(message, "stop")
    return Finding(say("own.leak.telling_words", words=_shown(told)), "look")


def _shown(words: set[str]) -> str:
    return ", ".join(sorted(words)[:MOST_SHOWN])[:200]


def _words(text: str) -> list[str]:
    """The first words; equal ones are one object, so that many long texts fit into memory."""
    found = islice(WORD.finditer(text[:MOST_CHARACTERS].casefold()), MOST_WORDS)
    return [sys.intern(word.group()) for word in found]


def _name(name: str) -> str:
    return " ".join(name.casefold().split())


def _code(picked: Iterable[str], label: Sequence[int]) -> set[str] | None:
    """The words, one a text, if they are a code of the class."""
    kind_of: dict[str, int] = {}
    for word, kind in zip(picked, label, strict=True):
        if kind_of.setdefault(word, kind) != kind:
            return None
    kinds = len(set(label))
    if not kinds <= len(kind_of) <= min(max(2 * kinds, 16), len(label) // OF_A_WORD):
        return None
    return set(kind_of)


def _slot(words: Texts, label: Sequence[int]) -> tuple[str, set[str]] | None:
    """A word that is in every text and the words after it, if these are a code of the class."""
    everywhere = set(words[0]).intersection(*map(set, words[1:]))
    for word in sorted(everywhere)[:MOST_SLOTS]:
        if (told := _code((_after(one, word) for one in words), label)) is not None:
            return word, told
    return None


def _after(words: list[str], word: str) -> str:
    place = words.index(word) + 1
    return words[place] if place < len(words) else ""


def _markers(words: Texts, label: Sequence[int]) -> dict[int, set[str]]:
    """Words by class that nearly all of its texts have and hardly any other."""
    sizes = Counter(label)
    everywhere: Counter[str] = Counter()
    by_kind: dict[int, Counter[str]] = {kind: Counter() for kind in sizes}
    for one, kind in zip(words, label, strict=True):
        everywhere.update(set(one))
        by_kind[kind].update(set(one))
    found: dict[int, set[str]] = {}
    for kind, counts in by_kind.items():
        others = max(1, len(words) - sizes[kind])
        of_kind = {
            word
            for word, count in counts.items()
            if count >= NEARLY_ALL * sizes[kind] and everywhere[word] - count <= HARDLY_ANY * others
        }
        if of_kind and sizes[kind] >= OF_A_WORD:
            found[kind] = of_kind
    return found
