"""How many examples of a data set students train on and validate with; a loop over a data set has so many."""

from graders.model import Profile

USUAL = (5_000, 1_000)
"""Of a data set that is not in the table."""

EXAMPLES: dict[str, dict[Profile, tuple[int, int]]] = {
    "captions": {"mini": (6_000, 300), "full": (30_000, 5_000)},
    "cells": {"mini": (300, 100), "full": (198, 38)},
    "clothes": {"mini": (5_000, 1_500), "full": (50_000, 10_000)},
    "generation": {"mini": (5_000, 1_500), "full": (50_000, 10_000)},
    "houses": {"mini": (4_000, 1_000), "full": (12_000, 3_640)},
    "reconstruction": {"mini": (5_000, 1_500), "full": (50_000, 10_000)},
    "reviews": {"mini": (4_000, 600), "full": (4_000, 600)},
    "scenes": {"mini": (400, 100), "full": (205, 87)},
    "series": {"mini": (4_000, 600), "full": (4_000, 600)},
}
"""Training and validation examples: of captions each of them, of the lesson of series its texts."""


def examples(dataset: str, profile: Profile) -> tuple[int, int]:
    """Training and validation examples of a data set.

    >>> examples("clothes", "mini"), examples("another", "mini")
    ((5000, 1500), (5000, 1000))
    """
    return EXAMPLES.get(dataset, {}).get(profile, USUAL)
