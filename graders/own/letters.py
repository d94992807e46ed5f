"""Text: bits that a model needs for the next letter after prefixes of hidden texts.

A hidden text is never handed over. It is cut into pieces that lie apart, and of each piece the model sees a
prefix once, so that what comes next stands in no other prefix: there is no looking ahead. Where hidden texts
repeat each other word for word, a place that another prefix would give away is left out.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from graders.data.seeds import random_stream
from graders.model import Message, say
from graders.own.examples import Examples
from graders.own.kind import Asked, Values
from graders.own.reading import Floats, numbers, without_infinity

PIECE, GAP = 128, 32
"""Letters of a piece, the longest prefix and one more, and letters between two pieces of one text."""
MOST = 1_500
"""Places of all hidden texts together."""
GIVEN_AWAY = 40
"""Letters before a place that must not stand, with the letter that comes, in another prefix."""
LEAST = 1e-9
"""Probabilities below this count as this, so that one impossible letter does not make the mean infinite."""
NORMALISED = 1e-2
"""How far the sum of the probabilities may be from 1, for rounding."""


def alphabet(*examples: Examples) -> str:
    """All letters of texts in the order of their code points: what `train` gets as y."""
    return "".join(sorted({letter for some in examples for text in _texts(some) for letter in text}))


def ask(hidden: Examples, known: Examples, seed: int) -> Asked:
    """Prefixes of hidden texts, each of one place.

    What stays here: `next`, places of the letters that come in the alphabet of hidden and known texts;
    `example`, the hidden text of each prefix; `sizes`, how many texts and letters of the alphabet there are.
    """
    random = random_stream(f"own/text/{seed}".encode())
    letters = alphabet(hidden, known)
    ids = {letter: number for number, letter in enumerate(letters)}
    texts = _texts(hidden)
    pieces = [
        (number, start) for number, text in enumerate(texts) for start in range(0, len(text), PIECE + GAP)
    ]
    places = []
    for at in random.permutation(len(pieces))[:MOST].tolist():
        number, start = pieces[at]
        piece = texts[number][start : start + PIECE]
        if len(piece) > 1:
            # a short text is asked for anywhere, a long piece where a model has had something to go by
            end = random.randint(PIECE // 2 if len(piece) == PIECE else 1, len(piece))
            places.append((number, piece[:end], piece[end]))
    places = _kept_to_themselves(places)
    return Asked(
        tuple(prefix for _, prefix, _ in places),
        {
            "next": np.array([ids[letter] for *_, letter in places], np.int64),
            "example": np.array([number for number, *_ in places], np.int64),
            "sizes": np.array([len(texts), len(letters)]),
        },
    )


Place = tuple[int, str, str]
"""A hidden text, a prefix and the letter that comes next."""


def _kept_to_themselves(places: Sequence[Place]) -> list[Place]:
    """The places whose next letter stands after the same letters in no other prefix; all, were there none."""
    shown: dict[str, int] = {}
    for _, prefix, _ in places:
        for at in range(len(prefix) - GIVEN_AWAY):
            run = prefix[at : at + GIVEN_AWAY + 1]
            shown[run] = shown.get(run, 0) + 1
    kept = [
        place
        for place in places
        if len(place[1]) < GIVEN_AWAY or place[1][-GIVEN_AWAY:] + place[2] not in shown
    ]
    return kept or list(places)


def read(returned: NDArray[np.generic], asked: Asked) -> Floats | Message:
    """Log-probabilities (m, V), or what is wrong with them.

    Args:
        returned: natural logarithms, one row a prefix; minus infinity for what is impossible.
        asked: what `ask` made.

    >>> asked = Asked(("a",), {"next": np.array([0]), "sizes": np.array([1, 2])})
    >>> read(np.log([[0.5, 0.5]]), asked).round(2)
    array([[-0.69, -0.69]])
    >>> read(np.array([[0.5, 0.5]]), asked).code
    'own.probabilities'
    """
    m, width = len(asked.truth["next"]), int(asked.truth["sizes"][1])
    values = numbers(without_infinity(returned), (m, width))
    if isinstance(values, Message):
        return values
    if not len(values):
        return values
    if values.min() >= 0 and (np.abs(values.sum(axis=1) - 1) <= NORMALISED).all():
        return say("own.probabilities")
    # in logarithms, since scores that were never normalised may be too large to exponentiate
    totals = np.array(logsumexp(values, axis=1))
    off = np.abs(totals) > np.log1p(NORMALISED)
    if off.any():
        worst = float(totals[np.argmax(np.abs(totals))])
        return say(
            "own.not_normalised", n=int(off.sum()), of=m, worst=round(float(np.exp(min(worst, 25.0))), 3)
        )
    normalised: Floats = np.maximum(values - totals[:, None], np.log(LEAST))
    return normalised


def statistics(predicted: NDArray[Any], asked: Asked) -> Values:
    """Bits of all places of each text and how many there are, (n, 2)."""
    truth = asked.truth
    found = np.zeros((int(truth["sizes"][0]), 2))
    bits = -predicted[np.arange(len(predicted)), truth["next"]] / np.log(2)
    np.add.at(found, truth["example"], np.column_stack([bits, np.ones(len(bits))]))
    return found


def _texts(examples: Examples) -> tuple[str, ...]:
    if not isinstance(examples.inputs, tuple):
        raise ValueError(f"examples for {examples.kind} are arrays; expected texts")
    return examples.inputs
