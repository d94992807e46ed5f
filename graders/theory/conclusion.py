"""What a student's own words say about accuracy as a network gets wider or deeper.

Each sentence is cut where it contrasts (`но`, `а`, `while`, `;`). In each part the words of change (grows,
falls, helps, …) belong to the size, to the accuracy, to the error or to something else. Headings, questions,
tasks, hopes and plans say nothing.
"""

import re
from collections.abc import Iterator, Sequence

from graders.model import Conclusion, Trend
from graders.theory import lexicon
from graders.theory.lexicon import Size
from graders.theory.reading import Word, read, sentences

LONGEST = 600
"""Characters of a conclusion that are kept."""
LONGEST_TEXT = 100_000
"""Characters that are read of all cells together."""
LONGEST_SENTENCE = 1000
"""Characters; what goes on longer is no sentence."""
_CLOSE = 3
"""Words between a size and the word that tells how it was changed, at most."""

_TASK = re.compile(
    r"\b(?!видите|хотите|заметите)\w{2,}(?:йте|ите|ьте)\b"
    r"|\b(?:нужно|необходимо|требуется|посмотрим|проверим|гипотез\w+|ожида\w+)\b"
    r"|\b(?:предполож\w+|предполага\w+)\b"
    r"|\b(?:надеюсь|интересно|должн\w+|зада(?:ние|ча|ния|чи)|let'?s|let us|expect\w*|hypothes\w+)\b"
    r"|\b(?:should|must|your task|i hope|we will|i will|suppose|presumably)\b"
    r"|^\W*(?:compare|study|train|plot|describe|write|investigate|vary|try|build|show|explore|explain)\b"
    r"|^\W*(?:report|if you)\b"
    r"|\b(?:как|how|whether)\b[^.]{0,80}\b(?:завис|влия|меня|измен|depend|affect|chang|influenc)",
    re.IGNORECASE,
)
_CONTRAST = re.compile(
    r";|(?<!\s)[,.]?\s++(?:"
    r"а|но|однако|зато|тогда как|в то время как|хотя|but|while|whereas|however|although|yet)\s+",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"\b(?:в отличие от|unlike)\s+\w+,?", re.IGNORECASE)
_BLOCK = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)
_HEADING = re.compile(r"^[ \t]*(?:\#{1,6}.*|\*\*[^*\n]*\*\*[ \t]*:?|\|.*|>.*)$", re.MULTILINE)
_MARKUP = re.compile(r"[*`~]+|^[ \t]*[-+•][ \t]+", re.MULTILINE)


def read_conclusion(cells: Sequence[str], varies: Size) -> Conclusion:
    """What the Markdown `cells` of a notebook claim about accuracy against the size that `varies`.

    Where no sentence makes a claim that is understood, the text is of those that speak of the size at all.
    """
    claims: list[Trend] = []
    claiming: list[str] = []
    speaking: list[str] = []
    left = LONGEST_TEXT
    for cell in cells:
        for sentence, said in _claims(cell[:left], varies):
            claims += said
            (claiming if said else speaking).append(sentence)
        left = max(0, left - len(cell))
    text = " ".join(dict.fromkeys(claiming or speaking))
    if len(text) > LONGEST:
        text = text[: LONGEST - 1].rstrip() + "…"
    return Conclusion(text, _verdict(claims))


def _verdict(claims: Sequence[Trend]) -> Trend | None:
    """One word for several claims: a hedge outweighs a gain, a loss outweighs a hedge."""
    found = set(claims)
    if found == {"gain"}:
        return "gain"
    if "no_gain" in found and "loss" not in found:
        return "no_gain"
    return "loss" if found and "gain" not in found else None


def _claims(cell: str, varies: Size) -> Iterator[tuple[str, list[Trend]]]:
    """Sentences of a cell that speak of the size, with what each claims."""
    prose = _HEADING.sub("\n\n", _BLOCK.sub("\n\n", cell.replace("\r", "")))
    for paragraph in re.split(r"\n\s*\n", prose):
        before: frozenset[Size] = frozenset()
        for start, end in sentences(paragraph):
            sentence = paragraph[start:end].strip()
            if len(sentence) > LONGEST_SENTENCE or sentence.endswith("?") or _TASK.search(sentence):
                continue
            said, before = _sentence(sentence, varies, before)
            if said or varies in _sizes(read(sentence).words):
                yield " ".join(_MARKUP.sub("", sentence).split()), said


