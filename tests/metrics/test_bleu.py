import math
import random
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graders.data import Split
from graders.metrics.bleu import (
    LONGEST,
    bleu,
    doubt_one_for_all,
    read_captions,
    repetition,
    same_captions,
    show_captions,
    tell_captions,
    without_marks,
    without_punctuation,
    words_of,
)

WORDS = ["a", "red", "blue", "big", "star", "box", "circle", "above", "left", "of"]
NLTK = {1: 0.5604273988204893, 2: 0.6457769322158765, 3: 0.8377580455056126}
"""`corpus_bleu` of nltk 3.10.4 on `drawn(seed)`. Captions have four words or more: in shorter ones it counts
one n-gram that is not there."""


def drawn(seed: int) -> tuple[list[list[str]], list[list[list[str]]]]:
    r = random.Random(seed)  # noqa: S311 — nothing is kept secret here
    refs = [[[r.choice(WORDS) for _ in range(r.randint(4, 9))] for _ in range(3)] for _ in range(12)]
    caps = [
        [w if r.random() < 0.8 else r.choice(WORDS) for w in r.choice(rs)][: r.randint(4, 9)] for rs in refs
    ]
    return caps, refs


def measured(captions: list[list[str]], references: list[list[list[str]]]) -> float:
    targets = {"references": np.array([[" ".join(one) for one in several] for several in references])}
    return bleu(np.array([" ".join(caption) for caption in captions]), targets).value


def plainly(captions: list[list[str]], references: list[list[list[str]]]) -> float:
    """BLEU as the paper words it, n-gram by n-gram."""
    product = 1.0
    for n in range(1, 5):
        found = total = 0
        for caption, several in zip(captions, references, strict=True):
            grams = [tuple(caption[i : i + n]) for i in range(len(caption) - n + 1)]
            total += len(grams)
            for gram in set(grams):
                most = max(
                    sum(tuple(ref[i : i + n]) == gram for i in range(len(ref) - n + 1)) for ref in several
                )
                found += min(grams.count(gram), most)
        if found == 0:
            return 0.0
        product *= found / total
    said = sum(map(len, captions))
    closest = sum(
        sorted((abs(len(ref) - len(caption)), len(ref)) for ref in several)[0][1]
        for caption, several in zip(captions, references, strict=True)
    )
    return product**0.25 * (1.0 if said > closest else math.exp(1 - closest / said))


@pytest.mark.parametrize("seed", NLTK)
def test_the_value_is_nltks(seed: int) -> None:
    assert measured(*drawn(seed)) == pytest.approx(NLTK[seed], abs=1e-9)


@given(
    st.lists(
        st.tuples(
            st.lists(st.sampled_from(WORDS[:4]), max_size=8),
            st.lists(st.lists(st.sampled_from(WORDS[:4]), min_size=1, max_size=8), min_size=2, max_size=2),
        ),
        min_size=1,
        max_size=5,
    )
)
def test_the_value_is_that_of_the_paper(rows: list[tuple[list[str], list[list[str]]]]) -> None:
    captions, references = map(list, zip(*rows, strict=True))
    assert measured(captions, references) == pytest.approx(plainly(captions, references))


def test_the_papers_example_of_clipping() -> None:
    """“the the the the the the the” has a unigram precision of 2/7, and nothing longer in common."""
    targets = {"references": np.array([["the cat is on the mat", "there is a cat on the mat"]])}
    said = tell_captions(np.array(["the the the the the the the"]), targets)
    assert str(said[0].params["shares"]).startswith(f"{2 / 7:.3f}, 0.000")
    assert bleu(np.array(["the the the the the the the"]), targets).value == 0


def test_a_caption_that_is_too_short_is_penalised() -> None:
    targets = {"references": np.array([["a red star above a blue box"] * 2])}
    measured = bleu(np.array(["a red star above"]), targets)
    assert measured.value == pytest.approx(math.exp(1 - 7 / 4))
    assert bleu(np.array(["a red star above a blue box"]), targets).value == 1


