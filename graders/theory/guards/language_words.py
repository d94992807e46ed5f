"""Words of grammar by language, and letters that Russian lacks; data for `language`.

A word that is also an English one (`die`, `on`, `par`) stands here only where its language cannot be told
without it.
"""

from collections.abc import Mapping


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ENGLISH = _words(
    """
    the a an of to in on at by for from with and or is are was were be been it its this that these those as if
    than then so we you they has have had not no but because which when while can will there all each more
    """
)

RUSSIAN = _words(
    """
    и в во на по с со к о у от до из за при для без под но или что как это этот эта эти то он она оно они его
    ее её их мы вы я не если когда чтобы так также только уже еще ещё более быть есть был была было который
    которая которые чем все весь
    """
)

WORDS: Mapping[str, frozenset[str]] = {
    "german": _words(
        """
        der die das und ist sind ein eine einen einem einer nicht mit von für auf dem den des im zu
        wird werden
        durch als auch aus sich wir dass weil oder bei nach über zur zum hat kann jede jeder
        """
    ),
    "french": _words(
        """
        le la les des et est sont un une pas avec pour sur dans du au aux ce cette qui que par ne se
        sa ses plus
        nous mais ou car il elle ils chaque leur donc être
        """
    ),
    "spanish": _words(
        """
        el la los las y es son un una no con para sobre en del al que por se su sus más pero porque como cada
        esta este estos lo hay donde cuando también
        """
    ),
    "italian": _words(
        """
        il lo la gli le è sono un una uno non con per su nel nella della delle dei del che si di da
        più ma perché
        come ogni questo questa anche ed
        """
    ),
    "portuguese": _words(
        """
        o os as é são um uma não com para sobre em no na do da dos das que por se seu sua mais mas porque como
        cada este esta também ao
        """
    ),
    "polish": _words(
        "i w na z do jest są nie się to że jak dla od po przez oraz lub ale który która które każdy"
    ),
    "czech": _words("a v na z do je jsou není se to že jak pro od po který která které nebo ale také každý"),
    "turkish": _words("ve bir bu için ile da de olan olarak daha çok her ama gibi değil vardır ise kadar şu"),
    "dutch": _words("de het een en is zijn niet met van voor op in dat die wordt worden door als ook uit om"),
    "swedish": _words("och en ett är inte med för på av som det den de till från eller har kan varje"),
    "finnish": _words("ja on ei se että joka ovat kun tai mutta myös sen niin kuin ne jotka"),
    "indonesian": _words(
        "dan yang di ke dari ini itu dengan untuk adalah tidak pada dalam oleh karena juga atau"
    ),
    "vietnamese": _words("và là của có không được trong cho với các một những này để khi từ"),
    "bulgarian": _words("се са със от които която който че ще няма няма това тази този при съм върху чрез"),
    "translit": _words(
        """
        eto chto kak dlya dlja ne na i v s po iz ot do pri ili chtoby tak kak takzhe tolko esli kogda kotoryi
        kotoryy kotoraya kotorye kotoroe kotorii bolshe menshe cherez potomu poetomu poetomy mezhdu kazhdyi
        kazhdom kazhdoi kazhdyy set seti sloy sloi sloya vesa vesov obuchenie obuchenii svertka svyortka
        gradienty gradienta nas ego ih oni ona ono byt est net odin odni tozhe uzhe eshche esche mozhet nado
        vhod vyhod vkhod vykhod znachenie znacheniya dannyh dannye parametrov parametry
        """
    ),
}

LETTERS = frozenset("іїєґўјљњћђџәғқңөұүһѓќ")
"""Cyrillic letters of other languages."""
