"""Captions of scenes from a probabilistic grammar, and exactly how likely each next word of one is.

Given a scene several words may follow: a thing may be called big or large or neither, either thing may come
first. The grammar is context-free and never calls itself. What is still to be said is a stack of parts; all
stacks that a prefix may have left, with their probabilities, give the probabilities of the next word (the
forward algorithm: Rabiner 1989, "A tutorial on hidden Markov models", section III.A).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations

import numpy as np

from graders.data.captions import END, MARKS
from graders.data.scenes import COLOURS, Scene, Thing

NOUNS: dict[str, dict[str, float]] = {
    "circle": {"circle": 0.7, "disc": 0.3},
    "square": {"square": 0.7, "box": 0.3},
    "triangle": {"triangle": 1.0},
    "star": {"star": 1.0},
}
SIZES: dict[str, dict[str, float]] = {
    "small": {"small": 0.5, "little": 0.3, "tiny": 0.2},
    "large": {"big": 0.5, "large": 0.5},
}
SIZE_SAID = 0.6
"""How often the size of a thing is mentioned."""
NEXT_IN_TURN = 6.0
"""How many times likelier than each other one the thing is to be named that comes next in reading order."""
BESIDE: dict[str, float] = {"left": 0.6, "beside": 0.4}
OVER: dict[str, float] = {"above": 0.7, "over": 0.3}
UNDER: dict[str, float] = {"below": 0.7, "under": 0.3}
OPENING: dict[str, float] = {"there is": 0.2, "": 0.8}
GROUND_SAID = 0.3
GROUND_WORDS: dict[str, dict[str, float]] = {
    "dark": {"dark": 0.7, "black": 0.3},
    "light": {"light": 0.6, "white": 0.4},
}


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a caption that is not in words yet."""

    rule: str
    things: tuple[int, ...] = ()
    """Positions of things in the scene."""


Symbol = str | Part
Stack = tuple[Symbol, ...]
"""What is still to be said, the next first."""
Options = Iterable[tuple[float, Stack]]
"""Ways to go on; their probabilities add up to 1."""
Belief = dict[Stack, float]


def vocabulary() -> tuple[str, ...]:
    """All words in the order of their ids: the four marks, then every word of the grammar by the alphabet."""
    groups: list[Iterable[str]] = [COLOURS, BESIDE, OVER, UNDER, *NOUNS.values(), *SIZES.values()]
    groups += [*GROUND_WORDS.values(), ("there", "is", "a", "an", "of", "right", "and", "on", "background")]
    return (*MARKS, *sorted({word for group in groups for word in group}))


def sample(random: np.random.RandomState, scene: Scene) -> tuple[str, ...]:
    """A caption of the scene, word by word, without marks."""
    words: list[str] = []
    stack: list[Symbol] = [Part("caption")]
    while stack:
        symbol = stack.pop(0)
        if isinstance(symbol, str):
            words.append(symbol)
            continue
        stack[:0] = _drawn(random, _options(scene, symbol))
    return tuple(words)


def _drawn(random: np.random.RandomState, options: Options) -> Stack:
    left = random.random_sample()
    chosen: Stack = ()
    for share, symbols in options:
        chosen = symbols
        left -= share
        if left < 0:
            break
    return chosen


def next_words(scene: Scene, prefix: Sequence[str]) -> dict[str, float]:
    """How likely each word is to follow a prefix of a caption of the scene; `<end>` where it may be whole.

    Args:
        scene: what the caption is of.
        prefix: the words so far, without `<start>`.

    Raises:
        ValueError: no caption of the scene begins so.
    """
    belief: Belief = {(Part("caption"),): 1.0}
    for word in prefix:
        after: Belief = defaultdict(float)
        for stack, share in belief.items():
            for likely, first, rest in _first_words(scene, stack):
                if first == word:
                    after[rest] += share * likely
        belief = after
    total = sum(belief.values())
    if total == 0:
        raise ValueError(f"no caption of {scene} begins with {' '.join(prefix)!r}")
    found: dict[str, float] = defaultdict(float)
    for stack, share in belief.items():
        for likely, first, _ in _first_words(scene, stack):
            found[first] += share * likely / total
    return dict(found)


def _first_words(scene: Scene, stack: Stack) -> Iterator[tuple[float, str, Stack]]:
    """Each way to say the first word of what is left: probability, word, what is left then."""
    if not stack:
        yield 1.0, END, ()
    elif isinstance(stack[0], str):
        yield 1.0, stack[0], stack[1:]
    else:
        for share, symbols in _options(scene, stack[0]):
            for likely, word, rest in _first_words(scene, symbols + stack[1:]):
                yield share * likely, word, rest


def _options(scene: Scene, part: Part) -> Options:
    """The grammar: what a part may become."""
    things = [scene.things[number] for number in part.things]
    match part.rule:
        case "caption":
            # the more there is to name, the less is said besides
            opening = (Part("opening"),) if len(scene.things) == 1 else ()
            ground = (Part("ground"),) if len(scene.things) < 3 else ()
            orders = _orders(scene).items()
            return [(share, (*opening, *_body(order), *ground)) for order, share in orders]
        case "opening":
            return [(share, tuple(words.split())) for words, share in OPENING.items()]
        case "between":
            return _between(*things)
        case "thing":
            named: Stack = (things[0].colour, Part("noun", part.things))
            article = "an" if things[0].colour == "orange" else "a"
            return [
                (SIZE_SAID, ("a", Part("size", part.things), *named)),
                (1 - SIZE_SAID, (article, *named)),
            ]
        case "size":
            return _one_of(SIZES[things[0].size])
        case "noun":
            return _one_of(NOUNS[things[0].shape])
        case "ground":
            said: Stack = ("on", "a", Part("ground_word"), "background")
            return [(GROUND_SAID, said), (1 - GROUND_SAID, ())]
        case _:
            return _one_of(GROUND_WORDS[scene.ground])


def _body(order: tuple[int, ...]) -> Stack:
    """The first thing, where the second stands from it, and a third one at the end."""
    first = Part("thing", order[:1])
    if len(order) == 1:
        return (first,)
    body: Stack = (first, Part("between", order[:2]), Part("thing", order[1:2]))
    return body if len(order) == 2 else (*body, "and", Part("thing", order[2:]))


def _between(one: Thing, other: Thing) -> Options:
    """Where the first thing stands, seen from the second."""
    side = "left" if one.column < other.column else "right"
    beside: list[tuple[float, Stack]] = [
        (BESIDE["left"], (side, "of")),
        (BESIDE["beside"], ("beside",)),
    ]
    upright = _one_of(OVER if one.row < other.row else UNDER)
    if one.row == other.row:
        return beside
    if one.column == other.column:
        return upright
    # on a diagonal either is true; beside would not be
    return [(0.4, (side, "of")), *((0.6 * share, words) for share, words in upright)]


def _orders(scene: Scene) -> dict[tuple[int, ...], float]:
    """Probability of each order in which the things are named: most often as one reads, row by row."""
    reading = sorted(
        range(len(scene.things)), key=lambda number: (scene.things[number].row, scene.things[number].column)
    )
    orders = {}
    for order in permutations(reading):
        share, left = 1.0, list(reading)
        for number in order:
            weight = NEXT_IN_TURN if number == left[0] else 1.0
            share *= weight / (NEXT_IN_TURN + len(left) - 1)
            left.remove(number)
        orders[order] = share
    return orders


def _one_of(words: dict[str, float]) -> list[tuple[float, Stack]]:
    return [(share, (word,)) for word, share in words.items()]