def test_captions_without_words_earn_nothing_and_are_told() -> None:
    targets = {"references": np.array([["a red star"], ["a blue box"]])}
    found = bleu(np.array(["", " "]), targets)
    assert (found.value, found.low, found.high, found.n) == (0, 0, 0, 2)
    codes = [said.code for said in tell_captions(np.array(["", " "]), targets)]
    assert codes == ["bleu.precisions", "bleu.repetition", "bleu.empty"]


def test_one_caption_for_all_is_doubted() -> None:
    found = doubt_one_for_all(np.array(["A star", "a  star", "a star", "a box"]), {})
    assert found is not None
    assert (found.params["n"], found.params["of"]) == (3, 4)
    assert doubt_one_for_all(np.array(["a red star", "a box", "a blue box", "a star"]), {}) is None
    assert doubt_one_for_all(np.array(["", "", ""]), {}) is None


@given(st.lists(st.lists(st.sampled_from(WORDS[:3]), max_size=9), max_size=5))
def test_repetition_counts_bigrams_seen_before(captions: list[list[str]]) -> None:
    again = total = 0
    for words in captions:
        seen: Counter[tuple[str, str]] = Counter()
        for pair in pairwise(words):
            again += seen[pair] > 0
            seen[pair] += 1
            total += 1
    assert repetition([tuple(words) for words in captions]) == pytest.approx(again / total if total else 0)


def test_the_interval_holds_the_value_and_narrows_with_pictures() -> None:
    captions, references = drawn(2)
    few = bleu_of(captions, references, 1)
    many = bleu_of(captions, references, 20)
    assert few.low < few.value < few.high
    assert many.high - many.low < (few.high - few.low) / 3


def bleu_of(captions, references, times):
    targets = {"references": np.array([[" ".join(one) for one in several] for several in references * times])}
    return bleu(np.array([" ".join(caption) for caption in captions * times]), targets)


@pytest.mark.parametrize(
    ("predictions", "code"),
    [
        (np.array("a"), "predictions.length"),
        (np.array(["a"]), "predictions.length"),
        (np.array([1.0, 2.0]), "bleu.not_text"),
        (np.array([b"a", b"b"]), "bleu.not_text"),
        (np.array([["a"], ["b"]]), "bleu.not_text"),
    ],
)
def test_what_is_no_caption_is_told(predictions: np.ndarray, code: str) -> None:
    assert read_captions(predictions, {"references": np.array([["a"], ["b"]])}, 0).code == code


def test_marks_and_punctuation_are_taken_off() -> None:
    captions = np.array(["<start> a Red star <end> a box", "a red, star."])
    assert without_marks(captions).tolist() == ["a red star", "a red, star."]
    assert without_punctuation(captions)[1] == "a red star"
    assert words_of(str(without_punctuation(captions)[0])) == words_of(str(captions[0]))


def test_case_and_spaces_make_no_other_answer() -> None:
    assert same_captions(np.array(["A  star", "a"]), np.array(["a star", "b"])).tolist() == [True, False]


def test_captions_are_shown_under_their_pictures() -> None:
    validation = Split(
        {"images": np.zeros((6, 64, 64, 3), np.uint8)},
        {"references": np.array([[f"reference {n}", "other"] for n in range(6)])},
    )
    shown = show_captions(np.array([f"caption {n}" for n in range(6)]), validation)
    assert [item.caption.params for item in shown] == [
        {"caption": f"caption {n}", "reference": f"reference {n}"} for n in range(4)
    ]


def test_a_caption_that_never_ends_is_none_and_costs_no_other() -> None:
    given = np.array(["a star", "b " * LONGEST])
    assert read_captions(given, {"references": np.array([["a"], ["b"]])}, 0).tolist() == ["a star", ""]
