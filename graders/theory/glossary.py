"""The terms of the course in Russian and English, with slang and abbreviations, from `glossary.toml`.

A concept has forms, a form has one or more words that stand side by side. A word of a form matches by stem or
lemma as everywhere; a Russian word that the dictionary lacks ("лосс") and all slang also match by a table of
case endings, since a lemma of an unknown word is a guess. `=word` in a form matches that spelling alone, and
`but_not` names words that share a stem with a form and mean something else (`optimal`, `optimizer`).
A form that two concepts share must stand in `ambiguous` of both; both are found then.
Not covered: verbs of slang, and terms that are written apart by other words.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import Field, ValidationError

from graders.errors import AuthorError, Problem
from graders.model.base import Frozen
from graders.theory.folding import CYRILLIC, fold, keys, morphology, spans_of_words, stem
from graders.theory.inflections import inflections

GLOSSARY = Path(__file__).with_name("glossary.toml")
NAMES = "names"
"""Key of the file's list of names that are no concepts and no typos either."""

Model = TypeVar("Model", bound=Frozen)


class _Entry(Frozen):
    """A concept as it stands in the file."""

    ru: tuple[str, ...] = ()
    en: tuple[str, ...] = ()
    slang: tuple[str, ...] = ()
    ambiguous: tuple[str, ...] = ()
    but_not: tuple[str, ...] = ()


class _Names(Frozen):
    """The list of names."""

    words: tuple[str, ...] = Field(min_length=1)


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


@dataclass(frozen=True, slots=True)
class Glossary:
    """All concepts."""

    concepts: Mapping[str, tuple[Form, ...]]
    """Forms by id, in the order of the file."""
    words: frozenset[str]
    """Folded words of all forms, of `but_not` and of the names."""
    keys: frozenset[str]
    """Keys of these words."""


@cache
def glossary() -> Glossary:
    """The glossary of the package, read once."""
    return load_glossary(GLOSSARY)


def load_glossary(path: Path) -> Glossary:
    """Read a glossary.

    Raises:
        AuthorError: all mistakes of the file at once, each with its key.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise AuthorError([Problem(path, "", f"is not TOML: {error}; mend the file")]) from error
    problems: list[Problem] = []
    names = _checked(_Names, data.pop(NAMES), path, NAMES, problems) if NAMES in data else None
    entries: dict[str, _Entry] = {}
    for name, table in data.items():
        if not (name.isascii() and name.isidentifier() and name.islower()):
            problems.append(Problem(path, name, "is no id; write small Latin letters, digits and `_`"))
        entry = _checked(_Entry, table, path, name, problems)
        if entry is not None:
            entries[name] = entry
    problems += [Problem(path, key, message) for key, message in _mistakes(entries)]
    if problems:
        raise AuthorError(problems)
    concepts = {name: tuple(_forms(name, entry)) for name, entry in entries.items()}
    refused = {word for entry in entries.values() for word in entry.but_not}
    words = {part.word for forms in concepts.values() for form in forms for part in form.parts}
    words |= {fold(word) for word in (*refused, *(names.words if names else ()))}
    known = {key for forms in concepts.values() for form in forms for part in form.parts for key in part.keys}
    known |= {key for word in words for key in keys(word)}
    return Glossary(concepts, frozenset(words), frozenset(known))


def _checked(model: type[Model], table: Any, path: Path, name: str, problems: list[Problem]) -> Model | None:
    try:
        return model.model_validate(table)
    except ValidationError as error:
        for item in error.errors():
            key = ".".join(str(step) for step in (name, *item["loc"]))
            problems.append(Problem(path, key, f"{item['msg']}; expected lists of words"))
        return None


def _mistakes(entries: Mapping[str, _Entry]) -> Iterator[tuple[str, str]]:
    seen: dict[str, list[Form]] = {}
    for name, entry in entries.items():
        listed = (*entry.ru, *entry.en, *entry.slang)
        if not entry.ru or not entry.en:
            yield name, "has no Russian or no English form; give at least one of each"
        for form in listed:
            if not _parts(form, entry, slang=False):
                yield name, f"has the form “{form}” without words; write a word or remove it"
            if listed.count(form) > 1:
                yield name, f"has the form “{form}” more than once; keep one"
        for form in entry.ambiguous:
            if form not in listed:
                yield (
                    f"{name}.ambiguous",
                    f"names “{form}”, which is no form of it; remove it or add the form",
                )
        own = {key for form in _forms(name, entry) for part in form.parts for key in part.keys}
        for word in entry.but_not:
            if keys(fold(word)).isdisjoint(own):
                yield f"{name}.but_not", f"names “{word}”, which no form finds anyway; remove it"
        for one in _forms(name, entry):
            yield from _shared(one, seen, entries)
            for key in sorted(one.parts[0].keys):
                seen.setdefault(key, []).append(one)


def _shared(
    form: Form, seen: Mapping[str, list[Form]], entries: Mapping[str, _Entry]
) -> Iterator[tuple[str, str]]:
    others = {id(other): other for key in form.parts[0].keys for other in seen.get(key, ())}
    for other in others.values():
        if other.concept == form.concept or not (_finds(form, other) or _finds(other, form)):
            continue
        for one, its in ((form, other), (other, form)):
            if _words(one) not in _ambiguous(entries[one.concept]):
                yield (
                    one.concept,
                    f"shares the form “{' '.join(_words(one))}” with `{its.concept}`; keep it in one of "
                    "them, or name it in `ambiguous` of both",
                )


def _ambiguous(entry: _Entry) -> set[tuple[str, ...]]:
    return {tuple(word for word, _, _ in spans_of_words(text)) for text in entry.ambiguous}


def _words(form: Form) -> tuple[str, ...]:
    return tuple(part.word for part in form.parts)


def _finds(form: Form, other: Form) -> bool:
    """Whether a text that is worded as `other` is found by `form`."""
    return len(form.parts) == len(other.parts) and all(
        not part.keys.isdisjoint(keys(its.word)) and its.word not in part.but_not
        for part, its in zip(form.parts, other.parts, strict=True)
    )


def _forms(name: str, entry: _Entry) -> Iterator[Form]:
    for slang, texts in ((False, (*entry.ru, *entry.en)), (True, entry.slang)):
        for text in texts:
            if parts := _parts(text, entry, slang=slang):
                yield Form(name, parts)


def _parts(text: str, entry: _Entry, *, slang: bool) -> tuple[Part, ...]:
    refused = frozenset(fold(word) for word in entry.but_not)
    return tuple(
        _part(word, refused, exact=text[max(0, start - 1)] == "=", slang=slang)
        for word, start, _ in spans_of_words(text)
    )


def _part(word: str, refused: frozenset[str], *, exact: bool, slang: bool) -> Part:
    return Part(word, frozenset({f"={word}"}) if exact else _keys(word, slang), refused)


@lru_cache(maxsize=10_000)
def _keys(word: str, slang: bool) -> frozenset[str]:
    if CYRILLIC.search(word) and (slang or not morphology().word_is_known(word)):
        # Its lemma is a guess, which may be another word.
        return frozenset({stem(word), *(f"={form}" for form in inflections(word))})
    return keys(word)
