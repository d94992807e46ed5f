"""The `mini` profile of `poem`: verse of our own to continue letter by letter, drawn by our own code."""

import hmac
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from graders.data.fingerprints import of_modules
from graders.data.passages import ALPHABET_FILE, TRAIN_FILE, VALIDATION_FILE, cut, read_text, write_text
from graders.data.seeds import random_stream
from graders.data.types import Hidden, Split

ALPHABET = " абвгдежзийклмнопрстуфхцчшщъыьэюяё,.-\n"
"""Characters of the verse in the order of `alphabet.txt`."""
TRAIN = 150_000
"""Characters of `train.txt`, about."""
PASSAGE, LEAST = 160, 20
"""Characters of a passage, and the least that is given of one."""
VALIDATION, HIDDEN = 200, 1_000
"""Passages."""
PUBLIC_SEED = b"poem/mini/1"

NOUNS = {
    "m": (
        ("ветер", "ветра", "ветер", "ветром"),
        ("дождь", "дождя", "дождь", "дождём"),
        ("снег", "снега", "снег", "снегом"),
        ("вечер", "вечера", "вечер", "вечером"),
        ("туман", "тумана", "туман", "туманом"),
        ("берег", "берега", "берег", "берегом"),
        ("город", "города", "город", "городом"),
        ("костёр", "костра", "костёр", "костром"),
        ("парус", "паруса", "парус", "парусом"),
        ("фонарь", "фонаря", "фонарь", "фонарём"),
        ("ручей", "ручья", "ручей", "ручьём"),
        ("колокол", "колокола", "колокол", "колоколом"),
    ),
    "f": (
        ("река", "реки", "реку", "рекой"),
        ("ночь", "ночи", "ночь", "ночью"),
        ("звезда", "звезды", "звезду", "звездой"),
        ("волна", "волны", "волну", "волной"),
        ("дорога", "дороги", "дорогу", "дорогой"),
        ("тишина", "тишины", "тишину", "тишиной"),
        ("лодка", "лодки", "лодку", "лодкой"),
        ("весна", "весны", "весну", "весной"),
        ("осень", "осени", "осень", "осенью"),
        ("птица", "птицы", "птицу", "птицей"),
        ("метель", "метели", "метель", "метелью"),
    ),
    "n": (
        ("море", "моря", "море", "морем"),
        ("небо", "неба", "небо", "небом"),
        ("поле", "поля", "поле", "полем"),
        ("окно", "окна", "окно", "окном"),
        ("утро", "утра", "утро", "утром"),
        ("солнце", "солнца", "солнце", "солнцем"),
        ("облако", "облака", "облако", "облаком"),
        ("озеро", "озера", "озеро", "озером"),
    ),
}
"""By gender: nominative, genitive, accusative, instrumental."""
ADJECTIVES = (
    "холодн",
    "ясн",
    "бел",
    "сер",
    "нов",
    "стар",
    "светл",
    "сонн",
    "медленн",
    "прозрачн",
    "солён",
    "пустынн",
    "вечн",
    "мокр",
    "красн",
    "жёлт",
    "тёмн",
    "мирн",
)
"""Stems; the endings are those of a gender."""
ENDINGS = {"m": ("ый", "ого", "ый", "ым"), "f": ("ая", "ой", "ую", "ой"), "n": ("ое", "ого", "ое", "ым")}
NOMINATIVE, GENITIVE, ACCUSATIVE, INSTRUMENTAL = range(4)
DOES = (
    "молчит",
    "шумит",
    "поёт",
    "спит",
    "ждёт",
    "дышит",
    "светит",
    "плывёт",
    "растёт",
    "дрожит",
    "горит",
    "звенит",
    "уходит",
    "стоит",
)
DOES_TO = (
    "зовёт",
    "встречает",
    "провожает",
    "помнит",
    "хранит",
    "скрывает",
    "слышит",
    "видит",
    "любит",
    "ищет",
    "будит",
    "несёт",
)
HOW = (
    "тихо",
    "снова",
    "едва",
    "вдали",
    "опять",
    "всегда",
    "над водой",
    "до утра",
    "под луной",
    "без конца",
    "у огня",
    "на ветру",
    "по-прежнему",
)
JOINS = ("и", "а", "пока", "когда", "будто", "словно", "где")


