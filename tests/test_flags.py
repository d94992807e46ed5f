import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from graders import claims as claiming
from graders.claims import Figure, written_claims
from graders.flags import (
    better_on_hidden_flag,
    beyond_reference_flag,
    claim_flag,
    value_claim_flag,
    variant_flag,
)
from graders.metrics import METRICS
from graders.model import Claim, Measurement, Statistics, Threshold


def notebook(*texts: str) -> object:
    cells = [
        new_code_cell("x", outputs=[new_output("stream", name="stdout", text=text)] if text else [])
        for text in texts
    ]
    return new_notebook(cells=cells)


ACCURACY = Figure(METRICS["accuracy"].claimed_as, proportion=True)
LOSS = Figure("cross-?entropy|кросс-энтропия", proportion=False)


def find_claims(submitted: object, rerun: object, figure: Figure = ACCURACY) -> tuple[Claim, ...]:
    return claiming.find_claims(submitted, rerun, figure)


def measured(value: float, n: int = 2000) -> Measurement:
    return Measurement(value=value, low=value, high=value, n=n)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("validation accuracy: 0.9512", 0.9512),
        ("Accuracy on test images: 87.3 %", 0.873),
        ("точность на проверке: 0,91", 0.91),
        ("epoch 3: train acc 0.99, val acc 0.91", 0.91),
        ("\x1b[32mval_acc=0.905\x1b[0m", 0.905),
        ("test_accuracy 88%", 0.88),
    ],
)
def test_accuracies_in_saved_outputs_are_claims(line: str, said: float) -> None:
    (claim,) = find_claims(notebook(line), notebook(""))
    assert (claim.said, claim.rerun) == (pytest.approx(said), None)


@pytest.mark.parametrize(
    "line",
    [
        "loss: 0.31",
        "train accuracy 0.99",
        "точность на обучении: 0.99",
        "accuracy",
        "accuracy of epoch 12 is fine",
        "x" * 100_000,
        "acc" * 30_000,
    ],
)
def test_other_lines_are_no_claims(line: str) -> None:
    assert find_claims(notebook(line), notebook("")) == ()


def test_a_claim_stands_beside_the_same_cell_of_the_rerun() -> None:
    claims = find_claims(notebook("", "accuracy 0.95"), notebook("accuracy 0.1", "accuracy 0.87"))
    assert [(claim.cell, claim.said, claim.rerun) for claim in claims] == [(2, 0.95, 0.87)]


def test_a_claim_far_above_its_rerun_is_flagged() -> None:
    claims = find_claims(notebook("accuracy 0.95"), notebook("accuracy 0.87"))
    flag = claim_flag(claims, measured(0.87), 2000)
    assert flag is not None
    assert (flag.message.params["said"], flag.message.params["found"]) == (0.95, 0.87)


def test_a_claim_without_a_rerun_is_held_against_the_measurement() -> None:
    claims = find_claims(notebook("accuracy 0.95"), notebook(""))
    assert claim_flag(claims, measured(0.87), 2000) is not None


@pytest.mark.parametrize("rerun", ["accuracy 0.915", "accuracy 0.93", "accuracy 0.905"])
def test_an_honest_claim_is_not_flagged(rerun: str) -> None:
    claims = find_claims(notebook("accuracy 0.92"), notebook(rerun))
    assert claim_flag(claims, measured(0.90), 2000) is None


def test_figures_typed_into_another_cell_do_not_cover_for_a_claim() -> None:
    claims = find_claims(
        notebook("accuracy 0.95", "accuracy 0.96"), notebook("accuracy 0.87", "accuracy 0.96")
    )
    flag = claim_flag(claims, measured(0.87), 2000)
    assert flag is not None
    assert flag.message.params["cell"] == 1


def test_an_honest_run_whose_epochs_vary_is_not_flagged() -> None:
    said = notebook("accuracy 0.55\naccuracy 0.753\naccuracy 0.785")
    again = notebook("accuracy 0.51\naccuracy 0.703\naccuracy 0.78")
    assert claim_flag(find_claims(said, again), measured(0.73), 1500) is None


