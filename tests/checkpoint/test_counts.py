import pytest

from graders.checkpoint import misfits, written_counts
from graders.checkpoint.counts import Count

WHOLE = 9416
KNOWN = [WHOLE, 9300, 4100, 9562, 80]
"""A network, its trainable part, a large part of it, its parameters with buffers, and a layer."""


def odd(*lines: str, again: tuple[str, ...] = ()) -> list[Count]:
    return misfits(written_counts(lines), KNOWN, written_counts(again), WHOLE)


@pytest.mark.parametrize(
    "line",
    [
        "параметров: 9416",
        "Number of parameters: 9,416",
        "всего 9 416 параметров",
        "n_params=9_416",
        "9.4 K    Trainable params",
        "параметров 9,4 тыс.",
        "0.01M params",
        "trainable parameters: 9300",
        "Params: 9562, with the running statistics",
        "params of the encoder 4100",
    ],
)
def test_whoever_counts_honestly_is_not_flagged(line: str) -> None:
    assert list(written_counts([line])) or "encoder" in line
    assert odd(line) == []


@pytest.mark.parametrize("line", ["параметров: 1 940 000", "params: 1.9M", "Total params: 80, all 12345"])
def test_a_count_that_nothing_has_is_told(line: str) -> None:
    assert odd(line)[0].text in line


def test_one_count_that_fits_is_enough_for_a_notebook_with_several_networks() -> None:
    assert odd("baseline, params: 500000", "ours, params: 9416") == []


def test_what_the_notebook_says_again_when_it_is_run_is_its_own_count_of_another_network() -> None:
    assert odd("baseline, params: 500000", again=("baseline, params: 500000",)) == []
    assert odd("params: 500000", again=("params: 9416",)) != []


@pytest.mark.parametrize(
    "line",
    [
        "",
        "epoch 1200: loss 0.5000",
        "hyperparameters: 5000",
        "гиперпараметров: 5000",
        "parameters: batch=1280, rate=0.01",
        "параметры: 128, 0.001",
        "Params size (MB): 0.04",
        "1e6 params",
        "params " + "9" * 5000,
        "param 1.2.3.4",
    ],
)
def test_other_numbers_are_no_counts(line: str) -> None:
    assert odd(line) == []
