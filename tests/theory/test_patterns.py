import pytest
from hypothesis import given
from hypothesis import strategies as st

from graders.theory.patterns import PatternError, parse, search
from graders.theory.reading import read


def holds(pattern, text):
    return bool(search(parse(pattern), read(text)))


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("shared weight", "the weights are shared", False),  # words without ~ keep their order
        ("shared weight", "sharing of the weights", True),
        ("shared weight", "shared by all of its weights", False),
        ("weight ~6 shared", "all weights are shared", True),
        ("shared ~6 weight", "all weights are shared", True),
        ("weight ~2 position", "weights at each single position", False),
        ("weight|filter ~3 every", "a filter for every place", True),
        ('"feature map"', "a feature map", True),
        ('"feature map"', "feature maps", False),
        ("pool*", "пулинг", False),
        ("pool*", "maxpooling or pooled", True),
        ("max-pool", "max pooling", True),
        ("max-pool", "max of a pool", False),
        ("общий вес", "общие веса", True),
        ("общий вес", "Всё общее. Веса малы.", False),  # not across sentences
        ("n 2 p k s 1", r"\frac{n+2p-k}{s}+1", True),
        ("a b", "a a a b", True),
        ("@dropout", "с дропаутом", True),
        ("@dropout", "with drop out", True),
        ("@dropout", "with dropping", False),
        ("@gate ~12 @cell|память", "гейт открывает память", True),
        ("@gate ~12 @cell|память", "the gate guards the cell state", True),
        ("@gate ~3 @cell|память", "вентиль стоит далеко от неё, где память", False),
        ("@gradient", "vanishing gradients", True),  # inside a longer name
        ("@gradient @vanishing_gradient", "vanishing gradients", False),  # one word stands for one place
        ('"the @loss"', "лоссы", False),  # in quotes there are no concepts
        ("pool*|@loss", "лоссы", True),
        ("@optimizer", "an optimal model", False),
        ("@learning_rate", "learning: the rate", False),
    ],
)
def test_grammar(pattern, text, expected):
    assert holds(pattern, text) is expected


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "  ",
        "~3 word",
        "word ~3",
        "a ~3 ~4 b",
        "a ~0 b",
        "a ~99 b",
        "a ~x b",
        "|",
        "p*",
        "a*b",
        '"',
        '""',
        "***",
        "a|",
        "@",
        "@Dropout",
        "@absent",
        "a|@absent",
        "@drop*",
        "a@dropout",
    ],
)
def test_a_broken_pattern_is_refused(pattern):
    with pytest.raises(PatternError):
        parse(pattern)


def test_an_unknown_concept_is_told_with_the_closest_ids():
    with pytest.raises(PatternError, match=r"`@dropuot`.*`@dropout`"):
        parse("нейрон ~3 @dropuot")


def test_a_pattern_knows_the_words_of_its_concepts():
    assert {"без", "нейрон"} <= parse("нейрон @unsupervised").words
    assert "unsupervised" not in parse("@vae").words


@given(st.text(alphabet='ab@|~*" 39-', max_size=20), st.text(alphabet="ab .-", max_size=60))
def test_any_pattern_is_read_or_refused_and_its_hits_lie_in_the_text(pattern, text):
    reading = read(text)
    try:
        hits = search(parse(pattern), reading)
    except PatternError:
        return
    assert all(0 <= hit.first <= hit.last < len(reading.words) for hit in hits)
