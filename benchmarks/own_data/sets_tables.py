"""Honest tables and series, real and drawn; rows of categories and of counts repeat by chance in many."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from drawn import SETS
from numpy.typing import NDArray
from sklearn import datasets

from graders.own.examples import Examples

Random = np.random.RandomState
Set = Callable[[Path, int], Examples]
Columns = NDArray[np.floating]


def classes(table: Columns, labels: NDArray[np.generic]) -> Examples:
    """A table whose rows have classes."""
    names, ids = np.unique(labels, return_inverse=True)
    return Examples(
        "classification",
        np.asarray(table, np.float32),
        ids.astype(np.int64),
        np.arange(len(table)),
        tuple(map(str, names)),
    )


def values(table: Columns, aims: NDArray[Any]) -> Examples:
    """A table whose rows have values."""
    return Examples(
        "regression", np.asarray(table, np.float32), np.asarray(aims, np.float32), np.arange(len(table))
    )


def sklearns(name: str) -> Set:
    """A real table of scikit-learn, its rows in a random order."""

    def load(mirror: Path, count: int) -> Examples:
        found = getattr(datasets, f"load_{name}")()
        chosen = Random(0).permutation(len(found.data))[:count]
        whole = classes if name in ("iris", "wine", "breast_cancer") else values
        target = found.target if found.target.ndim == 1 else found.target[:, 0]
        return whole(found.data[chosen], target[chosen])

    return load


def questionnaire(mirror: Path, count: int) -> Examples:
    """Five answers from 1 to 5 that agree with one another; whether somebody would come again."""
    random = Random(1)
    mood = random.randn(count)
    answers = np.rint((3.4 + mood[:, None] + 0.5 * random.randn(count, 5)).clip(1, 5))
    return classes(answers, mood + random.randn(count) > 0)


def passengers(mirror: Path, count: int) -> Examples:
    """Class, sex, age in years, relatives on board, and fare, which follows from the class; who survived."""
    random = Random(2)
    berth = random.choice([1, 2, 3], count, p=[0.25, 0.2, 0.55])
    woman = random.rand(count) < 0.35
    age = np.rint(random.normal(30, 12, count).clip(1, 75))
    relatives = random.choice([0, 1, 2], count, p=[0.7, 0.2, 0.1])
    fare = np.array([0, 50, 13, 8])[berth] * (1 + relatives)
    saved = 1.6 * woman + 0.5 * (berth == 1) - 0.01 * age + random.randn(count) > 0.5
    return classes(np.stack([berth, woman, age, relatives, fare], axis=1), saved)


def mushrooms(mirror: Path, count: int) -> Examples:
    """Eight traits of 23 species in ones and zeros: most traits are the species', so rows repeat."""
    random = Random(3)
    usual = random.randint(0, 4, (23, 8))
    species = random.randint(23, size=count)
    other = random.rand(count, 8) < 0.12
    traits = np.where(other, random.randint(0, 4, (count, 8)), usual[species])
    poisonous = random.rand(23) < 0.5
    return classes(np.eye(4)[traits].reshape(count, -1), poisonous[species] ^ (random.rand(count) < 0.03))


def symptoms(mirror: Path, count: int) -> Examples:
    """Ten symptoms, yes or no, of four illnesses."""
    random = Random(4)
    illness = random.randint(4, size=count)
    likely = random.rand(4, 10) ** 2
    return classes(random.rand(count, 10) < likely[illness], illness)


def dice(mirror: Path, count: int) -> Examples:
    """Three dice and the best sum of two: small whole numbers."""
    thrown = Random(5).randint(1, 7, (count, 3))
    return values(thrown, thrown.sum(axis=1) - thrown.min(axis=1))


def flats(mirror: Path, count: int) -> Examples:
    """Rooms, square metres, year and storey; flats of one plan differ in storey and price."""
    random = Random(6)
    plans = np.stack(
        [random.randint(1, 5, 40), random.randint(25, 110, 40), random.randint(1960, 2024, 40)], 1
    )
    plan = plans[random.randint(40, size=count)]
    storey = random.randint(1, 10, count)
    price = plan[:, 1] * (60 + (plan[:, 2] - 1960) / 2) + 30 * storey + 200 * random.randn(count)
    return values(np.column_stack([plan, storey]), price)


def ages(mirror: Path, count: int) -> Examples:
    """One column of whole years, and a height."""
    random = Random(7)
    years = random.randint(2, 18, count)
    return values(years[:, None], 80 + 6 * years + 5 * random.randn(count))


def hours(mirror: Path, count: int) -> Examples:
    """A machine's sensors hour by hour: at night all columns stay as they are."""
    random = Random(8)
    hour = np.arange(count) % 24
    on = (hour > 7) & (hour < 20)
    speed, heat = (
        np.where(on, random.normal(900, 40, count), 0),
        np.where(on, random.normal(60, 3, count), 20),
    )
    power = np.where(on, speed * heat / 900, 1.5)
    return values(np.stack([np.rint(speed), np.rint(heat), on], axis=1), power + 0.2 * random.randn(count))


