"""What one word of a text must be: the place of a pattern, or a word of a concept's name."""

from collections.abc import Iterator
from dataclasses import dataclass

from graders.theory.glossary import glossary
from graders.theory.reading import Reading, Word, keys
from graders.theory.typos import misspells, misspells_beginning
from graders.theory.vocabulary import is_strange

SHORTEST_PREFIX = 2


@dataclass(frozen=True, slots=True)
class Matcher:
    """What one word of a text must be."""

    keys: frozenset[str] = frozenset()
    """Any of them, unless there is a prefix."""
    prefix: str = ""
    """Its beginning."""
    spelled: tuple[str, ...] = ()
    """Folded words that it may be a slip of."""
    but_not: frozenset[str] = frozenset()
    """Folded words that share a key and are refused."""

    def positions(self, reading: Reading) -> list[int]:
        """Where in `reading` such words stand, ascending."""
        words = reading.words
        if self.prefix:
            beginning = reading.index.get(f"^{self.prefix[:SHORTEST_PREFIX]}", ())
            found = {at for at in beginning if words[at].text.startswith(self.prefix)}
        else:
            found = {at for key in self.keys for at in reading.index.get(key, ())}
            if self.but_not:
                found = {at for at in found if words[at].text not in self.but_not}
        if reading.strange:
            found.update(at for at in reading.strange if at not in found and self._misspelled(words[at].text))
        return sorted(found)

    def accepts(self, word: Word) -> bool:
        """Whether `word` is such a word, or one slip away from it."""
        if self.prefix:
            fits = word.text.startswith(self.prefix)
        else:
            fits = not self.keys.isdisjoint(word.keys) and word.text not in self.but_not
        return fits or (is_strange(word.text) and self._misspelled(word.text))

    def _misspelled(self, word: str) -> bool:
        if self.prefix:
            return misspells_beginning(word, self.prefix)
        return any(misspells(word, wanted) for wanted in self.spelled)


def word_matcher(word: str) -> Matcher:
    """The matcher of a folded word and all its forms."""
    return Matcher(keys(word), spelled=(word,))


def names_of(concept: str) -> Iterator[tuple[Matcher, ...]]:
    """The names of a concept of the glossary, each as the words that stand side by side.

    Those of one word each are one matcher, so that a search stays fast.
    """
    forms = glossary().concepts[concept]
    single = [form.parts[0] for form in forms if len(form.parts) == 1]
    if single:
        yield (
            Matcher(
                frozenset(key for part in single for key in part.keys),
                spelled=tuple(part.word for part in single),
                but_not=frozenset(word for part in single for word in part.but_not),
            ),
        )
    for form in forms:
        if len(form.parts) > 1:
            yield tuple(Matcher(part.keys, "", (part.word,), part.but_not) for part in form.parts)
