"""BLEU of captions against several references, and how much captions repeat themselves.

Papineni, Roukos, Ward & Zhu, "BLEU: a method for automatic evaluation of machine translation", ACL 2002: the
geometric mean of clipped n-gram precisions for n = 1 to 4 over the whole corpus, times a penalty for captions
that are shorter than the closest references. Nothing is smoothed.
"""

import string
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from graders.data import Arrays, Split
from graders.metrics.bootstrap import resampled
from graders.metrics.reading import wrong_length
from graders.model import Measurement, Message, Picture, say
from graders.pictures import picture

ORDER = 4
"""Longest n-grams."""
LONGEST = 500
"""Characters of a caption; what is longer is none."""
ONE_FOR_ALL = 0.5
"""Share of pictures from which on one caption for all of them is doubted."""
SHOWN, MOST_SHOWN = 4, 200
"""Pictures in the report, and characters of a caption under one."""
MARKS = frozenset({"<start>", "<end>", "<pad>", "<unk>", "<bos>", "<eos>", "<sos>"})

Captions = NDArray[np.str_]
Words = tuple[str, ...]


def read_captions(predictions: NDArray[np.generic], targets: Arrays, classes: int) -> Captions | Message:
    """Captions as text, or what is wrong with them.

    Args:
        predictions: text, shape (N,).
        targets: `references`, text of shape (N, R).
        classes: of no meaning here.

    >>> read_captions(np.array(["a red star"]), {"references": np.array([["a star"]])}, 0).tolist()
    ['a red star']
    >>> read_captions(np.array([1]), {"references": np.array([["a star"]])}, 0).code
    'bleu.not_text'
    """
    n = len(targets["references"])
    length = wrong_length(predictions, n)
    if length is not None:
        return length
    if predictions.ndim != 1 or predictions.dtype.kind != "U":
        return say("bleu.not_text", found=str(predictions.dtype))
    captions = predictions.astype(np.str_)
    return np.where(np.char.str_len(captions) > LONGEST, "", captions)


def words_of(caption: str) -> Words:
    """The words that are compared: in lower case, between spaces.

    >>> words_of("A red  Star")
    ('a', 'red', 'star')
    """
    return tuple(caption.lower().split())


def same_captions(one: Captions, other: Captions) -> NDArray[np.bool_]:
    """Whether two captions have the same words, shape (N,)."""
    return np.array([words_of(a) == words_of(b) for a, b in zip(one, other, strict=True)], dtype=np.bool_)


def bleu(predicted: Captions, targets: Arrays) -> Measurement:
    """BLEU-4 of the corpus, 0 to 1, with its 95 % bootstrap interval over pictures.

    >>> references = {"references": np.array([["a red star above a box", "a star over a box"]])}
    >>> bleu(np.array(["a red star above a box"]), references).value
    1.0
    """
    counts = _counts(predicted, targets)
    return resampled(counts, _bleu)


def _counts(predicted: Captions, targets: Arrays) -> NDArray[np.float64]:
    """For each picture `statistics` of its caption, shape (N, 2 · ORDER + 2)."""
    pairs = zip(predicted, targets["references"], strict=True)
    return np.array([statistics(words_of(one), [words_of(ref) for ref in refs]) for one, refs in pairs])


def statistics(caption: Words, references: Sequence[Words]) -> list[float]:
    """What BLEU adds up: n-grams found in references and all of them for n = 1 to 4, and two lengths.

    An n-gram counts no oftener than in the reference that has it most often. The second length is that of the
    reference closest to the caption's, the shorter of two that are as close.

    >>> statistics(("the", "the"), [("the", "box")])
    [1.0, 0.0, 0.0, 0.0, 2.0, 1.0, 0.0, 0.0, 2.0, 2.0]
    """
    found, all_of = [], []
    for n in range(1, ORDER + 1):
        said = _grams(caption, n)
        most: Counter[Words] = Counter()
        for reference in references:
            most |= _grams(reference, n)
        found.append(float((said & most).total()))
        all_of.append(float(said.total()))
    closest = min((len(reference) for reference in references), key=lambda m: (abs(m - len(caption)), m))
    return [*found, *all_of, float(len(caption)), float(closest)]