def clicks(mirror: Path, count: int) -> Examples:
    """Forty counts of which most are zero."""
    random = Random(9)
    active = random.gamma(0.3, 1.0, count)
    counts = random.poisson(active[:, None] * random.gamma(0.5, 0.6, 40))
    return classes(counts, active + 0.3 * random.randn(count) > 0.2)


def wide(mirror: Path, count: int) -> Examples:
    """A thousand measured columns."""
    table = Random(10).randn(count, 1_000)
    return classes(table, table[:, :9].sum(axis=1) > 0)


def trips(mirror: Path, count: int) -> Examples:
    """Taxi rides as `drawn.py` makes them, each by itself."""
    found = SETS["trips"](Random(11), "honest", -(-count // 12))
    return values(np.asarray(found.inputs)[:count], np.asarray(found.targets)[:count])


TABLES: dict[str, Set] = {
    **{name: sklearns(name) for name in ("iris", "wine", "breast_cancer", "diabetes", "linnerud")},
    "questionnaire": questionnaire,
    "passengers": passengers,
    "mushrooms": mushrooms,
    "symptoms": symptoms,
    "dice": dice,
    "flats": flats,
    "ages": ages,
    "hours of a machine": hours,
    "clicks": clicks,
    "thousand columns": wide,
    "taxi rides": trips,
}

PAST, AHEAD = 24, 6


def windows(series: list[Columns], count: int, *, step: int) -> Examples:
    """Windows of 24 values and the next 6, `step` apart; those of one series are a group."""
    cut = [
        (one[at : at + PAST + AHEAD], which)
        for which, one in enumerate(series)
        for at in range(0, len(one) - PAST - AHEAD + 1, step)
    ][:count]
    whole = np.stack([one for one, _ in cut]).astype(np.float32)
    groups = np.array([which for _, which in cut])
    return Examples("forecasting", whole[:, :PAST], whole[:, PAST:], groups)


def apart(make: Callable[[Random], Columns]) -> Set:
    """One window of each of many series."""

    def load(mirror: Path, count: int) -> Examples:
        random = Random(12)
        return windows([make(random)[: PAST + AHEAD] for _ in range(count)], count, step=1)

    return load


def stations(make: Callable[[Random], Columns]) -> Set:
    """Windows of thirty series that overlap; each series is a group."""

    def load(mirror: Path, count: int) -> Examples:
        random = Random(13)
        each = -(-count // 30)
        return windows([make(random)[: PAST + AHEAD + 3 * (each - 1)] for _ in range(30)], count, step=3)

    return load


LONG = 800


def walk(random: Random) -> Columns:
    """A random walk."""
    return np.cumsum(random.randn(LONG))


def weather(random: Random) -> Columns:
    """Temperatures of days, to a tenth."""
    day = np.arange(LONG) + random.randint(365)
    rough = np.convolve(random.randn(LONG + 9), np.ones(10) / 3, "valid")
    return np.round(12 - 11 * np.cos(2 * np.pi * day / 365) + 3 * rough, 1)


def plateaus(random: Random) -> Columns:
    """A sensor that stays where it is for long and then jumps to one of five levels."""
    levels = random.randint(5, size=LONG)
    return np.repeat(levels, random.randint(4, 30, LONG))[:LONG].astype(float)


def sold(random: Random) -> Columns:
    """Pieces sold a day: small counts, with weekends."""
    return random.poisson(np.where(np.arange(LONG) % 7 < 5, 0.6, 1.8)).astype(float)


def pulse(random: Random) -> Columns:
    """A heartbeat: the same wave again and again, of a pace of its own, with a little noise."""
    pace = random.uniform(7, 11)
    phase = (np.arange(LONG) / pace + random.rand()) % 1
    return np.asarray(np.exp(-((phase - 0.3) ** 2) / 0.004) + 0.02 * random.randn(LONG))


def waves(random: Random) -> Columns:
    """A sine without noise, of a period, level and height of its own."""
    period, phase = random.uniform(6, 30), random.uniform(0, 6)
    return np.asarray(
        random.uniform(0, 9) + random.uniform(1, 5) * np.sin(2 * np.pi * np.arange(LONG) / period + phase)
    )


def airline(mirror: Path, count: int) -> Examples:
    """Windows of the airline series a month apart."""
    with (mirror / "airline-passengers.csv").open(encoding="ascii", newline="") as file:
        series = np.array([float(one["Passengers"]) for one in csv.DictReader(file)])
    return windows([series], count, step=1)


KINDS = {
    "walks": walk,
    "weather": weather,
    "plateaus": plateaus,
    "sold": sold,
    "pulse": pulse,
    "sines": waves,
}
SERIES: dict[str, Set] = {
    **{name: apart(make) for name, make in KINDS.items()},
    **{f"{name} of 30 stations": stations(make) for name, make in KINDS.items()},
    "airline": airline,
}
