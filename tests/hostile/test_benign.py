"""The benign battery: odd and honest notebooks lose nothing against the plain one."""

import cases_benign
import pytest
from arena import Arena
from battery import Case, Marks, problems, write_row

VARIANTS = frozenset(
    (
        *("matplotlib_notebook", "bash_cell", "capture", "duplicated_cells", "sources_as_lists", "unicode"),
        *("line_ends_of_windows", "kernel_python38", "gradients_off", "exit_handlers", "displays"),
        *("own_inside", "own_six", "own_attr", "own_probe", "own_launch", "own_calls", "own_student"),
    )
)
"""Cases that vary another one; they run with the slow tests."""


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, id=case.name, marks=[pytest.mark.slow] if case.name in VARIANTS else [])
        for case in cases_benign.CASES
    ],
)
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
    names = {case.name for case in cases_benign.CASES}
    assert len(names) == len(cases_benign.CASES)
    assert names >= VARIANTS
