import pytest
from hypothesis import given
from hypothesis import strategies as st

from graders.batch import Forecast, cheap_first, longest_first, most_jobs

SECONDS = st.lists(st.one_of(st.none(), st.floats(0, 1e5)), max_size=30)


@given(SECONDS)
def test_everything_runs_exactly_once(seconds: list[float | None]) -> None:
    assert sorted(longest_first(seconds, [1] * len(seconds))) == list(range(len(seconds)))


@given(SECONDS)
def test_nothing_known_runs_before_something_longer(seconds: list[float | None]) -> None:
    order = longest_first(seconds, [1] * len(seconds))
    known = [value for item in order if (value := seconds[item]) is not None]
    assert known == sorted(known, reverse=True)


def test_unknown_work_counts_as_the_median() -> None:
    assert longest_first([1.0, None, 9.0], [0, 0, 0]) == [2, 1, 0]


def test_without_any_record_the_largest_notebook_goes_first() -> None:
    assert longest_first([None, None, None], [10, 30, 20]) == [1, 2, 0]


def ends(order: list[int], seconds: list[float], jobs: int) -> list[float]:
    """When each is done, where each of `jobs` workers takes the next of the order."""
    free, done = [0.0] * jobs, [0.0] * len(seconds)
    for item in order:
        worker = free.index(min(free))
        free[worker] += seconds[item]
        done[item] = free[worker]
    return done


KNOWN = st.lists(st.integers(0, 1000).map(float), min_size=1, max_size=30)
JOBS = st.integers(1, 9)


@given(SECONDS, JOBS)
def test_cheap_first_runs_everything_exactly_once(seconds: list[float | None], jobs: int) -> None:
    assert sorted(cheap_first(seconds, [1] * len(seconds), jobs)) == list(range(len(seconds)))


@given(KNOWN, JOBS)
def test_cheap_first_begins_with_the_cheapest(seconds: list[float], jobs: int) -> None:
    assert seconds[cheap_first(seconds, [1] * len(seconds), jobs)[0]] == min(seconds)


@given(KNOWN)
def test_one_worker_takes_the_cheapest_first(seconds: list[float]) -> None:
    order = cheap_first(seconds, [1] * len(seconds), 1)
    assert [seconds[item] for item in order] == sorted(seconds)


def test_results_come_earlier_than_with_the_longest_first() -> None:
    seconds = [float(value) for value in (300, 10, 12, 14, 200, 16, 18, 20)]
    cheap, long = (
        sorted(ends(order, seconds, 2))[3]
        for order in (cheap_first(seconds, [1] * 8, 2), longest_first(seconds, [1] * 8))
    )
    assert cheap < long / 2


def test_one_that_would_be_left_over_at_the_end_begins_at_once() -> None:
    seconds = [10.0, 10.0, 10.0, 100.0, 10.0, 10.0]
    assert 3 in cheap_first(seconds, [1] * 6, 2)[:2]
    assert max(ends(cheap_first(seconds, [1] * 6, 2), seconds, 2)) == 100


@pytest.mark.parametrize(
    ("cores", "memory", "limit", "gpu", "jobs"),
    [
        (8, 64_000, 6144, None, (8, 41)),
        (8, 4_000, 6144, None, (2, 2)),
        (8, 100, 6144, None, (1, 1)),
        (8, 4_000, 256, None, (5, 5)),
        (8, None, 6144, None, (8, 64)),
        (128, None, 6144, None, (128, 128)),
        (16, 64_000, 6144, (24_000, 8192), (2, 2)),
        (16, 64_000, 6144, (40_000, 8192), (3, 3)),  # four would have no room for what CUDA takes
        (16, 64_000, 6144, (6_000, 8192), (1, 1)),
    ],
)
def test_jobs_follow_cores_memory_and_the_gpu(
    cores: int, memory: int | None, limit: int, gpu: tuple[int, int] | None, jobs: tuple[int, int]
) -> None:
    assert most_jobs(cores, memory, limit, gpu) == jobs


def test_nothing_is_foretold_while_nothing_is_known() -> None:
    assert Forecast([None, None], jobs=2).left([1], [(0, 3.0)]) is None


def test_the_longest_of_what_is_left_is_a_lower_bound() -> None:
    assert Forecast([100.0, 1.0, 1.0], jobs=3).left([0, 1, 2], []) == 100


def test_work_is_shared_among_the_jobs() -> None:
    assert Forecast([10.0] * 4, jobs=2).left([0, 1, 2, 3], []) == 20


def test_a_slower_machine_is_noticed() -> None:
    forecast = Forecast([10.0, 10.0], jobs=1)
    forecast.finish(0, 30.0)
    assert forecast.left([1], []) == 30


def test_work_without_a_record_takes_what_the_finished_took() -> None:
    forecast = Forecast([None, None, None], jobs=1)
    forecast.finish(0, 4.0)
    forecast.finish(1, 6.0)
    assert forecast.left([2], []) == 5


def test_a_run_that_takes_longer_than_foreseen_ends_any_moment() -> None:
    assert Forecast([5.0], jobs=1).left([], [(0, 50.0)]) == 0
