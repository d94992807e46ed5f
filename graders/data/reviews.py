"""Both profiles of `reviews`: short Russian texts of our own in which the order of words decides."""

import csv
import hmac
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from graders.data.fingerprints import of_modules
from graders.data.seeds import random_stream
from graders.data.types import Hidden, Split

TRAIN, VALIDATION, HIDDEN = 4_000, 600, 1_500
PUBLIC_SEED = b"reviews/mini/1"
HEADER = ["text", "label"]
CLASSES = 3
NEGATIVE, NEUTRAL, POSITIVE = range(CLASSES)

SUBJECTS = {
    "m": ("звук", "экран", "сервис", "персонал", "номер", "завтрак", "корпус", "маршрут", "сюжет", "чехол"),
    "f": ("еда", "доставка", "камера", "батарея", "упаковка", "музыка", "комната", "ткань", "цена"),
    "n": ("качество", "обслуживание", "меню", "расположение", "приложение", "крепление", "освещение"),
    "p": ("порции", "настройки", "кнопки", "актёры", "диалоги", "колонки", "материалы"),
}
"""What is judged, by gender; `p` is the plural."""
JUDGED = (
    ("ужасн", "скучн", "слаб", "груб", "отвратительн", "паршив", "противн", "бестолков", "грязн", "уныл"),
    ("обычн", "заурядн", "нормальн", "стандартн", "терпим", "типичн", "будничн", "ровн"),
    ("отличн", "удобн", "приятн", "замечательн", "надёжн", "достойн", "прекрасн", "чудесн", "красив", "бодр"),
)
"""Stems of adjectives that judge, by class; the first ones are used most."""
ENDINGS = {"m": "ый", "f": "ая", "n": "ое", "p": "ые"}
WAS = {"m": "был", "f": "была", "n": "было", "p": "были"}
STRONGER = ("очень", "просто", "на редкость", "вполне", "по-настоящему", "довольно")
NOT = ("не", "вовсе не", "совсем не", "отнюдь не", "далеко не")
ASIDES = (
    "брали не в первый раз",
    "мы никуда не спешили",
    "заказывал для сестры",
    "погода не радовала",
    "очереди не было",
    "ехали долго",
    "пишу сразу после покупки",
    "отзывов раньше не писал",
    "были там осенью",
    "фотографий не сохранилось",
    "выбирали всей семьёй",
    "чек не выбросил",
)
"""Sentences that judge nothing; many say `не`."""
ASIDE, SLIP = 0.5, 0.02
"""Chances of each of two asides, and that two letters of a word have changed places."""


