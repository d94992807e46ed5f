"""What notebooks hand over as predictions, through real kernels in the real sandbox."""

from collections.abc import Callable

import pytest

from graders.model import Diagnosis, Fault, Layers, Mark, Record

Grade = Callable[..., Record]
QUICK = """
import torch
from torch import nn
from torchvision.datasets import FashionMNIST
part = FashionMNIST("data", train=True, download=True)
images, labels = part.data[:1500].unsqueeze(1) / 255, part.targets[:1500]
torch.manual_seed(0)
"""
TRAIN = """
optimiser = torch.optim.Adam(network.parameters(), lr=5e-3)
for batch in torch.randperm(len(images)).split(64):
    optimiser.zero_grad()
    nn.functional.cross_entropy(network(images[batch]), labels[batch]).backward()
    optimiser.step()
"""
LINEAR = "network = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))" + TRAIN


def mark(record: Record, task: str = "accuracy") -> Mark:
    return next(found for found in record.marks if found.task == task)


def noticed(record: Record) -> list[str]:
    return [item.message.code for item in mark(record).evidence if isinstance(item, Diagnosis)]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("return torch.zeros(len(images), 7)", "predictions.shape"),
        ("return torch.full((len(images), 10), float('nan'))", "predictions.not_finite"),
        ("return torch.zeros(3, 10)", "contract.wrong_length"),
        ("return [11] * len(images)", "predictions.out_of_range"),
        ("return None", "contract.not_numeric"),
        ("return [[1], [1, 2]] * (len(images) // 2)", "contract.ragged"),
        ("raise ValueError('ой')", "probe.exception"),
        ("raise SystemExit", "probe.exception"),
        ("return images.cuda()", "probe.exception"),
    ],
)
def test_a_wrong_predict_fails_with_a_reason_and_a_hint(grade: Grade, body: str, code: str) -> None:
    found = mark(grade("import torch", f"def predict(images):\n    {body}"))
    assert (found.status, found.earned, found.reason.code) == ("failed", 0, code)
    assert found.hint is not None


def test_an_exception_in_predict_shows_the_students_own_frames(grade: Grade) -> None:
    record = grade(
        "def helper(images):\n    return images.nothing", "def predict(images):\n    return helper(images)"
    )
    (fault,) = (item for item in mark(record).evidence if isinstance(item, Fault))
    assert fault.type == "AttributeError"
    assert "return helper(images)" in fault.traceback
    assert "probe.py" not in fault.traceback


@pytest.mark.parametrize(
    "error",
    [
        'RuntimeError("can\'t start new thread")',
        "OSError(28, 'No space left on device')",
        "MemoryError()",
        "KeyboardInterrupt()",
    ],
)
def test_what_ran_out_or_was_interrupted_in_predict_is_no_zero(grade: Grade, error: str) -> None:
    record = grade(f"def predict(images):\n    raise {error}")
    found = mark(record)
    assert (found.status, found.earned) == ("not_run", None)
    assert record.status == "needs_review"


def test_a_probe_that_runs_out_of_time_is_no_zero(grade: Grade) -> None:
    record = grade("def predict(images):\n    while True:\n        pass", probe_seconds=3)
    found = mark(record)
    assert (found.status, found.earned) == ("not_run", None)
    assert record.status == "needs_review"


def test_a_notebook_that_defines_nothing_earns_nothing(grade: Grade) -> None:
    record = grade("x = 1")
    assert record.earned == 0
    assert mark(record).reason.code == "contract.missing_predict"


def test_a_syntax_error_leaves_the_other_cells_their_points(grade: Grade) -> None:
    record = grade("def broken(:", QUICK + LINEAR, "predict = network")
    assert record.run.status == "cell_error"
    assert record.run.cells[0].error.type == "SyntaxError"
    assert mark(record).earned is not None
    assert mark(record).value > 0.5


@pytest.mark.parametrize(
    "predict",
    [
        "predict = network",
        "def predict(images):\n    return network(images).argmax(1).tolist()",
        "def predict(images):\n    return network(images).detach().numpy()",
        "def predict(images):\n    return [row for row in network(images).softmax(1)]",
    ],
)
def test_tensors_arrays_and_lists_measure_the_same(grade: Grade, predict: str) -> None:
    record = grade(QUICK + LINEAR, predict)
    assert mark(record).value == pytest.approx(0.54, abs=0.05)
    assert noticed(record) == []


