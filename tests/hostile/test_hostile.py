"""The hostile battery: what strangers may hand in, graded for real; see `cases_*.py` for the notebooks."""

import os
from dataclasses import replace

import cases_artifacts
import cases_escape
import cases_files
import cases_output
import cases_resources
import cases_tampering
import cases_time
import pytest
from arena import Arena
from battery import Case, Marks, Seen, clean_observation, planted, problems, write_row

from graders.sandbox import Sandbox, open_sandbox

WRITTEN = [
    *cases_time.CASES,
    *cases_output.CASES,
    *cases_resources.CASES,
    *cases_escape.CASES,
    *cases_artifacts.CASES,
    *cases_tampering.CASES,
    *cases_files.CASES,
]
SHORT = {"cell_seconds": 2.5}
"""Enough for the honest parts; many of the others use up what there is."""
CASES = [replace(case, limits={**SHORT, **case.limits}) for case in WRITTEN]
NEXT = Case("next", "benign")
EVERY = int(os.environ.get("GRADE_TEST_EVERY", "10"))
"""After how many cases an honest submission is graded, which must not notice anything."""


def named(case: Case) -> str:
    return f"{case.group}-{case.name}"


NAMES = [named(case) for case in CASES]
VARIANTS = frozenset(
    (
        *("time-swallows_interrupts", "time-thread_that_never_ends", "time-storm_of_alarms"),
        *("time-many_short_cells", "output-endless_stderr", "output-endless_updates"),
        *("output-endless_clearing", "output-endless_display_ids", "output-failing_cells"),
        *("output-script_in_an_exception", "resources-memory_at_once", "resources-disk_of_dev_shm"),
        *("resources-exits_politely", "resources-quits", "resources-zombies", "escape-makes_namespaces"),
        *("escape-reads_environments", "escape-abstract_socket", "artifacts-damaged_lzma"),
        *("artifacts-zip_that_lies_of_its_size", "artifacts-header_with_a_list_as_key"),
        *("artifacts-repeated_names", "artifacts-complex_numbers", "artifacts-huge_numbers_in_a_table"),
        *("tampering-patches_json", "tampering-patches_the_key", "tampering-patches_ipython"),
        *("tampering-tensor_that_lies", "tampering-class_that_lies", "tampering-raises_an_interrupt"),
        *("tampering-shadows_modules_first", "tampering-table_that_changes", "tampering-forges_idle"),
        *("tampering-generator",),
    )
)
"""Cases that vary another one; they run with the slow tests."""


def test_the_slow_ones_are_cases() -> None:
    assert set(NAMES) >= VARIANTS


def why_known(case: Case, sandbox: Sandbox) -> str | None:
    """The reason that docs/sandbox.md gives for a case that goes wrong here."""
    keys = ["any", sandbox.tier, *([f"{sandbox.tier} root"] if os.geteuid() == 0 else [])]
    return next((case.known[key] for key in keys if key in case.known), None)


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, id=named(case), marks=[pytest.mark.slow] if named(case) in VARIANTS else [])
        for case in CASES
    ],
)
def test_a_hostile_submission_gains_nothing_and_leaves_nothing(
    case: Case, arena: Arena, fair: dict[str, Marks]
) -> None:
    case = arena.filled(case)
    seen = arena.grade(case)
    honest = {task: fair[case.honest].get(task) for task in seen.marks}
    found = problems(case, seen, honest)
    if NAMES.index(named(case)) % EVERY == 0:
        after = arena.grade(replace(NEXT, name=f"after_{named(case)}"))
        found += [f"the next submission: {problem}" for problem in problems(NEXT, after, fair["network"])]
    write_row(case, seen, found)
    known = why_known(case, arena.setting.sandbox)
    if found and known:
        pytest.xfail(f"{known}: {'; '.join(found)}")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("case", CASES, ids=named)
def test_every_way_of_going_wrong_would_be_seen(case: Case, fair: dict[str, Marks]) -> None:
    honest = fair[case.honest]
    assert problems(case, clean_observation(case, honest), honest) == []
    missed = [way for way, seen in planted(case, honest) if not problems(case, seen, honest)]
    assert missed == []


CONTROLS = [case for case in CASES if case.open_control]


@pytest.fixture(scope="module")
def unsealed(arena: Arena) -> Seen:
    """All attacks that need a wall against them, in one notebook without a sandbox."""
    cells = tuple(cell for case in CONTROLS for cell in case.cells)
    limits = {name: value for case in CONTROLS for name, value in case.limits.items()}
    with open_sandbox("none", arena.setting.sandbox.runtime) as none:
        return arena.grade(arena.filled(Case("unsealed", "escape", cells, limits=limits)), none)


@pytest.mark.parametrize("case", CONTROLS, ids=named)
def test_the_attack_works_where_there_is_no_sandbox(
    case: Case, arena: Arena, unsealed: Seen, fair: dict[str, Marks]
) -> None:
    found = problems(arena.filled(case), unsealed, fair[case.honest])
    assert any("DONE" in one or "has " in one for one in found), found


def test_there_are_enough_of_them() -> None:
    assert len(CASES) >= 70
    assert len(set(NAMES)) == len(CASES)