@dataclass(frozen=True, slots=True)
class DrawnPoem:
    """Drawn verse; the public one from a published seed, the hidden one from the secret; see `Source`.

    Students find `poem/train.txt`, `poem/validation.txt` and `poem/alphabet.txt`. Inputs and targets are
    those of `passages.cut`.
    """

    def fetch(self, cache: Path, progress: bool) -> None:
        """See `Source.fetch`: there is nothing to download."""

    def publish(self, cache: Path, folder: Path) -> None:
        """See `Source.publish`."""
        (folder / TRAIN_FILE).parent.mkdir()
        write_text(folder / ALPHABET_FILE, ALPHABET)
        for file, length in ((TRAIN_FILE, TRAIN), (VALIDATION_FILE, VALIDATION * PASSAGE)):
            write_text(folder / file, verse(random_stream(PUBLIC_SEED + file.encode()), length))

    def validation(self, folder: Path) -> Split:
        """See `Source.validation`."""
        text = read_text(folder / VALIDATION_FILE, ALPHABET, VALIDATION * PASSAGE)
        return cut(text, ALPHABET, PASSAGE, LEAST, random_stream(PUBLIC_SEED + b"/cut"))

    def hidden(self, cache: Path, secret: bytes) -> Hidden:
        """See `Source.hidden`: drawn from the secret, so that there is nothing to memorise and no variant."""
        random = random_stream(hmac.digest(secret, b"poem/mini/hidden", "sha256"))
        found = cut(verse(random, HIDDEN * PASSAGE), ALPHABET, PASSAGE, LEAST, random)
        return Hidden(found.inputs, found.targets, variant={})

    def fingerprint(self) -> str:
        """See `Source.fingerprint`."""
        return of_modules("poem.py", "passages.py")


def verse(random: np.random.RandomState, length: int) -> str:
    """At least `length` characters of stanzas of four lines.

    Genders and cases agree, and the last line comes back to the noun of the first: more than the few letters
    before the next one has to be remembered.
    """
    stanzas: list[str] = []
    while sum(map(len, stanzas)) < length:
        stanzas.append(_stanza(random))
    return "".join(stanzas)


def _stanza(random: np.random.RandomState) -> str:
    gender, first = _noun(random)
    lines = [
        f"{_described(random, gender, first, NOMINATIVE)} {_one_of(random, DOES)} {_one_of(random, HOW)}",
        *(_line(random) for _ in range(2)),
        f"и {_described(random, gender, first, NOMINATIVE)} {_one_of(random, DOES)}",
    ]
    return ",\n".join(lines) + ".\n\n"


def _line(random: np.random.RandomState) -> str:
    (one_gender, one), (other_gender, other) = _noun(random), _noun(random)
    kind = random.randint(5)
    if kind == 0:
        who = _described(random, one_gender, one, NOMINATIVE)
        return f"{_one_of(random, HOW)} {_one_of(random, DOES)} {who}"
    if kind == 1:
        seen = _described(random, other_gender, other, ACCUSATIVE)
        return f"{one[NOMINATIVE]} {_one_of(random, DOES_TO)} {seen}"
    if kind == 2:
        told = f"{_one_of(random, JOINS)} {one[NOMINATIVE]} {_one_of(random, DOES_TO)} {other[ACCUSATIVE]}"
        return f"{told} {_one_of(random, HOW)}"
    if kind == 3:
        behind = _described(random, other_gender, other, INSTRUMENTAL)
        return f"за {behind} {_one_of(random, DOES)} {one[NOMINATIVE]}"
    missing = _described(random, one_gender, one, GENITIVE)
    return f"нет {missing}, {_one_of(random, JOINS)} {other[NOMINATIVE]} {_one_of(random, DOES)}"


def _noun(random: np.random.RandomState) -> tuple[str, tuple[str, ...]]:
    """A noun with its gender."""
    gender = "mmfffn"[random.randint(6)]
    return gender, NOUNS[gender][random.randint(len(NOUNS[gender]))]


def _described(random: np.random.RandomState, gender: str, noun: tuple[str, ...], case: int) -> str:
    return f"{_one_of(random, ADJECTIVES)}{ENDINGS[gender][case]} {noun[case]}"


def _one_of(random: np.random.RandomState, options: tuple[str, ...]) -> str:
    return options[random.randint(len(options))]
