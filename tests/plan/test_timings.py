"""What a notebook's file says of its own run."""

import pytest

from graders.plan.timings import Saved, timings

BEGAN, ENDED = "2026-03-01T10:00:00.000000Z", "2026-03-01T10:03:20.500000Z"


def seconds(output: str = "", **metadata: object) -> float:
    told = timings([Saved("x = 1", output, metadata)])
    return told.seconds if told else 0.0


@pytest.mark.parametrize(
    "metadata",
    [
        {"execution": {"iopub.execute_input": BEGAN, "shell.execute_reply": ENDED}},
        {"execution": {"iopub.status.busy": BEGAN, "iopub.status.idle": ENDED}},
        {"ExecuteTime": {"start_time": BEGAN, "end_time": ENDED}},
        {"executionInfo": {"elapsed": 200_500, "status": "ok"}},
    ],
)
def test_times_in_metadata_are_read(metadata: dict[str, object]) -> None:
    assert seconds(**metadata) == 200.5


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ("CPU times: user 5min, sys: 1 s\nWall time: 3min 12s\n", 192),
        ("Wall time: 1h 2min 3s", 3723),
        ("Wall time: 412 ms", 0.412),
        ("100%|██████| 938/938 [12:34<00:00, 3.2it/s]", 754),
        ("100%|█| 9/9 [1:00:05<00:00,  1.2it/s]\n 40%|█  | 3/9 [00:30<00:50, 1.2it/s]", 3605),
        ("50%|███   | 4/9 [12:34<12:34, 3.2it/s]", 0),
        ("Wall time: soon", 0),
    ],
)
def test_times_in_outputs_are_read(output: str, expected: float) -> None:
    assert seconds(output) == pytest.approx(expected)


@pytest.mark.parametrize(
    "metadata",
    [
        {"execution": {"iopub.execute_input": ENDED, "shell.execute_reply": BEGAN}},
        {"execution": {"iopub.execute_input": BEGAN}},
        {"execution": {"iopub.execute_input": "x" * 10**6, "shell.execute_reply": 5}},
        {"execution": "yesterday"},
        {"execution": {"iopub.execute_input": "0001-01-01T00:00:00+23:59", "shell.execute_reply": ENDED}},
        {"executionInfo": {"elapsed": float("nan")}},
        {"executionInfo": {"elapsed": float("inf")}},
        {"executionInfo": {"elapsed": -5}},
        {"executionInfo": {"elapsed": 10**400}},
        {"executionInfo": None, "ExecuteTime": []},
    ],
)
def test_metadata_that_make_no_sense_say_nothing(metadata: dict[str, object]) -> None:
    assert seconds(**metadata) == 0


@pytest.mark.parametrize(
    "output", ["Wall time: " + "1.1.1min " * 9999, "[" + "9:" * 9999 + "99<00:00", "9" * 10**6]
)
def test_outputs_that_make_no_sense_do_not_hold_up(output: str) -> None:
    assert 0 <= seconds(output) <= 30 * 86_400


def test_a_gpu_is_noticed() -> None:
    told = timings([Saved("", "Wall time: 5 s\nusing cuda:0", {})])
    assert told is not None
    assert told.on_gpu
    asked = timings([Saved("", "Wall time: 5 s", {})], accelerated=True)
    assert asked is not None
    assert asked.on_gpu


def test_a_notebook_that_says_nothing_has_no_timings() -> None:
    assert timings([Saved("x = 1", "accuracy 0.9", {})]) is None
