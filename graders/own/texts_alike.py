"""Texts that share most of their words in order.

MinHash over groups of three words (Broder 1997, "On the resemblance and containment of documents") finds
candidates, and exact comparison decides: at least `SHARE` of the shorter text's groups are in the other too.
So texts with some words changed, and a text within a longer one of up to three times its length, are found.
Groups that half of the texts have are a form of words and prove nothing. Texts of fewer than `FEWEST` other
groups are alike only if they are equal.
"""

import re
from hashlib import blake2b
from itertools import chain, islice

import numpy as np
from numpy.typing import NDArray

from graders.own.examples import Rows
from graders.own.joining import Links, links_of

SHINGLE = 3
MOST_WORDS = 1_000
"""Words of a text that are read."""
MOST_CHARACTERS = 20_000
FEWEST = 4
COMMON = 0.5
"""Share of the texts that have a group; what more have is not compared."""
SHARE = 0.6
LOOSER = 0.4
"""Of the groups of the first text of those that hang together, so that likenesses make no chain."""
CLEAR = 0.2
"""How far below `SHARE` three quarters of the texts that are no copies stay where chance is ruled out."""
FIRSTS = 5
"""Of these at least."""
BANDS, OF_A_BAND = 32, 3
"""Texts are compared if all hashes of a band agree: with a Jaccard likeness of .43 in 93 of 100 cases."""
PERMUTATIONS = BANDS * OF_A_BAND
SEED = 6
MOST_PARTNERS = 10
"""Earlier texts that one is compared with."""
WORD = re.compile(r"\w+")

Groups = NDArray[np.uint64]
"""Hashes of groups of words, each once, in order."""


def alike_texts(texts: tuple[str, ...], compared: Rows) -> Links:
    """Pairs of texts that are nearly the same.

    Args:
        texts: any texts.
        compared: positions of those that are compared, of equal ones the first.
    """
    words: dict[str, int] = {}
    groups = _telling({place: _groups(texts[place], words) for place in compared.tolist()})
    buckets: dict[tuple[int, bytes], list[int]] = {}
    turns, shifts = _permutations()
    first: dict[int, int] = {}
    likest: dict[int, float] = {}
    pairs: list[tuple[int, int]] = []
    for place, own in groups.items():
        least = ((own[:, None] * turns + shifts) >> np.uint64(32)).min(axis=0)
        first[place], likest[place] = place, 0.0
        same = [
            buckets.setdefault((band, part.tobytes()), [])
            for band, part in enumerate(least.reshape(BANDS, -1))
        ]
        for partner in sorted(set(chain.from_iterable(same)))[:MOST_PARTNERS]:
            begun = first[partner]
            share = _shared(own, groups[partner])
            if share >= SHARE and _shared(own, groups[begun]) >= LOOSER:
                pairs.append((partner, place))
                first[place] = begun
            elif begun != first[place]:
                likest[begun], likest[place] = max(likest[begun], share), max(likest[place], share)
        for bucket in same:
            if len(bucket) < MOST_PARTNERS:
                bucket.append(place)
    ends = np.array(pairs, np.int64).reshape(-1, 2)
    firsts = [likest[place] for place, begun in first.items() if place == begun]
    sure = len(firsts) >= FIRSTS and bool(np.quantile(firsts, 0.75) <= SHARE - CLEAR)
    return links_of(ends[:, 0], ends[:, 1], "words", sure=sure)


def long_enough(text: str) -> bool:
    """Whether a text has so many words that another is not equal to it by chance."""
    least = FEWEST + SHINGLE - 1
    return len(list(islice(WORD.finditer(text[:MOST_CHARACTERS]), least))) == least


def _telling(groups: dict[int, Groups]) -> dict[int, Groups]:
    """The same without what most texts have, and without texts of which too little is left."""
    if not groups:
        return {}
    found, counts = np.unique(np.concatenate(list(groups.values())), return_counts=True)
    common = found[counts > max(2, COMMON * len(groups))]
    left = {place: np.setdiff1d(own, common, assume_unique=True) for place, own in groups.items()}
    return {place: own for place, own in left.items() if len(own) >= FEWEST}


def _shared(one: Groups, other: Groups) -> float:
    """Share of the groups of the shorter text that both have."""
    return len(np.intersect1d(one, other, assume_unique=True)) / min(len(one), len(other))


def _permutations() -> tuple[Groups, Groups]:
    """Multiply and shift (Dietzfelbinger et al. 1997): odd factors, and summands; each (PERMUTATIONS,)."""
    random = np.random.RandomState(SEED)
    turns, shifts = random.randint(0, 2**63, (2, PERMUTATIONS), dtype=np.uint64)
    return turns | np.uint64(1), shifts


def _groups(text: str, words: dict[str, int]) -> Groups:
    """Hashes of a text's groups; `words` keeps those of its words for the next text."""
    found = islice(WORD.finditer(text[:MOST_CHARACTERS].casefold()), MOST_WORDS)
    hashed = np.array([_hash(word.group(), words) for word in found], np.uint64)
    if len(hashed) < SHINGLE:
        return hashed[:0]
    one, two, three = hashed[:-2], hashed[1:-1], hashed[2:]
    return np.unique(one * np.uint64(3) + two * np.uint64(5) + three * np.uint64(7))


def _hash(word: str, words: dict[str, int]) -> int:
    known = words.get(word)
    if known is None:
        digest = blake2b(word.encode("utf-8", "replace"), digest_size=8).digest()
        known = words[word] = int.from_bytes(digest, "little")
    return known
