import numpy as np
import pytest
import torch
from l06_unet import otsu_threshold


def by_search(grey: np.ndarray) -> int:
    """The value that leaves least variance within both sides, by trying all of them."""
    within = {}
    for level in range(256):
        sides = [side for side in (grey[grey <= level], grey[grey > level]) if side.size]
        if len(sides) == 2:
            within[level] = sum(side.size * side.var() for side in sides)
    return min(within, key=lambda level: (round(within[level], 6), level), default=0)


@pytest.mark.parametrize("seed", range(5))
def test_otsus_threshold_is_that_of_a_search(seed: int) -> None:
    random = np.random.default_rng(seed)
    dark, bright = random.normal(60 + 20 * seed, 15, 500), random.normal(170, 20, 100 + 50 * seed)
    grey = np.clip(np.round(np.concatenate([dark, bright])), 0, 255)
    assert otsu_threshold(torch.from_numpy(grey)) == by_search(grey)


@pytest.mark.parametrize("values", [[7], [9, 9, 9], [0, 255], [3, 3, 4], [0, 0, 128, 255, 255]])
def test_few_values_have_a_threshold_too(values: list[int]) -> None:
    assert otsu_threshold(torch.tensor(values)) == by_search(np.array(values, dtype=float))
