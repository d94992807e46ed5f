"""Epochs that are trained again from mid-training, through the real sandbox, against the curve."""

import pytest
from checkpoint_notebooks import CURVE, NETWORK, SEGMENT, SHAPES, TRAINED, Weigh, flags, printed, weights

RESUME = """
def resume(path, epochs):
    net = load_model(path)
    with torch.no_grad(): net[1].bias += 1
    return [0.78, 0.72][:epochs], net
"""


@pytest.mark.parametrize(
    ("resume", "verdict", "told"),
    [
        (RESUME, "agrees", ""),
        (RESUME.replace("[0.78, 0.72]", "[1.9, 1.8]"), "differs", "checkpoint.flag_resumed"),
    ],
)
def test_epochs_are_trained_again_from_the_middle(weigh: Weigh, resume: str, verdict: str, told: str) -> None:
    files = {
        "l06_unet.safetensors": weights(SHAPES),
        "l06_unet.middle.safetensors": weights(SHAPES, {"epoch": "1"}),
        "l06_unet.curve.csv": CURVE.encode(),
    }
    _, record = weigh(NETWORK, TRAINED, SEGMENT, resume, files=files)
    again = record.checkpoints[0].resumed
    assert again is not None
    assert (again.epoch, again.claimed, again.verdict) == (1, (0.8, 0.7), verdict)
    assert again.before is not None
    assert again.after is not None
    assert flags(record) == ([told] if told else [])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("resume", "metadata", "code"),
    [
        ("", {"epoch": "1"}, "contract.no_resume"),
        ("def resume(path, epochs): return 'done'", {"epoch": "1"}, "contract.resume_type"),
        ("def resume(path, epochs): return [float('nan')]", {"epoch": "1"}, "contract.resume_type"),
        ("def resume(path, epochs): raise ValueError('no data')", {"epoch": "1"}, "checkpoint.not_resumed"),
        (RESUME, None, "checkpoint.no_epoch"),
    ],
)
def test_a_middle_that_cannot_be_used_costs_nothing_and_is_told(
    weigh: Weigh, resume: str, metadata: dict[str, str] | None, code: str
) -> None:
    files = {
        "l06_unet.safetensors": weights(SHAPES),
        "l06_unet.middle.safetensors": weights(SHAPES, metadata),
        "l06_unet.curve.csv": CURVE.encode(),
    }
    _, record = weigh(NETWORK, TRAINED, SEGMENT, resume, files=files)
    (found,) = record.checkpoints
    assert [problem.code for problem in found.problems] == [code]
    assert flags(record) == []


def test_torch_load_reads_weights_and_nothing_else(weigh: Weigh) -> None:
    cells = """
import pickle
class Evil:
    def __reduce__(self): return (print, ("PWNED",))
torch.save({"model": build().state_dict(), "more": Evil()}, "bad.pt")
torch.save(build().state_dict(), "good.pt")
model = build()
model.load_state_dict(torch.load("good.pt"))
for load in (torch.load, torch.serialization.load):
    try:
        load("bad.pt", None, pickle, weights_only=False)
    except Exception as error:
        print(type(error).__name__, error)
"""
    work, record = weigh(NETWORK, TRAINED, cells, SEGMENT, files={"l06_unet.safetensors": weights(SHAPES)})
    assert record.run.mode == "checkpoint"
    assert printed(work).count("MoreThanWeightsError bad.pt holds more than weights") == 2
    assert "PWNED" not in printed(work)
