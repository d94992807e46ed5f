"""The benign battery: odd and honest notebooks lose nothing against the plain one."""

import cases_benign
import pytest
from arena import Arena
from battery import Case, Marks, problems, write_row


@pytest.mark.parametrize("case", cases_benign.CASES, ids=lambda case: case.name)
def test_an_odd_and_honest_notebook_loses_nothing(case: Case, arena: Arena, fair: dict[str, Marks]) -> None:
    seen = arena.grade(arena.filled(case))
    found = problems(case, seen, fair[case.honest])
    found += [f"flagged: {kind}" for kind in seen.flags if kind not in FLAGS]
    write_row(case, seen, found)
    assert not found, "\n".join(found)


FLAGS = ("unverified_trace",)
"""A trace that cannot be replayed is told to a person and costs nothing."""


def test_there_are_enough_of_them() -> None:
    assert len(cases_benign.CASES) >= 30
    assert len({case.name for case in cases_benign.CASES}) == len(cases_benign.CASES)