@dataclass(frozen=True, slots=True)
class DrawnReviews:
    """Drawn reviews; the public ones from a published seed, the hidden ones from the secret; see `Source`.

    Students find `texts/train.csv` and `texts/validation.csv` with the columns `text` and `label`. Inputs are
    `texts`, an array of strings of shape (N,); targets are `labels`, int64 of shape (N,): 0 negative,
    1 neutral, 2 positive.
    """

    def fetch(self, cache: Path, progress: bool) -> None:
        """See `Source.fetch`: there is nothing to download."""

    def publish(self, cache: Path, folder: Path) -> None:
        """See `Source.publish`."""
        (folder / "texts").mkdir()
        for name, count in (("train", TRAIN), ("validation", VALIDATION)):
            rows = draw(random_stream(PUBLIC_SEED + b"/" + name.encode()), count)
            with (folder / "texts" / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                csv.writer(file, lineterminator="\n").writerows([HEADER, *rows])

    def validation(self, folder: Path) -> Split:
        """See `Source.validation`."""
        with (folder / "texts" / "validation.csv").open(encoding="utf-8", newline="") as file:
            header, *rows = list(csv.reader(file)) or [[]]
        if header != HEADER or len(rows) != VALIDATION or any(len(row) != len(HEADER) for row in rows):
            raise ValueError(f"texts/validation.csv: {len(rows)} rows under {header[:4]}")
        return _split([(text, int(label)) for text, label in rows])

    def hidden(self, cache: Path, secret: bytes) -> Hidden:
        """See `Source.hidden`: drawn from the secret, so that there is nothing to memorise and no variant."""
        found = _split(draw(random_stream(hmac.digest(secret, b"reviews/mini/hidden", "sha256")), HIDDEN))
        return Hidden(found.inputs, found.targets, variant={})

    def fingerprint(self) -> str:
        """See `Source.fingerprint`."""
        return of_modules("reviews.py")


def draw(random: np.random.RandomState, count: int) -> list[tuple[str, int]]:
    """Reviews with their classes.

    One clause of each decides, and which one it is follows from the words that join the clauses: what comes
    after `но`, what `хотя` does not belong to, the present and not the past. The other clause mostly says
    something else, and a negation turns the adjective next to it, so that a bag of words is often at a loss.
    """
    return [_review(random) for _ in range(count)]


def _review(random: np.random.RandomState) -> tuple[str, int]:
    label = int(random.randint(CLASSES))
    other = int(label + random.randint(1, CLASSES)) % CLASSES
    subject, second = _two_subjects(random)
    says, denies = _clause(random, subject, label), _clause(random, second, other)
    past = f"{second[0]} {WAS[second[1]]} {_adjective(random, second[1], other)}"
    sentence = _one_of(
        random,
        (
            says,
            f"{denies}, но {says}",
            f"хотя {denies}, {says}",
            f"{says}, хотя {denies}",
            f"все говорили, что {denies}, а на деле {says}",
            f"{says}, а все говорили, что {denies}",
            f"раньше {past}, теперь {says}",
            f"теперь {says}, а раньше {past}",
        ),
    )
    asides = [_one_of(random, ASIDES) for _ in range(2) if random.uniform() < ASIDE]
    sentences = [sentence, *asides] if random.uniform() < 0.5 else [*asides, sentence]
    return _with_slips(random, ". ".join(sentences) + "."), label


def _two_subjects(random: np.random.RandomState) -> tuple[tuple[str, str], tuple[str, str]]:
    """Two different subjects, each with its gender."""
    all_of_them = [(word, gender) for gender, words in SUBJECTS.items() for word in words]
    one = random.randint(len(all_of_them))
    return all_of_them[one], all_of_them[one - random.randint(1, len(all_of_them))]


def _clause(random: np.random.RandomState, subject: tuple[str, str], label: int) -> str:
    """`subject` judged as `label`: by an adjective of that class, or by one of the opposite class denied."""
    word, gender = subject
    if label != NEUTRAL and random.uniform() < 0.4:
        return f"{word} {_one_of(random, NOT)} {_adjective(random, gender, POSITIVE - label)}"
    stronger = f"{_one_of(random, STRONGER)} " if random.uniform() < 0.5 else ""
    return f"{word} {stronger}{_adjective(random, gender, label)}"


def _adjective(random: np.random.RandomState, gender: str, label: int) -> str:
    """An adjective of a class, the first ones of the table most often."""
    stems = JUDGED[label]
    return stems[int(len(stems) * random.uniform() ** 2)] + ENDINGS[gender]


def _one_of(random: np.random.RandomState, options: tuple[str, ...]) -> str:
    return options[random.randint(len(options))]


def _with_slips(random: np.random.RandomState, text: str) -> str:
    """The text as it is typed in haste: in some words two letters inside have changed places."""
    words = text.split(" ")
    for place, word in enumerate(words):
        if len(word) > 4 and random.uniform() < SLIP:
            at = random.randint(1, len(word) - 3)
            words[place] = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return " ".join(words)


def _split(rows: list[tuple[str, int]]) -> Split:
    return Split(
        {"texts": np.array([text for text, _ in rows])},
        {"labels": np.array([label for _, label in rows], dtype=np.int64)},
    )
