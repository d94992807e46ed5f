"""Names of a concept as they stand in `glossary.toml`, and what each of their words matches."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from graders.model.base import Frozen
from graders.theory.folding import CYRILLIC, fold, keys, morphology, spans_of_words
from graders.theory.inflections import inflections


class Entry(Frozen):
    """A concept as it stands in the file."""

    ru: tuple[str, ...] = ()
    en: tuple[str, ...] = ()
    slang: tuple[str, ...] = ()
    """Jargon and abbreviations of both languages."""
    ambiguous: tuple[str, ...] = ()
    """Forms that another concept has too."""
    but_not: tuple[str, ...] = ()
    """Words that share a stem with a form of one word and mean something else."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one word of a form must be."""

    word: str
    """As the file has it, folded."""
    keys: frozenset[str]
    """Any of them."""
    but_not: frozenset[str]
    """Folded words that are refused."""


@dataclass(frozen=True, slots=True)
class Form:
    """One way to name a concept."""

    concept: str
    parts: tuple[Part, ...]
    """Words side by side."""


def forms_of(name: str, entry: Entry) -> Iterator[Form]:
    """All names of a concept, in the order of the file."""
    for slang, texts in ((False, (*entry.ru, *entry.en)), (True, entry.slang)):
        for text in texts:
            if parts := _parts(text, entry, slang=slang):
                yield Form(name, parts)


def _parts(text: str, entry: Entry, *, slang: bool) -> tuple[Part, ...]:
    # In a name of several words the neighbours tell what is meant, so none is refused.
    words = list(spans_of_words(text))
    refused = frozenset(fold(word) for word in entry.but_not) if len(words) == 1 else frozenset()
    return tuple(
        _part(word, refused, exact=text[max(0, start - 1)] == "=", slang=slang) for word, start, _ in words
    )


def _part(word: str, refused: frozenset[str], *, exact: bool, slang: bool) -> Part:
    return Part(word, frozenset({f"={word}"}) if exact else _keys(word, slang), refused)


@lru_cache(maxsize=10_000)
def _keys(word: str, slang: bool) -> frozenset[str]:
    if CYRILLIC.search(word) and (slang or not morphology().word_is_known(word)):
        # Lemma and stem of an unknown word are guesses, and may be another word's: `релу` would find `реле`.
        return frozenset(f"={form}" for form in inflections(word))
    return keys(word)
