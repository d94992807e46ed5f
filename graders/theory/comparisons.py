"""The words of comparisons, Russian and English, folded as in `reading.fold`; data for `relations`."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


THAN = _words("чем нежели than")
"""Mark what the comparative before them compares with."""

MARKERS = THAN | _words("unlike против относительно against")
"""Mark what is compared with."""

MARKERS_OF_TWO = frozenset(
    {
        "сравнению с", "сравнении с", "сравнению со", "сравнивать с", "отличие от", "противоположность от",
        "compared to", "compared with", "comparison to", "comparison with", "relative to", "opposed to",
        "contrast to",
    }
)  # fmt: skip
"""The same in two words."""

GOVERNED = _words(
    """
    у в во на для с от со сеть сети модель сетью моделью
    a an the that those of in for with on
    its our plain vanilla simple ordinary usual basic standard regular
    classic classical
    """
)
"""May stand between a marker and the name, beside Russian adjectives."""

ADJECTIVES = ("ой", "ей", "ого", "его", "ых", "их", "ый", "ий", "ая", "яя", "ые", "ие")
"""Endings of Russian adjectives."""

GENITIVE_AFTER = ("ее", "ей", "ьше", "же", "че", "ще", "чше", "льше", "ыше")
"""Endings of Russian comparatives, after which a genitive is what is compared with."""

JOINS = _words("и или and or nor ни")
"""Between two names: both are spoken of together."""

NOT = _words("не not rather neither nor ни")
"""Before a name: it is not the one."""

EQUAL = _words(
    "as так такой такая столь менее less наименее least одинаково equally столько same почти nearly"
)
"""Before a claim: it compares otherwise than it says."""

PAIRED = _words("чем тем the")
"""Right before a claim: `чем больше …, тем меньше …`, `the more …`, or an attribute."""

DOUBTS = (
    "дума", "казал", "каже", "ожида", "считал", "предполаг", "допуст", "почему", "якобы", "expect", "thought",
    "seem", "suppos", "assum", "suspect", "guess", "wonder", "why", "whether", "would", "might",
)  # fmt: skip
"""Before a claim: it is not stated."""

CONDITIONS = _words("если бы if when когда пусть ли неужели разве unless could")
"""The same as whole words."""

COMPARE = ("сравн", "compar")
"""Takes a condition back: `если сравнивать с`."""

ASKED = _words("does do did is are was were can will")
"""Begin a question, which states nothing."""

PRONOUNS = _words("она он оно они it they this that эта этот")
"""Stand for what was named before."""

LIGHT = PRONOUNS | _words(
    """
    и а но поэтому потому значит следовательно зато однако также еще тоже при этом на в по раза раз
    намного гораздо значительно немного чуть заметно
    существенно несколько куда сильно обычно всегда работает
    обучается учится считается тренируется вычисляется идет
    будет была является получается выходит оказывается
    именно то есть же уже каждый шаг практике итоге результате общем целом требует времени
    в более обучение обучении обучать времени скорости примерно четыре
    and but so thus hence therefore also still is are
    was be being been will works trains runs learns to train
    run compute in by about roughly times much far even bit a slightly considerably significantly somewhat
    usually always which makes generally training computation four each
    step practice general takes longer time therefore consequently overall at
    """
)
"""Name nothing that could be compared."""

HEADS = _words(
    """
    network networks net nets model models layer layers
    cell cells block blocks convolution convolutions one ones
    сети сетей модель модели слой слои слоя ячейка ячейки блок блоки свертка свертки
    """
)
"""What a name may belong to: `an LSTM network`."""

OPENINGS = LIGHT | GOVERNED | HEADS | _words("по сравнению с compared comparison to with relative")
"""May stand before a claim that opens its sentence."""

BARE = _words("больше меньше more less fewer")
"""Say nothing without the noun after them."""

COMPARATIVES = _words(
    """
    больше меньше лучше хуже дольше дороже дешевле проще легче тяжелее выше ниже глубже чаще реже
    more less fewer better worse slower faster quicker
    cheaper larger smaller bigger longer shorter simpler harder
    deeper wider higher lower
    """
)
"""Of two before `than` the nearer has it."""

RIVALS = (
    "gru", "гру", "cnn", "сверточн", "convnet", "mlp", "transformer", "трансформер", "attention", "вниман",
    "перцептрон", "персептрон", "perceptron", "resnet", "bert", "gpt", "yolo", "unet", "vgg", "gan", "vae",
)  # fmt: skip
"""Beginnings of names that may be what is compared."""