def _sentence(sentence: str, varies: Size, before: frozenset[Size]) -> tuple[list[Trend], frozenset[Size]]:
    """What a sentence says about the size, and the sizes that it leaves the reader with."""
    claims: list[Trend] = []
    latest: Trend | None = None
    subject: str | None = None  # `точность растёт с шириной, а с глубиной падает`: falls is said of accuracy
    for part in _parts(sentence):
        words = read(part).words
        sizes = _sizes(words)
        if "depth" in sizes and any(_is(word, ("полносвяз", "dense ", "fully ")) for word in words):
            sizes -= {"depth"}  # a dense layer is not a deeper network
        sizes = sizes or before
        said = _says(words, varies, subject) or _ellipsis(words, latest)
        latest, before = said or latest, sizes
        subject = next((thing for thing in map(_thing, words) if thing in ("accuracy", "error")), subject)
        if said and varies in sizes:
            claims.append(said)
    return claims, before


def _parts(sentence: str) -> Iterator[str]:
    """Cut at contrasts, and at commas between parts that each claim something of another size."""
    for part in _CONTRAST.split(_ASIDE.sub(" ", sentence)):
        pieces: list[str] = []
        for piece in part.split(","):
            if pieces and not _sizes(read(piece).words):
                pieces[-1] += "," + piece
            else:
                pieces.append(piece)
        first, *others = [read(piece).words for piece in pieces]
        apart = bool(others) and all(_sizes(words) != _sizes(first) for words in others)
        if (
            apart
            and _says(first, "width")
            and all(_says(words, "width", "accuracy") or _ellipsis(words, "gain") for words in others)
        ):
            yield from pieces
        else:
            yield part


def _sizes(words: Sequence[Word]) -> frozenset[Size]:
    return frozenset(
        size
        for size in lexicon.SIZES
        if any(_is(word, lexicon.SIZES[size] + lexicon.SMALL[size]) for word in words)
    )


def _says(words: Sequence[Word], varies: Size, subject: str | None = None) -> Trend | None:
    """What one part of a sentence claims of any size; `subject` is what the part before spoke of."""
    claims: set[Trend] = set()
    things = [at for at, word in enumerate(words) if _thing(word)]
    for at in range(len(words)):
        claim = _claim(words, at, things, subject)
        if claim is None:
            continue
        if claim != "no_gain" and _held_back(words, at):
            claim = "no_gain"
        if claim != "no_gain" and _about_less(words, at, things, varies):
            claim = "loss" if claim == "gain" else "gain"
        claims.add(claim)
    return _verdict(sorted(claims))


def _claim(words: Sequence[Word], at: int, things: Sequence[int], subject: str | None) -> Trend | None:
    """What the word at `at` claims by itself."""
    word, held_back = words[at], _held_back(words, at)
    told = subject or any(_thing(words[thing]) in ("accuracy", "error") for thing in things)
    before = words[max(0, at - _CLOSE) : at]
    beyond = any(_is(near, lexicon.BEYOND) for near in before)
    beyond = beyond and not any(_is(near, lexicon.BELOW) for near in before)
    flat = (_is(word, lexicon.FLAT) and not beyond) or (_is(word, lexicon.SAME) and told)
    if (flat and not held_back) or (_is(word, lexicon.CHANGE) and held_back):
        return "no_gain"
    if _is(word, lexicon.FLAT + lexicon.SAME + lexicon.CHANGE) or _helps_to(words, at):
        return None
    if _is(word, lexicon.BETTER) or _is(word, lexicon.WORSE):
        return "gain" if _is(word, lexicon.BETTER) else "loss"
    up = _is(word, lexicon.UP)
    if up or _is(word, lexicon.DOWN):
        thing = _owner(words, at, things) or subject
        if thing in ("accuracy", "error"):
            return "gain" if up == (thing == "accuracy") else "loss"
    return None


