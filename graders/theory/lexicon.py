"""Russian and English words that the readers of free text look for, folded as in `reading.fold`.

The second half serves conclusions about a network's size: each entry is the beginning of a word, or with `$`
the whole word.
"""

from collections.abc import Mapping
from typing import Literal

Size = Literal["width", "depth"]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _beginnings(words: str) -> tuple[str, ...]:
    return tuple(word.replace("$", " ") for word in words.split())


CLAUSE_CONJUNCTIONS = _words(
    """
    но а однако зато хотя потому поэтому чтобы but however while whereas although because therefore
    so
    """
)
"""Begin a new clause even without a comma."""


SIZES: Mapping[Size, tuple[str, ...]] = {
    "width": _beginnings("ширин широк шире$ расшир канал фильтр width wide channel filter"),
    "depth": _beginnings("глубин глубок глубж углубл слой$ сло блок depth deep layer block"),
}
"""Words for the size itself."""

SMALL: Mapping[Size, tuple[str, ...]] = {
    "width": _beginnings("узк узеньк narrow сужен"),
    "depth": _beginnings("мелк неглубок shallow"),
}
"""Words for a small size, which turn a claim round."""

ACCURACY = _beginnings(
    """
    точност качеств результат метрик accura acc$ performan score quality result
    """
)
"""What is measured, higher being better."""

ERROR = _beginnings("ошибк ошибок лосс loss$ error")
"""What is measured, lower being better."""

OTHER = _beginnings(
    """
    параметр врем памят скорост parameter time memory cost speed переобуч overfit seconds секунд
    градиент gradient разниц differ gap$
    """
)
"""What else can grow or fall with the size."""

UP = _beginnings(
    """
    раст рост вырос повы увелич подн подраст выше$ больш grow grew ris rose increas climb higher
    more$ rais larger add добав highest наивысш максимальн up$ высок
    """
)
"""Growth, of whatever it belongs to."""

DOWN = _beginnings(
    """
    пад упа сниж сниз уменьш сокра ниже$ меньш убыв просел fall fell drop decreas declin reduc lower
    fewer remov shrink убира убра lowest минимальн down$ просед теря потер lose losing lost$
    """
)
"""Fall, of whatever it belongs to."""

BETTER = _beginnings(
    """
    лучш улучш помог помож полезн прирос выигр выгодн точне help better best$ improv gain benefi
    boost pays прибав beat outperform обгон обыгр превосход
    """
)
"""A gain by itself."""

WORSE = _beginnings("хуж ухудш вред деград проигр worse hurt degrad harm навред")
"""A loss by itself."""

FLAT = _beginnings(
    """
    насыщ плато шум незначи несуществ погрешност plateau saturat flat nois insignif negligib
    marginal стагн прекраща останавл diminish
    """
)
"""No significant gain."""

SAME = _beginnings("одинаков same$ unchang константн constant")
"""No gain, where accuracy is spoken of."""

CHANGE = _beginnings(
    """
    меня измен влия повлия завис отлич разниц эффект chang affect effect depend differ matter вари
    смысл важн дал$ дала$ дало$ дали$ дает$ gave$ дают$
    """
)
"""No gain, where denied."""

WEAK = _beginnings(
    """
    почти$ практическ слабо$ мало$ едва$ little$ barely$ hardly$ scarcely$
    """
)
"""Takes back the claim after it."""

NEGATIONS = _beginnings("не$ нет$ ни$ без$ никак not$ no$ never$ without$ nor$ neither$")
"""Denials."""

WEAKLY = _beginnings("слабо$ незначи несуществ чуть$ marginal insignif")
"""Takes back the claim before it."""

HELP = _beginnings("помог помож help")
"""A gain, unless a verb follows: `helps to find edges`."""

BELOW = _beginnings("меньше$ ниже$ менее$ в$ smaller$ less$ lower$ below$ within$")
"""Before `noise`: the gain does not exceed it, whatever else is said."""

BEYOND = _beginnings("больше$ выше$ превы beyond$ above$ exceed larger$ более$ than$ чем$")
"""Before `noise`: the gain exceeds it."""

PREPOSITIONS = _beginnings("с$ со$ от$ при$ у$ на$ with$ from$ for$ by$ in$")
"""Between a change and a size: the change is not the size's."""

CONJUNCTIONS = _beginnings("as$ when$ if$ если$ когда$ чем$")
"""Before a size and a change: the change is the size's."""

FUNCTION_WORDS = _words(
    """
    a an the of to in on at by for from with and or is are was were be been being it its this that these
    those as if then than so such i you he she we they them their his her our your my me do does did doing
    done have has had having will would can could should may might must there here which who whom whose what
    when where why how into onto over under between about also just only very more most some any each both
    all no not nor but because while during after before up down out off again
    и в во на по с со к ко у о об от до из за при для без над под а но или что как это этот эта эти то тот
    та те он она оно они его ее их мы вы я ты мой наш ваш бы ли же не ни да если когда где чтобы так также
    только уже еще более менее очень быть есть был была было были будет который которая которое которые чем
    тем кто все весь вся
    """
)
"""Words that say nothing of a subject by themselves."""

REFUSALS = frozenset(
    line.strip()
    for line in """
    не знаю
    я не знаю
    незнаю
    без ответа
    нет ответа
    ответа нет
    не отвечал
    не отвечала
    пропускаю
    не успел
    не успела
    затрудняюсь ответить
    не могу ответить
    понятия не имею
    i don't know
    i do not know
    i dont know
    don't know
    dont know
    idk
    i have no idea
    i have absolutely no idea
    no idea
    no answer
    no submission
    not submitted
    not answered
    todo
    tbd
    """.splitlines()
    if line.strip()
)
"""Whole answers that say that there is none, folded; `none` is missing, since it may be the answer."""
