"""What is said of own data before anybody learns from it."""

from typing import Any

import numpy as np
import pytest

from graders.grading.own_trial import Examined
from graders.model import OWN_KINDS
from graders.own.alike import find_alike
from graders.own.intake import read_loaded
from graders.own.loaded import Declared, Loaded

RANDOM = np.random.default_rng(0)
PICTURES = np.repeat(RANDOM.random((30, 16, 16)), 2, axis=0)
SERIES = RANDOM.normal(size=(6, 80)).cumsum(axis=1)
WINDOWS = np.array([series[at : at + 30] for series in SERIES for at in range(0, 50, 5)])


@pytest.mark.parametrize(
    ("kind", "arrays", "expected"),
    [
        ("sampling", {"X": PICTURES}, True),
        ("sampling", {"X": PICTURES, "groups": np.repeat(np.arange(30), 2)}, False),
        ("sampling", {"X": PICTURES[::2]}, False),
        ("forecasting", {"X": WINDOWS, "y": WINDOWS[:, :3], "groups": np.repeat(np.arange(6), 10)}, False),
        ("forecasting", {"X": WINDOWS, "y": WINDOWS[:, :3]}, False),
    ],
)
def test_a_person_sees_copies_that_the_student_has_not_put_together(
    kind: str, arrays: dict[str, Any], expected: bool
) -> None:
    loaded = read_loaded(arrays, Declared(forms=dict.fromkeys(arrays, "array"), kind=kind), OWN_KINDS)
    assert isinstance(loaded, Loaded)
    alike = find_alike(loaded.examples)
    assert Examined(loaded, 0, alike, ()).shows_copies is expected
