"""The words and phrases of denial, Russian and English, folded as in `reading.fold`; data for `negation`."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Place(NamedTuple):
    """What one word of a phrase may be."""

    words: frozenset[str]
    beginnings: tuple[str, ...]


Phrases = Mapping[str, tuple[tuple[Place, ...], ...]]
"""For each first word of a phrase, the places after it."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _beginnings(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _phrases(text: str) -> Phrases:
    """One phrase a line: words joined by `|` are alternatives, and `word*` is a beginning of a word."""
    found: dict[str, list[tuple[Place, ...]]] = {}
    for line in text.strip().splitlines():
        first, *rest = line.split()
        places = tuple(_place(place.split("|")) for place in rest)
        for word in first.split("|"):
            found.setdefault(word, []).append(places)
    return {word: tuple(rests) for word, rests in found.items()}


def phrase_at(phrases: Phrases, words: Sequence[str], at: int) -> int:
    """How many of `words` from `at` on the longest of `phrases` there takes; 0 where none begins."""
    if at >= len(words):
        return 0
    longest = 0
    for places in phrases.get(words[at], ()):
        if longest <= len(places) < len(words) - at and all(
            word in place.words or word.startswith(place.beginnings)
            for place, word in zip(places, words[at + 1 : at + 1 + len(places)], strict=True)
        ):
            longest = len(places) + 1
    return longest


def _place(choices: list[str]) -> Place:
    return Place(
        frozenset(choice for choice in choices if not choice.endswith("*")),
        tuple(choice[:-1] for choice in choices if choice.endswith("*")),
    )


NEGATORS = _words(
    """
    не нет ни нельзя никак никогда нету невозможно никто ничто ничего ничем никакой никакая никакое
    никакие никаких никакого никакому никаким никакими
    not no never cannot neither nor none nothing dont doesnt didnt isnt arent wasnt cant wont non
    """
)
"""Deny what stands after them in the clause; words in `n't` are `not`."""

DENIALS = _phrases(
    """
    вряд ли
    едва ли
    перестает|перестают|перестал|перестала|перестало|перестали|перестанет|перестанут
    отсутствует|отсутствуют|отсутствовал|отсутствовала|отсутствовали
    лишен|лишена|лишено|лишены|лишенный|лишенная
    неспособен|неспособна|неспособно|неспособны
    hardly|scarcely|barely|unlikely|unable|incapable|impossible
    fail|fails|failed|cease|ceases|ceased to
    lack|lacks|lacked|lacking
    rather than
    far from being
    """
)
"""Deny what stands after them in the clause, and are taken back by a negator: `не перестаёт`."""

NARROW_DENIALS = _phrases(
    """
    без|вместо|without
    instead of
    отсутствие|отсутствия|отсутствием|отсутствии
    lack|absence|devoid of
    """
)
"""Deny the noun after them; a negator takes them back too: `not without`."""

NO_DENIALS = _phrases(
    """
    не|not только|просто|лишь|only|just|merely|simply
    не|ни менее|более|больше|меньше|выше|ниже|позже|раньше
    no|not more|less|fewer|later|greater|larger|higher|lower than
    не что|кто иное|иной
    не один|одна|одно|раз
    не секрет|случайно|зря|даром|сложно|трудно|исключено|удивительно|сомнева*
    не мог*|мож* не
    не мешает|мешают|мешал*|препятств*
    не|нельзя|невозможно|cannot обойтись|обойтис*|обойд*|обходит*|do без|without
    нельзя|невозможно не
    чуть|едва ли не
    чуть не
    нет сомнени*
    ничего|ничто|ничем кроме
    no doubt|doubts|matter|wonder|surprise
    not surprising*|least|unlike
    not to mention|say
    not|cannot but|help
    or not
    nothing|none but|other|more|except
    """
)
"""Negators that deny nothing, unless the last word is one that is looked for."""

CALLED_FALSE = _phrases(
    """
    неверно|неправда|ошибочно|заблуждение|миф|неправильно|ложь что|будто
    неверно|ошибочно|неправильно|заблуждение считать|думать|полагать|говорить|утверждать
    миф о том что
    нельзя сказать|утверждать|считать|говорить что
    не верно|правда что|будто
    разве|неужели
    myth|misconception|fallacy|false|wrong|incorrect|untrue that
    false|wrong|incorrect|mistake to say|think|claim|assume|believe|call
    not true|correct|right|mean|imply|say that
    не значит|означает|следует|думаю|считаю|сказал|сказала|скажу что
    не то чтобы|что
    сомневаюсь|сомнительно что
    doubt|doubtful that
    not think|believe that
    not the case that
    """
)
"""Turn round the rest of the sentence, up to a contrast."""

CLAIMS = _words("claim idea statement belief notion утверждение считать думать то мнение мысль идея тезис")
"""Begin a sentence whose end may call it false: `То, что …, неверно`."""

FALSE = _words(
    """
    неверно неправда ошибочно неправильно миф заблуждение ложь ложно неверна ошибочна ошибочен
    false wrong incorrect untrue myth misconception fallacy mistake mistaken
    """
)
"""End a sentence that names a claim, and call it false."""

IT_IS = _words("это было бы будет также совершенно абсолютно совсем просто конечно")
"""Before `неверно` where it judges a sentence and not a verb: `предсказан неверно` denies nothing."""

ALL = _words("the a an all every weights gradients it they we")
"""After `that` where it begins a claim: `That the weights are shared is a myth`."""

CONTRAST = _words("но а однако but however because actually fact деле наоборот напротив instead")
"""End what was called false."""

THERE = _beginnings(
    """
    используетс используютс использовал использован применяетс применяютс применял нужн нужен происход
    произойд наблюдаетс наблюдаютс бывает бывают существ возника требуетс требуютс
    used needed present applied possible available required there observed true occur happen exist appear
    """
)
"""What stands after a negator behind a noun that is denied: `общие веса не используются`."""

COPULAS = _words("есть был была было были будет будут is are was were be will would do does did can could")
"""May stand between a noun and the negator behind it."""

INVARIANT = _beginnings(
    """
    завис меня измен увелич раст затух взрыва обнул насыщ depend chang var increas grow vanish explod saturat
    """
)
"""What stands after a negator behind a noun that is not denied: `общие веса не зависят от места`."""

ABSENT = _words("отсутствует отсутствуют отсутствовал отсутствовала absent missing lacking")
"""The same without a negator."""

PREVENTERS = _words("prevent prevents prevented stop stops stopped keep keeps kept hinder hinders")
"""Before `from`: what they act on does not do what follows."""

STOPS = _phrases(
    """
    and|that|which|who|when|if|since|due|thanks|owing|except|than|until|thus|hence|only|unless
    что|будто|когда|если|благодаря|кроме|пока|значит|только
    из за
    """
)
"""End what a denial reaches."""

PREPOSITIONS = _words("на в во для при за по через у from in on for at by through during")
"""End what a narrow denial reaches."""

NEXT_NOUN = _words("the a an it they we this its their any is are was were has have can will makes")
"""Begin another noun or the verb, and so end what a narrow denial reaches."""

ASKED = _words("is are was were do does did can could will has have")
"""Begin a question."""

CONDITIONS = _words("если if")
"""Before a negator: what follows is not denied, it depends."""

ADJECTIVE_ENDINGS = ("ого", "его", "ой", "ей", "ых", "их", "ому", "ему", "ым", "им", "ую", "ые", "ие")
VERB_ENDINGS = ("ет", "ит", "ют", "ут", "ат", "ят", "ется", "ится", "ются", "утся", "ятся", "атся")