def _helps_to(words: Sequence[Word], at: int) -> bool:
    """`filters help to find edges` is about something else than accuracy."""
    if not _is(words[at], lexicon.HELP) or at + 1 == len(words):
        return False
    return words[at + 1].text == "to" or words[at + 1].text.endswith("ть")


def _owner(words: Sequence[Word], at: int, things: Sequence[int]) -> str | None:
    """The thing that the word of change at `at` belongs to."""
    if _changes_size(words, at, things):
        return "size"
    others = [thing for thing in things if _thing(words[thing]) != "size"]
    if not others:
        return None
    here = words[at].clause
    return _thing(words[min(others, key=lambda thing: (words[thing].clause != here, abs(thing - at)))])


def _changes_size(words: Sequence[Word], at: int, things: Sequence[int]) -> bool:
    """Whether a word of change only tells how the size was changed.

    It does right before the size (`ростом ширины`, `adding layers`) and after it behind a conjunction
    (`as width grows`).
    """
    after = next((thing for thing in things if thing > at), None)
    if after is not None and after - at <= _CLOSE and _thing(words[after]) == "size":
        between = words[at + 1 : after]
        if words[after].clause == words[at].clause and not any(
            _is(word, lexicon.PREPOSITIONS + lexicon.CONJUNCTIONS) for word in between
        ):
            return True
    before = next((thing for thing in reversed(things) if thing < at), None)
    if before is None or at - before > _CLOSE or _thing(words[before]) != "size":
        return False
    if words[before].clause != words[at].clause:
        return False
    return any(_is(word, lexicon.CONJUNCTIONS) for word in words[max(0, before - _CLOSE) : before])


def _thing(word: Word) -> str | None:
    if _is(word, lexicon.ACCURACY):
        return "accuracy"
    if _is(word, lexicon.ERROR):
        return "error"
    if _is(word, lexicon.OTHER):
        return "other"
    every = (
        *lexicon.SIZES["width"],
        *lexicon.SIZES["depth"],
        *lexicon.SMALL["width"],
        *lexicon.SMALL["depth"],
    )
    return "size" if _is(word, every) else None


def _about_less(words: Sequence[Word], at: int, things: Sequence[int], varies: Size) -> bool:
    """Whether the claim at `at` is about a smaller network, so that it is turned round."""
    every = lexicon.SIZES[varies] + lexicon.SMALL[varies]
    sizes = [thing for thing in things if _is(words[thing], every)]
    if not sizes:
        return False
    about = max((size for size in sizes if size < at), default=sizes[0])
    if _is(words[about], lexicon.SMALL[varies]):
        return True
    return any(
        other != at
        and words[other].clause == words[about].clause
        and _is(words[other], lexicon.DOWN)
        and _changes_size(words, other, things)
        for other in range(max(0, about - _CLOSE), min(len(words), about + 2))
    )


def _held_back(words: Sequence[Word], at: int) -> bool:
    """Whether a negation or a `barely` stands before the word, or a `нет` after it."""
    clause = words[at].clause
    before = [near for near in range(max(0, at - 4), at) if words[near].clause == clause]
    for near in before:
        if _is(words[near], lexicon.WEAK):
            return True
        only = near + 1 < len(words) and _is(words[near + 1], ("только ", "only "))
        if (_is(words[near], lexicon.NEGATIONS) or words[near].text.endswith("n't")) and not only:
            return True
    after = words[at + 1 : at + 6]
    if any(_is(word, lexicon.WEAKLY) for word in after[:2]):
        return True
    return any(word.text in ("нет", "none") and word.clause == clause for word in after)


def _ellipsis(words: Sequence[Word], latest: Trend | None) -> Trend | None:
    """`… а глубина нет`: a bare denial of the gain that was claimed just before."""
    denied = any(_is(word, lexicon.NEGATIONS) or word.text.endswith("n't") for word in words)
    return "no_gain" if latest == "gain" and denied and len(words) <= 8 else None


def _is(word: Word, beginnings: tuple[str, ...]) -> bool:
    return f"{word.text} ".startswith(beginnings)
