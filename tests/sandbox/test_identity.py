"""Each run of root has a user id to itself, since the kernel counts processes by user id."""

import os
import signal
from itertools import repeat
from pathlib import Path

import pytest

pytest.importorskip("pyseccomp", exc_type=ImportError)

from forked import become_ordinary, in_child
from running import Run, printed

from graders.sandbox import identity
from graders.sandbox.identity import own_uid

root = pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user's runs keep their user id")


@pytest.fixture(autouse=True)
def same_turn(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Every run of every process would take the same id."""
    monkeypatch.setattr(identity, "LOCKS", tmp_path / "grade")
    monkeypatch.setattr(identity, "_runs", repeat(0))
    process = os.getpid()
    monkeypatch.setattr(os, "getpid", lambda: process)


def uid() -> int | None:
    with own_uid() as found:
        return found


@root
def test_no_two_living_runs_share_a_user_id() -> None:
    with own_uid() as one, own_uid() as other:
        assert one != other
        assert in_child(uid) not in (one, other)


@root
def test_a_notebook_runs_as_a_user_that_no_other_run_is(run: Run) -> None:
    with own_uid() as taken:
        ended = run(["import os; print(os.getuid())"])
    found = int(printed(ended, 1))
    assert identity.FIRST_UID <= found < identity.FIRST_UID + identity.UIDS
    assert found != taken


@root
def test_a_user_id_is_free_again_after_the_run_or_its_killed_process() -> None:
    def die() -> None:
        with own_uid():
            signal.raise_signal(signal.SIGKILL)

    first = uid()
    assert in_child(die) == "SIGKILL"
    assert uid() == first


@root
def test_without_a_folder_for_locks_ids_are_taken_in_turn(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(identity, "LOCKS", tmp_path / "missing" / "grade")
    monkeypatch.setattr(identity, "_runs", iter(range(2)))
    with own_uid() as one, own_uid() as other:
        assert one is not None
        assert other in (one + 1, one + 1 - identity.UIDS)


@root
def test_when_all_are_taken_one_is_shared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identity, "UIDS", 1)
    with own_uid() as one, own_uid() as other:
        assert one == other == identity.FIRST_UID


def test_an_ordinary_user_stays_who_they_are() -> None:
    assert in_child(uid, become_ordinary) is None