def test_forgotten_eval_is_told_with_its_price(grade: Grade) -> None:
    dropped = "network = nn.Sequential(nn.Flatten(), nn.Linear(784, 10), nn.Dropout(0.7))" + TRAIN
    record = grade(QUICK + dropped, "def predict(images):\n    network.train()\n    return network(images)")
    assert noticed(record) == ["predict.eval_gain"]


def test_answers_that_depend_on_the_batch_are_told(grade: Grade) -> None:
    record = grade("def predict(images):\n    return [index % 10 for index in range(len(images))]")
    assert noticed(record) == ["predict.order"]


def test_a_network_in_an_old_notebook_is_found_with_its_normalisation(grade: Grade) -> None:
    trained = (
        "images = (images - 0.5) / 0.5\nnet = network = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))"
        + TRAIN
    )
    record = grade(QUICK + trained)
    (code,) = noticed(record)
    message = next(item.message for item in mark(record).evidence if isinstance(item, Diagnosis))
    assert (code, message.params["name"]) == ("predict.discovered", "net")
    assert mark(record).value > 0.5


CONVOLUTIONAL = """
network = nn.Sequential(
    nn.Conv2d(1, 4, 5), nn.MaxPool2d(2), nn.ReLU(), nn.Conv2d(4, 4, 3), nn.MaxPool2d(2),
    nn.Flatten(), nn.Linear(100, 10),
)
"""


def test_a_declared_network_that_does_not_make_the_predictions_waits_for_a_person(grade: Grade) -> None:
    shown = CONVOLUTIONAL.replace("network", "shown")
    predict = """
def predict(images):
    shown(images)
    weights = network[1].weight.detach().numpy()
    return images.flatten(1).numpy() @ weights.T
"""
    record = grade(QUICK + LINEAR, shown, predict)
    found = mark(record, "architecture")
    (layers,) = (item for item in found.evidence if isinstance(item, Layers))
    assert not layers.verified
    assert (found.status, found.settled) == ("needs_review", False)
    assert "unverified_trace" in [flag.kind for flag in record.flags]


def test_the_network_that_makes_the_predictions_is_believed(grade: Grade) -> None:
    record = grade(
        QUICK + CONVOLUTIONAL + TRAIN, "def predict(images):\n    return network(images).argmax(1)"
    )
    found = mark(record, "architecture")
    assert (found.status, found.earned) == ("passed", 1.0)


def test_a_cell_that_ran_out_of_time_before_predict_is_no_zero(grade: Grade) -> None:
    record = grade("import time\ntime.sleep(60)\ndef predict(images):\n    return images", cell_seconds=3)
    assert record.run.status == "timed_out"
    assert {found.earned for found in record.marks if found.kind != "theory"} == {None}
    assert record.status == "needs_review"


def test_memory_that_runs_out_in_predict_is_no_zero(grade: Grade) -> None:
    record = grade("def predict(images):\n    raise MemoryError('no room')")
    assert (mark(record).status, mark(record).earned) == ("not_run", None)


def test_a_predict_that_cannot_take_one_picture_is_told_and_costs_nothing(grade: Grade) -> None:
    network = "network = nn.Sequential(nn.Flatten(), nn.Linear(784, 10), nn.BatchNorm1d(10))" + TRAIN
    record = grade(QUICK + network, "predict = network")
    assert mark(record).value > 0.4
    assert "predict.not_single" in noticed(record) or "predict.eval_differs" in noticed(record)


def test_a_module_that_raises_without_a_frame_of_the_notebook_is_the_notebooks_fault(grade: Grade) -> None:
    record = grade("from torch import nn\npredict = nn.Sequential(nn.Flatten(), nn.Linear(5, 10))")
    assert (mark(record).status, mark(record).reason.code) == ("failed", "probe.exception")


def test_half_a_letter_in_a_message_does_not_shake_the_host(grade: Grade) -> None:
    record = grade("def predict(images):\n    raise ValueError('half \\ud83d a smile')")
    assert "half ? a smile" in str(mark(record).reason.params["message"])