def _grams(words: Words, n: int) -> Counter[Words]:
    return Counter(words[at : at + n] for at in range(len(words) - n + 1))


def _bleu(means: NDArray[np.float64]) -> NDArray[np.float64]:
    """BLEU of each row of mean statistics, shape (R, 2 · ORDER + 2) to (R,)."""
    found, all_of = means[:, :ORDER], means[:, ORDER : 2 * ORDER]
    precisions = found / np.where(all_of > 0, all_of, 1.0)
    nothing = (found == 0).any(axis=1)
    logarithms = np.log(np.where(precisions > 0, precisions, 1.0)).mean(axis=1)
    score: NDArray[np.float64] = np.where(nothing, 0.0, np.exp(logarithms) * _brevity(means))
    return score


def _brevity(means: NDArray[np.float64]) -> NDArray[np.float64]:
    said, closest = means[:, -2], means[:, -1]
    shorter: NDArray[np.float64] = np.minimum(1.0, np.exp(1 - closest / np.where(said > 0, said, 1e-9)))
    return shorter


def repetition(captions: Sequence[Words]) -> float:
    """Share of bigrams that stood in the same caption before; 0 where there are none.

    >>> repetition([("a", "a", "a")])
    0.5
    """
    grams = [_grams(words, 2) for words in captions]
    total = sum(found.total() for found in grams)
    return 1 - sum(len(found) for found in grams) / total if total else 0.0


def tell_captions(predicted: Captions, targets: Arrays) -> tuple[Message, ...]:
    """Precisions and lengths; repetition beside the references' own; captions that are empty or all one."""
    means = _counts(predicted, targets).mean(axis=0)
    shares = means[:ORDER] / np.where(means[ORDER : 2 * ORDER] > 0, means[ORDER : 2 * ORDER], 1.0)
    captions = [words_of(one) for one in predicted]
    precisions = ", ".join(f"{share:.3f}" for share in shares)
    said = [
        say("bleu.precisions", shares=precisions, brevity=float(_brevity(means[None])[0])),
        say(
            "bleu.repetition",
            found=round(100 * repetition(captions), 1),
            usual=round(100 * repetition([words_of(one) for one in targets["references"].ravel()]), 1),
            distinct=len(set(captions)),
            n=len(captions),
        ),
    ]
    empty = sum(not words for words in captions)
    if empty:
        said.append(say("bleu.empty", n=empty))
    return tuple(said)


def doubt_one_for_all(predicted: Captions, targets: Arrays) -> Message | None:
    """Why a person must look: one caption is given for most pictures, whatever is on them."""
    words, times = Counter(map(words_of, predicted)).most_common(1)[0]
    if not words or len(predicted) == 1 or times < ONE_FOR_ALL * len(predicted):
        return None
    return say("doubt.one_for_all", caption=" ".join(words)[:MOST_SHOWN], n=times, of=len(predicted))


def show_captions(predicted: Captions, validation: Split) -> tuple[Picture, ...]:
    """The first public validation pictures, each with its caption and one of the references."""
    rows = zip(validation.inputs["images"], predicted, validation.targets["references"][:, 0], strict=True)
    return tuple(
        picture(image, say("bleu.shown", caption=str(caption)[:MOST_SHOWN], reference=str(reference)))
        for image, caption, reference in list(rows)[:SHOWN]
    )


def without_marks(predicted: Captions) -> Captions:
    """The captions up to the first mark of an end, and without other marks."""
    kept = []
    for caption in predicted:
        words = words_of(caption)
        ends = [at for at, word in enumerate(words) if word in ("<end>", "<eos>")]
        kept.append(" ".join(word for word in words[: min(ends, default=None)] if word not in MARKS))
    return np.array(kept, dtype=np.str_)


def without_punctuation(predicted: Captions) -> Captions:
    """The captions without commas and full stops, which no reference has."""
    table = str.maketrans("", "", string.punctuation.replace("<", "").replace(">", ""))
    return np.array([caption.translate(table) for caption in predicted], dtype=np.str_)
