"""An author's mistakes in `glossary.toml` that its types cannot see."""

from collections.abc import Iterator, Mapping

from graders.theory.folding import fold, keys, spans_of_words
from graders.theory.forms import Entry, Form, forms_of


def mistakes(entries: Mapping[str, Entry]) -> Iterator[tuple[str, str]]:
    """Each mistake with its key, in order; empty where the concepts are sound."""
    seen: dict[str, list[Form]] = {}
    for name, entry in entries.items():
        listed = (*entry.ru, *entry.en, *entry.slang)
        if not entry.ru or not entry.en:
            yield name, "has no Russian or no English form; give at least one of each"
        for form in dict.fromkeys(listed):
            if not list(spans_of_words(form)):
                yield name, f"has the form “{form}” without words; write a word or remove it"
            if listed.count(form) > 1:
                yield name, f"has the form “{form}” more than once; keep one"
        for form in entry.ambiguous:
            if form not in listed:
                yield (
                    f"{name}.ambiguous",
                    f"names “{form}”, which is no form of it; remove it or add the form",
                )
        single = [form.parts[0] for form in forms_of(name, entry) if len(form.parts) == 1]
        own = {key for part in single for key in part.keys}
        for word in entry.but_not:
            if keys(fold(word)).isdisjoint(own):
                yield f"{name}.but_not", f"names “{word}”, which no form of one word finds anyway; remove it"
            if fold(word) in {part.word for part in single}:
                yield f"{name}.but_not", f"names “{word}”, which is a form of it; remove one of them"
        for one in forms_of(name, entry):
            yield from _shared(one, seen, entries)
            for key in sorted(one.parts[0].keys):
                seen.setdefault(key, []).append(one)


def _shared(
    form: Form, seen: Mapping[str, list[Form]], entries: Mapping[str, Entry]
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


def _ambiguous(entry: Entry) -> set[tuple[str, ...]]:
    return {tuple(word for word, _, _ in spans_of_words(text)) for text in entry.ambiguous}


def _words(form: Form) -> tuple[str, ...]:
    return tuple(part.word for part in form.parts)


def _finds(form: Form, other: Form) -> bool:
    """Whether a text that is worded as `other` is found by `form`."""
    return len(form.parts) == len(other.parts) and all(
        not part.keys.isdisjoint(keys(its.word)) and its.word not in part.but_not
        for part, its in zip(form.parts, other.parts, strict=True)
    )
