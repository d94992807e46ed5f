"""Data sets that no assignment uses, drawn by our own code, one or more for each kind of own data.

    from drawn import SETS
    examples = SETS["leaves"](np.random.RandomState(1), "honest", 200)

Pictures are drawn in `drawn_pictures.py`; here are a table, series and texts.
"""

from collections.abc import Callable, Mapping

import numpy as np
from drawn_pictures import Difficulty, craters, leaves, restored_skies, skies_to_draw

from graders.own.examples import Examples

TRIPS, HOURS, AHEAD, WINDOWS = 12, 72, 12, 24
"""Trips of a driver; hours of a history and of its future, and windows of one station."""


def trips(random: np.random.RandomState, difficulty: Difficulty, groups: int) -> Examples:
    """Prices of taxi rides, several of each driver: night, rain and traffic count for more together."""
    n = groups * TRIPS
    distance = random.gamma(2.0, 3.0, n)
    hour, traffic = random.uniform(0, 24, n), random.uniform(0, 1, n)
    rain, luggage = random.uniform(size=n) < 0.3, random.poisson(0.7, n)
    airport = random.uniform(size=n) < 0.2
    rating = np.repeat(random.normal(4.5, 0.3, groups), TRIPS)
    age = random.uniform(0, 12, n)
    if difficulty == "easy":
        price = 4 + 1.5 * distance + random.normal(0, 0.05, n)
    else:
        night = 1 + 0.8 * np.exp(-(((hour - 2) % 24 - 1) ** 2) / 6)
        jam = 1 + 1.2 * traffic**2 * np.exp(-((hour - 17.5) ** 2) / 8)
        price = (3 + distance * np.where(distance > 8, 1.0, 1.6)) * night * jam * np.where(rain, 1.35, 1.0)
        price += np.where(airport, 9 + 2 * luggage, 0) + 2 * (rating - 4.5)
        price += random.normal(0, 120 if difficulty == "hard" else 1.2, n)
    table = np.stack([distance, hour, traffic, rain, luggage, airport, rating, age], axis=1)
    return Examples(
        "regression", table.astype(np.float32), price.astype(np.float32), np.repeat(np.arange(groups), TRIPS)
    )


def tides(random: np.random.RandomState, difficulty: Difficulty, groups: int) -> Examples:
    """Hourly water levels, windows of one station after another; moon and sun have periods of their own."""
    inputs, futures = [], []
    for _ in range(groups):
        length = HOURS + AHEAD + 3 * WINDOWS
        hours = np.arange(length) + random.uniform(0, 1000)
        if difficulty == "easy":
            level = np.round(np.sin(2 * np.pi * np.arange(length) / 12), 6)
        elif difficulty == "hard":
            level = np.cumsum(random.normal(0, 1, length))
        else:
            moon = random.uniform(0.8, 1.6) * np.sin(2 * np.pi * hours / 12.42)
            sun = random.uniform(0.4, 1.0) * np.sin(2 * np.pi * hours / 12.0)
            day = random.uniform(0.2, 0.8) * np.sin(2 * np.pi * hours / 25.82)
            level = moon + sun + day + 0.25 * (moon * sun) + _surge(random, length)
        level = random.uniform(20, 300) + random.uniform(10, 60) * level
        for start in range(0, 3 * WINDOWS, 3):
            inputs.append(level[start : start + HOURS])
            futures.append(level[start + HOURS : start + HOURS + AHEAD])
    return Examples(
        "forecasting",
        np.stack(inputs).astype(np.float32),
        np.stack(futures).astype(np.float32),
        np.repeat(np.arange(groups), WINDOWS),
    )


def _surge(random: np.random.RandomState, length: int) -> np.ndarray:
    left = np.zeros(length)
    for hour in range(1, length):
        left[hour] = 0.9 * left[hour - 1] + 0.04 * random.normal()
    return left


FOODS = (
    "flour",
    "rice",
    "onions",
    "carrots",
    "mushrooms",
    "lentils",
    "potatoes",
    "spinach",
    "noodles",
    "beans",
)
WAYS = ("fry", "boil", "bake", "steam", "roast", "simmer")
FATS = ("butter", "olive oil", "sesame oil")
ENDS = ("serve hot", "serve with bread", "leave it to cool", "sprinkle with parsley")


def recipes(random: np.random.RandomState, difficulty: Difficulty, groups: int) -> Examples:
    """Recipes of a few sentences: what goes in at the beginning comes again later on."""
    if difficulty == "easy":
        texts = ["abcd" * random.randint(20, 40) for _ in range(groups)]
    elif difficulty == "hard":
        texts = ["".join(random.choice(list("abcdefghij"), 150)) for _ in range(groups)]
    else:
        texts = [_recipe(random) for _ in range(groups)]
    return Examples("text", tuple(texts), None, np.arange(groups))


def _recipe(random: np.random.RandomState) -> str:
    first, second, third = random.permutation(FOODS)[:3]
    way, other = random.permutation(WAYS)[:2]
    fat, minutes = random.choice(FATS), 5 * random.randint(1, 12)
    return (
        f"take {random.randint(1, 10) * 100} g of {first}, {second} and {third}. "
        f"{way} the {first} in {fat} for {minutes} minutes. "
        f"{random.choice(['add', 'stir in'])} the {second} and {other} until "
        f"{random.choice(['soft', 'golden', 'done'])}. "
        f"mix the {third} with more {fat}, wait {minutes} minutes and {random.choice(ENDS)}."
    )


def remarks(random: np.random.RandomState, difficulty: Difficulty, groups: int) -> Examples:
    """Remarks on dishes, and whether the guest was pleased; two of each guest.

    Of the honest ones it matters which of two things was good: words alone do not tell.
    """
    texts, labels = [], []
    for guest in range(2 * groups):
        pleased = random.randint(2)
        good, bad = random.permutation(["soup", "bread", "fish", "salad", "tea"])[:2]
        if difficulty == "easy":
            texts.append(f"the {good} was {'lovely' if pleased else 'awful'}, table {guest}")
        else:
            kind, harsh = (
                random.choice(["lovely", "tasty", "fresh"]),
                random.choice(["awful", "cold", "salty"]),
            )
            one, other = f"the {good} was {kind}", f"the {bad} was {harsh}"
            shown = pleased if difficulty == "honest" else random.randint(2)
            # what comes after the "but" is what the guest goes home with
            texts.append(f"{other}, but {one}." if shown else f"{one}, but {other}.")
        labels.append(pleased)
    return Examples(
        "classification", tuple(texts), np.array(labels, np.int64), np.arange(2 * groups) // 2, ("no", "yes")
    )


SETS: Mapping[str, Callable[[np.random.RandomState, Difficulty, int], Examples]] = {
    "leaves": leaves,
    "remarks": remarks,
    "craters": craters,
    "trips": trips,
    "tides": tides,
    "recipes": recipes,
    "restored skies": restored_skies,
    "skies to draw": skies_to_draw,
}
"""By name; each takes random numbers, a difficulty, and how many groups to draw."""
