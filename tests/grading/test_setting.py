from collections.abc import Callable
from dataclasses import replace

from graders.batch.attempt import hash_of
from graders.grading import Setting
from graders.grading.setting import job_for
from graders.model import Submission


def test_runs_that_share_a_core_get_more_time_and_nothing_else(
    setting: Setting, submitted: Callable[..., Submission]
) -> None:
    alone, shared = (job_for(replace(setting, stretch=by), submitted("1")) for by in (1.0, 2.0))
    for name in ("cell_seconds", "total_seconds", "probe_seconds"):
        assert getattr(shared.limits, name) == 2 * getattr(alone.limits, name)
    assert shared.limits.memory_mib == alone.limits.memory_mib
    assert [step.seconds for step in shared.steps] == [2 * step.seconds for step in alone.steps]
    assert len(shared.steps) > 4


def test_how_busy_the_machine_was_is_no_reason_to_grade_again(setting: Setting) -> None:
    hashes = {hash_of(replace(setting, stretch=by), rerun_borderline=False) for by in (1.0, 2.0)}
    assert len(hashes) == 1
