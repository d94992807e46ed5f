import numpy as np
from files import csv_of, honest_curves

from graders.checkpoint import Curve, read_curve
from graders.checkpoint.compare import claim_at, figure_column, is_worse, resumed_verdict


def read(text: str) -> Curve:
    found = read_curve(text.encode(), "curve.csv")
    assert isinstance(found, Curve)
    return found


def test_the_column_of_the_metric_is_found_and_the_training_splits_is_not() -> None:
    found = read("epoch,train_loss,train_iou,val_iou\n1,0.9,0.5,0.4\n2,0.5,0.7,0.6\n")
    assert figure_column(found, "iou", share=True) == "val_iou"
    found = read("epoch,loss,accuracy\n1,0.9,51\n2,0.5,72.5\n")
    assert figure_column(found, r"acc\w{0,12}", share=True) == "accuracy"
    assert claim_at(found, "accuracy", share=True) == 0.725
    found = read("epoch,train_loss,train_iou,seconds\n1,0.9,0.5,12\n2,0.5,0.7,11\n")
    assert figure_column(found, "iou", share=True) == ""
    assert figure_column(None, "iou", share=True) == ""


def test_a_gap_at_the_end_claims_nothing() -> None:
    found = read("epoch,train_loss,val_iou\n1,0.9,0.4\n2,0.5,\n")
    assert claim_at(found, "val_iou", share=True) is None


def test_only_what_is_clearly_worse_than_claimed_counts() -> None:
    assert not is_worse(0.87, 0.83, "higher", share=True), "a mean over batches is another"
    assert not is_worse(0.5, 0.9, "higher", share=True), "better than claimed"
    assert is_worse(0.87, 0.6, "higher", share=True)
    assert is_worse(1.0, 1.3, "lower", share=False)
    assert not is_worse(1.0, 1.05, "lower", share=False)


def test_an_honest_training_goes_on_as_its_curve_says() -> None:
    """Other random numbers change a loss by a few percent; neighbouring epochs stand in for them."""
    generator = np.random.default_rng(1)
    verdicts = []
    for one in honest_curves():
        losses = one["running"]
        found = read_curve(csv_of({"train_loss": losses}, 5), "curve.csv")
        assert isinstance(found, Curve)
        middle = len(losses) // 2
        claimed = losses[middle : middle + 2]
        again = [loss * float(generator.normal(1, 0.05)) for loss in claimed]
        verdicts.append(resumed_verdict(found, again, claimed))
    assert verdicts.count("agrees") == len(verdicts)


def test_a_checkpoint_that_is_worse_than_its_curve_differs() -> None:
    found = read("epoch,train_loss\n1,1.24\n2,0.82\n3,0.56\n4,0.40\n5,0.30\n6,0.24\n")
    assert resumed_verdict(found, [0.9, 0.8], [0.30, 0.24]) == "differs"
    assert resumed_verdict(found, [0.31, 0.25], [0.30, 0.24]) == "agrees"
    assert resumed_verdict(found, [0.31], [None]) == "unclear"
    assert resumed_verdict(None, [0.31], [0.3]) == "unclear"


def test_the_loss_of_single_batches_has_room_to_go_up_and_down_and_a_mean_has_not() -> None:
    smooth = [1.0, 0.8, 0.65, 0.55, 0.48, 0.43, 0.4, 0.38]
    uneven = [loss + (0.12 if row % 2 else -0.12) for row, loss in enumerate(smooth)]
    for losses, verdict in ((smooth, "differs"), (uneven, "agrees")):
        rows = "".join(f"{epoch},{loss:.3f}\n" for epoch, loss in enumerate(losses, start=1))
        found = read("epoch,train_loss\n" + rows)
        assert resumed_verdict(found, [0.8], [0.48]) == verdict
    short = read("epoch,train_loss\n1,1.2\n2,0.8\n3,0.7\n")
    assert resumed_verdict(short, [1.9], [0.8]) == "differs", "a short curve bends because it falls"
