"""The terms of the course in Russian and English, with slang and abbreviations, from `glossary.toml`.

A concept has forms, a form has one or more words that stand side by side. A word of a form matches by stem or
lemma as everywhere; a Russian word that the dictionary lacks ("лосс") and all slang also match by a table of
case endings, since a lemma of an unknown word is a guess. `=word` in a form matches that spelling alone, and
`but_not` names words that share a stem with a form of one word and mean something else (`optimal`,
`optimizer`).
A form that two concepts share must stand in `ambiguous` of both; both are found then.
Not covered: verbs of slang, and terms that are written apart by other words.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import Field, ValidationError

from graders.errors import AuthorError, Problem
from graders.model.base import Frozen
from graders.theory.folding import fold, keys
from graders.theory.forms import Entry, Form, Part, forms_of
from graders.theory.glossary_mistakes import mistakes

__all__ = ["GLOSSARY", "Form", "Glossary", "Part", "glossary", "load_glossary"]

GLOSSARY = Path(__file__).with_name("glossary.toml")
NAMES = "names"
"""Key of the file's list of names that are no concepts and no typos either."""

Model = TypeVar("Model", bound=Frozen)


class _Names(Frozen):
    """The list of names."""

    words: tuple[str, ...] = Field(min_length=1)


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
    entries: dict[str, Entry] = {}
    for name, table in data.items():
        if not (name.isascii() and name.isidentifier() and name.islower()):
            problems.append(Problem(path, name, "is no id; write small Latin letters, digits and `_`"))
        entry = _checked(Entry, table, path, name, problems)
        if entry is not None:
            entries[name] = entry
    problems += [Problem(path, key, message) for key, message in mistakes(entries)]
    if problems:
        raise AuthorError(problems)
    concepts = {name: tuple(forms_of(name, entry)) for name, entry in entries.items()}
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
