"""Which concepts of the glossary a text names, and where.

The longest name wins, from left to right: `learning rate` is not also `rate`. A word with one slip counts as
the term that it is a slip of. Not covered: a concept that is described and not named.
"""

from dataclasses import dataclass
from functools import cache

from graders.theory.glossary import Form, Part, glossary
from graders.theory.reading import Reading
from graders.theory.typos import corrections, misspells
from graders.theory.vocabulary import is_strange


@dataclass(frozen=True, slots=True, order=True)
class ConceptHit:
    """A concept named by words `first` to `last` of a reading, both included."""

    first: int
    last: int
    id: str


def concepts(reading: Reading) -> tuple[ConceptHit, ...]:
    """All concepts that `reading` names, in order; an ambiguous name stands for each of its concepts."""
    found: list[ConceptHit] = []
    at = 0
    while at < len(reading.words):
        longest = _longest(reading, at)
        length = len(longest[0].parts) if longest else 1
        found += sorted({ConceptHit(at, at + length - 1, form.concept) for form in longest})
        at += length
    return tuple(found)


def _longest(reading: Reading, at: int) -> list[Form]:
    word = reading.words[at]
    meant = {f"={other}" for other in corrections(word.text)} if is_strange(word.text) else set()
    candidates = {id(form): form for key in word.keys | meant for form in _by_first_key().get(key, ())}
    longest: list[Form] = []
    for form in candidates.values():
        length = len(form.parts)
        if longest and length < len(longest[0].parts):
            continue
        if _stands(form, reading, at):
            longest = [*longest, form] if longest and length == len(longest[0].parts) else [form]
    return longest


def _stands(form: Form, reading: Reading, at: int) -> bool:
    last = at + len(form.parts) - 1
    if last >= len(reading.words) or reading.words[last].sentence != reading.words[at].sentence:
        return False
    return all(_is(part, reading, at + offset) for offset, part in enumerate(form.parts))


def _is(part: Part, reading: Reading, at: int) -> bool:
    word = reading.words[at]
    if not part.keys.isdisjoint(word.keys):
        return word.text not in part.but_not
    return is_strange(word.text) and misspells(word.text, part.word)


@cache
def _by_first_key() -> dict[str, tuple[Form, ...]]:
    """Forms by each key of their first word, and by `=` with that word itself, for slips."""
    found: dict[str, list[Form]] = {}
    for forms in glossary().concepts.values():
        for form in forms:
            for key in sorted(form.parts[0].keys | {f"={form.parts[0].word}"}):
                found.setdefault(key, []).append(form)
    return {key: tuple(forms) for key, forms in found.items()}
