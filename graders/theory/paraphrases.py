"""Sentences of an answer that say what a paraphrase of a key point says, in nearly its words.

Words are compared by stem without words of grammar. A sentence with another number of negations is none.
"""

from collections.abc import Sequence
from functools import lru_cache

from graders.model import Span
from graders.theory import lexicon
from graders.theory.nearby import negates
from graders.theory.reading import Reading, Word, read, stem

SAID = 0.8
"""Share of a paraphrase's words that a sentence must have."""
LONGEST_AWAY = 3
"""A sentence may be so many times as long as the paraphrase."""


def find_paraphrase(paraphrases: Sequence[str], reading: Reading) -> list[Span]:
    """The sentences of a text that say one of `paraphrases`, in order."""
    sentences: dict[int, list[Word]] = {}
    for word in reading.words:
        sentences.setdefault(word.sentence, []).append(word)
    found = []
    for words in sentences.values():
        content, negations = _content(words)
        for paraphrase in paraphrases:
            wanted, denials = _wanted(paraphrase)
            enough = wanted and len(wanted & content) >= SAID * len(wanted)
            if enough and len(content) <= LONGEST_AWAY * len(wanted) and negations == denials:
                found.append(Span(start=words[0].start, end=words[-1].end))
                break
    return found


@lru_cache(maxsize=2048)
def _wanted(paraphrase: str) -> tuple[frozenset[str], int]:
    return _content(read(paraphrase).words)


def _content(words: Sequence[Word]) -> tuple[frozenset[str], int]:
    """Stems that say something, and the number of negations."""
    stems = frozenset(stem(word.text) for word in words if word.text not in lexicon.FUNCTION_WORDS)
    return stems, sum(negates(word.text) for word in words)