def test_low_accuracies_of_early_epochs_are_not_flagged() -> None:
    claims = find_claims(notebook("accuracy 0.5\naccuracy 0.9"), notebook("accuracy 0.5\naccuracy 0.9"))
    assert claim_flag(claims, measured(0.9), 2000) is None


def test_knowing_the_hidden_set_is_flagged_and_luck_is_not() -> None:
    assert better_on_hidden_flag(measured(1.0), measured(0.88)) is not None
    assert better_on_hidden_flag(measured(0.90), measured(0.885)) is None
    assert better_on_hidden_flag(measured(0.85), measured(0.9)) is None


def test_a_value_far_beyond_the_references_is_for_a_person_and_a_better_network_is_not() -> None:
    higher, lower = Threshold(zero=0.2, full=0.6), Threshold(zero=30.0, full=10.0)
    assert beyond_reference_flag(measured(0.68), higher) is None
    assert beyond_reference_flag(measured(0.72), higher) is not None
    assert beyond_reference_flag(measured(6.0), lower) is None
    flag = beyond_reference_flag(measured(0.3), lower)
    assert flag is not None
    assert flag.message.params == {"value": 0.3, "full": 10.0}


def test_memorised_pictures_are_flagged_and_the_references_own_gap_is_not() -> None:
    usual = Statistics(values=(0.02,), mean=0.02, sd=0.005, low=0.01, high=0.03)
    assert variant_flag(measured(1.0), measured(0.6), usual) is not None
    assert variant_flag(measured(0.91), measured(0.88), usual) is None
    assert variant_flag(measured(0.91), measured(0.95), usual) is None


def test_a_gap_within_the_intervals_is_not_flagged() -> None:
    usual = Statistics(values=(0.0,), mean=0.0, sd=0.001, low=0.0, high=0.0)
    assert variant_flag(near(0.85), near(0.75), usual) is None
    assert variant_flag(near(0.85), near(0.60), usual) is not None


def near(value: float) -> Measurement:
    return Measurement(value=value, low=value - 0.05, high=value + 0.05, n=500)


@pytest.mark.parametrize(
    ("text", "about", "said"),
    [
        ("Лучшая кросс-энтропия (googlenet): 1,23", "googlenet", [1.23]),
        ("- ResNet-50, cross-entropy: 2.5 nats", "resnet50", [2.5]),
        ("cross-entropy (ResNet 50) = 1.9\ncross-entropy (GoogLeNet) = 2.1", "resnet50", [1.9]),
        ("cross-entropy: ResNet50 0.61, GoogLeNet 0.77", "googlenet", []),
        ("cross-entropy 1.9", "resnet50", []),
        ("resnet50 train cross-entropy 0.2", "resnet50", []),
        ("resnet50 " * 10_000, "resnet50", []),
        ("", "resnet50", []),
    ],
)
def test_figures_in_the_file_are_claims_about_the_notebook_that_they_name(
    text: str, about: str, said: list[float]
) -> None:
    (other,) = {"googlenet", "resnet50"} - {about}
    claims = written_claims(text, LOSS, about, [other])
    assert [claim.said for claim in claims] == said
    assert all(claim.text in text for claim in claims)


def test_a_value_that_is_claimed_far_beyond_the_measured_one_is_flagged() -> None:
    claims = written_claims("googlenet cross-entropy: 1.0", LOSS, "googlenet")
    flag = value_claim_flag(claims, near(1.6), near(1.5), "lower")
    assert flag is not None
    assert (flag.message.params["said"], flag.message.params["found"]) == (1.0, 1.5)


@pytest.mark.parametrize("said", ["1.45", "1.42", "1.9"])
def test_a_value_within_the_intervals_or_worse_is_not_flagged(said: str) -> None:
    claims = written_claims(f"googlenet cross-entropy: {said}", LOSS, "googlenet")
    assert value_claim_flag(claims, near(1.6), near(1.5), "lower") is None


def test_a_value_that_the_rerun_prints_too_is_not_flagged() -> None:
    claims = find_claims(notebook("cross-entropy 1.0"), notebook("cross-entropy 1.01"), LOSS)
    assert value_claim_flag(claims, near(1.6), near(1.5), "lower") is None
