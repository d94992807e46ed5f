"""Notebooks that bring weights along, through the real sandbox: what is scored, and what is said."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from files import safetensors, tensor
from nbformat import write
from nbformat.v4 import new_code_cell, new_notebook, new_output
from pydantic import ValidationError

from graders.grading import Setting, Work, make_record, mark_work, run_submission
from graders.grading.checkpoint_asked import Again, Loaded
from graders.model import Mode, Record, Submission
from graders.submissions import read

SUBMISSIONS = Path(__file__).parents[2] / "submissions"
NETWORK = """
import os, torch
from torch import nn
from torch.nn import functional as F
from safetensors.torch import load_file, save_file
skip_training = os.environ.get("GRADE_MODE") == "checkpoint"
def build():
    torch.manual_seed(0)
    return nn.Sequential(nn.Conv2d(1, 3, 3, padding=1), nn.Conv2d(3, 1, 1))
def load_model(path):
    net = build()
    net.load_state_dict(load_file(path))
    return net
"""
SEGMENT = "def segment(images): return model(images)[:, 0] > model(images).mean()"
TRAINED = """
if not skip_training:
    model = build()
    print("trained")
else:
    model = load_model("l06_unet.safetensors")
"""
CURVE = "epoch,train_loss,validation_loss,validation_iou\n1,1.2,1.25,0.2\n2,0.8,0.9,0.3\n3,0.7,0.82,0.05\n"
SHAPES = {"0.weight": [3, 1, 3, 3], "0.bias": [3], "1.weight": [1, 3, 1, 1], "1.bias": [1]}


def weights(shapes: dict[str, list[int]], metadata: dict[str, str] | None = None) -> bytes:
    """A file of small numbers that fits the network."""
    header: dict[str, object] = {"__metadata__": metadata} if metadata else {}
    body = b""
    for name, shape in shapes.items():
        size = 4
        for side in shape:
            size *= side
        header[name] = tensor(shape, len(body), len(body) + size)
        body += b"\x00\x00\x80\x3d" * (size // 4)  # 0.0625
    return safetensors(header, body)


Grade = Callable[..., tuple[Work, Record]]


@pytest.fixture
def grade(
    setting_of: Callable[[str], Setting], submitted: Callable[..., Submission], tmp_path: Path
) -> Grade:
    """Grades cells beside files."""

    def of(
        *cells: str, files: dict[str, bytes], mode: Mode = "checkpoint", said: str = "", **limits: float
    ) -> tuple[Work, Record]:
        for name, data in files.items():
            (tmp_path / name).write_bytes(data)
        lesson = setting_of("l06_unet")
        setting = replace(lesson, mode=mode, limits=lesson.limits.model_copy(update=limits))
        handed_in = replace(submitted(*cells), slug="l06_unet", folder=tmp_path)
        assert handed_in.notebook is not None
        handed_in.notebook.cells[0].outputs = [new_output("stream", name="stdout", text=said)]
        work = run_submission(setting, handed_in, lambda _: None)
        return work, make_record(work, mark_work(work))

    return of


def codes(record: Record) -> list[str]:
    return [note.code for note in record.notes]


def flags(record: Record) -> list[str]:
    return [flag.message.code for flag in record.flags if flag.kind == "checkpoint"]


def printed(work: Work) -> str:
    assert work.execution is not None
    return "".join(
        output.get("text", "") for cell in work.execution.notebook.cells for output in cell.get("outputs", [])
    )


def test_weights_are_scored_and_the_training_is_skipped(grade: Grade) -> None:
    files = {"l06_unet.safetensors": weights(SHAPES), "l06_unet.curve.csv": CURVE.encode()}
    work, record = grade(NETWORK, TRAINED, SEGMENT, files=files)
    assert (record.run.status, record.run.mode) == ("completed", "checkpoint")
    assert "trained" not in printed(work)
    assert next(mark for mark in record.marks if mark.task == "segmentation").value is not None
    (found,) = record.checkpoints
    assert (found.numbers, found.built, found.epochs) == (34, 34, 3)
    assert (found.metric, found.claimed) == ("validation_iou", 0.05)
    assert flags(record) == []
    assert record.notes == ()


def test_a_rerun_looks_at_none_of_it(grade: Grade) -> None:
    files = {"l06_unet.safetensors": b"junk", "l06_unet.curve.csv": b"junk"}
    work, record = grade(NETWORK, TRAINED, SEGMENT, files=files, mode="rerun")
    assert (record.run.mode, record.checkpoints, record.notes) == ("rerun", (), ())
    assert "trained" in printed(work)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("files", "cells", "code"),
    [
        ({}, (TRAINED,), "checkpoint.no_weights"),
        ({"l06_unet.safetensors": b"junk"}, (TRAINED,), "checkpoint.weights_cut"),
        ({"l06_unet.pt": b"PK"}, (TRAINED,), "checkpoint.weights_pt"),
        ({"l06_unet.curve.csv": CURVE.encode()}, (TRAINED,), "checkpoint.curve_alone"),
        (
            {"l06_unet.safetensors": weights({**SHAPES, "0.bias": [7]})},
            (TRAINED,),
            "checkpoint.not_loaded",
        ),
        ({"l06_unet.safetensors": weights(SHAPES)}, (TRAINED, "del load_model"), "contract.no_load_model"),
        (
            {"l06_unet.safetensors": weights(SHAPES)},
            (TRAINED, "def load_model(path): return 7"),
            "contract.load_model_type",
        ),
        (
            {"l06_unet.safetensors": weights({f"module.{name}": shape for name, shape in SHAPES.items()})},
            (
                NETWORK.replace("load_file(path))", "load_file(path), strict=False)"),
                TRAINED,
            ),
            "checkpoint.nothing_loaded",
        ),
        (
            {"l06_unet.safetensors": weights(SHAPES).replace(b"\x80\x3d", b"\xc0\x7f")},
            (TRAINED,),
            "checkpoint.not_finite",
        ),
        (
            {"l06_unet.safetensors": weights(SHAPES)},
            (TRAINED.partition("else:")[0],),
            "checkpoint.left_fault",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_weights_that_cannot_be_used_are_told_and_the_training_counts(
    grade: Grade, files: dict[str, bytes], cells: tuple[str, ...], code: str
) -> None:
    work, record = grade(NETWORK, *cells, SEGMENT, files=files)
    assert record.run.mode == "rerun"
    assert "trained" in printed(work)
    assert code in codes(record)
    mark = next(mark for mark in record.marks if mark.task == "segmentation")
    assert mark.value is not None


def test_a_network_that_never_got_the_weights_is_no_settled_zero(grade: Grade) -> None:
    forgotten = "model = build()\nif not skip_training: pass\nextra = nn.Conv2d(1, 1, 1)"
    _, record = grade(NETWORK, forgotten, SEGMENT, files={"l06_unet.safetensors": weights(SHAPES)})
    assert record.run.mode == "checkpoint"
    assert "checkpoint.flag_unused" in flags(record)
    mark = next(mark for mark in record.marks if mark.task == "segmentation")
    assert (mark.status, mark.settled, record.status) == ("needs_review", False, "needs_review")


@pytest.mark.slow
def test_what_a_skipped_training_would_have_made_is_for_a_person_where_the_rest_was_measured(
    grade: Grade,
) -> None:
    second = "if not skip_training: other = build()\ndef reconstruct(images): return other(images)"
    _, record = grade(NETWORK, TRAINED, SEGMENT, second, files={"l06_unet.safetensors": weights(SHAPES)})
    assert record.run.mode == "checkpoint"
    marks = {mark.task: mark for mark in record.marks}
    assert marks["segmentation"].value is not None
    assert [
        (mark.earned, mark.hint.code) for mark in record.marks if mark.status == "not_run" and mark.hint
    ] == [(None, "checkpoint.hint_skipped")]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("said", "metadata", "told"),
    [
        ("параметров: 34", {"parameters": "34"}, []),
        ("trainable params: 34 (0.03K)", {}, []),
        ("параметров: 1 940 000", {}, ["checkpoint.flag_counted"]),
        ("", {"n_params": "5e4", "params": "50000"}, ["checkpoint.flag_noted"]),
    ],
)
def test_a_number_of_parameters_that_the_network_has_not_is_flagged(
    grade: Grade, said: str, metadata: dict[str, str], told: list[str]
) -> None:
    files = {"l06_unet.safetensors": weights(SHAPES, metadata)}
    _, record = grade(NETWORK, TRAINED, SEGMENT, files=files, said=said)
    assert flags(record) == told


@pytest.mark.slow
def test_what_shares_normalises_or_is_frozen_is_no_other_number_of_parameters(grade: Grade) -> None:
    network = (
        NETWORK.partition("def build")[0]
        + """
class Shared(nn.Module):
    def __init__(self):
        super().__init__()
        self.frozen = nn.Conv2d(1, 3, 3, padding=1).requires_grad_(False)
        self.norm = nn.BatchNorm2d(3)
        self.first = nn.Conv2d(3, 3, 1)
        self.second = nn.Conv2d(3, 3, 1)
        self.second.weight = self.first.weight
        self.last = nn.Conv2d(3, 1, 1)
    def forward(self, x): return self.last(self.second(self.first(self.norm(self.frozen(x)))))
def load_model(path):
    net = Shared()
    missing = net.load_state_dict(load_file(path), strict=False).missing_keys
    assert all(name.startswith(("frozen.", "second.weight")) for name in missing)
    return net.eval()
model = load_model("l06_unet.safetensors")
trainable = sum(p.numel() for p in model.parameters() if p.requires_grad)
print("trainable parameters:", trainable)
"""
    )
    shapes = {
        "norm.weight": [3],
        "norm.bias": [3],
        "norm.running_mean": [3],
        "norm.running_var": [3],
        "first.weight": [3, 3, 1, 1],
        "first.bias": [3],
        "second.bias": [3],
        "last.weight": [1, 3, 1, 1],
        "last.bias": [1],
    }
    _, record = grade(network, SEGMENT, files={"l06_unet.safetensors": weights(shapes, {"params": "25"})})
    assert record.run.mode == "checkpoint"
    assert flags(record) == []
    (found,) = record.checkpoints
    assert (found.numbers, found.built, found.others) == (31, 55, 7)
    bare = {name: shape for name, shape in shapes.items() if "running" not in name}
    allowing = network.replace(
        '("frozen.", "second.weight")) for', '("frozen.", "second.weight", "norm.run")) for'
    )
    _, record = grade(allowing, SEGMENT, files={"l06_unet.safetensors": weights(bare)})
    assert flags(record) == ["checkpoint.flag_unsaved"]


@pytest.mark.slow
def test_a_notebook_that_knows_nothing_of_it_trains(grade: Grade) -> None:
    plain = NETWORK.replace("GRADE_MODE", "OTHER").replace("load_model", "load_it")
    work, record = grade(
        plain, "model = build()\nprint('trained')", SEGMENT, files={"l06_unet.safetensors": weights(SHAPES)}
    )
    assert record.run.mode == "rerun"
    assert "trained" in printed(work)
    assert "checkpoint.convention" in codes(record)


@pytest.mark.slow
def test_auto_scores_weights_after_a_training_that_did_not_end(grade: Grade) -> None:
    slow = TRAINED.replace("model = build()", "import time; time.sleep(60)")
    files = {"l06_unet.safetensors": weights(SHAPES), "l06_unet.curve.csv": CURVE.encode()}
    _, record = grade(NETWORK, slow, SEGMENT, files=files, mode="auto", cell_seconds=20)
    assert (record.run.mode, record.run.status) == ("checkpoint", "completed")
    assert "checkpoint.not_ended" in codes(record)


@pytest.mark.slow
def test_auto_scores_weights_after_a_training_that_came_to_nothing(grade: Grade) -> None:
    broken = TRAINED.replace("model = build()", "model = build().to('no such device')")
    _, record = grade(NETWORK, broken, SEGMENT, files={"l06_unet.safetensors": weights(SHAPES)}, mode="auto")
    assert record.run.mode == "checkpoint"
    assert "checkpoint.not_trained" in codes(record)


@pytest.mark.slow
def test_a_training_that_did_not_end_is_no_zero_where_the_weights_do_not_load(grade: Grade) -> None:
    slow = TRAINED.replace("model = build()", "import time; time.sleep(60)")
    files = {"l06_unet.safetensors": weights({"other": [3]})}
    for mode in ("auto", "checkpoint"):
        _, record = grade(NETWORK, slow, SEGMENT, files=files, mode=mode, cell_seconds=20)
        assert record.run.status == "timed_out"
        assert "checkpoint.not_loaded" in codes(record)
        mark = next(mark for mark in record.marks if mark.task == "segmentation")
        assert (mark.status, mark.earned) == ("not_run", None)


def test_a_curve_that_claims_more_than_the_weights_do_is_flagged(grade: Grade) -> None:
    forged = CURVE.replace("0.05\n", "0.87\n")
    files = {"l06_unet.safetensors": weights(SHAPES), "l06_unet.curve.csv": forged.encode()}
    _, record = grade(NETWORK, TRAINED, SEGMENT, files=files)
    assert flags(record) == ["checkpoint.flag_worse"]
    assert next(mark for mark in record.marks if mark.task == "segmentation").reason.code == "metric.failed"


@pytest.mark.slow
def test_parameters_that_are_not_in_the_file_are_flagged(grade: Grade) -> None:
    invented = """
def load_model(path):
    net = build()
    net[1].load_state_dict({name: value for name, value in load_file(path).items()})
    return net
if skip_training: model = load_model("l06_unet.safetensors")
else: model = build()
"""
    part = {"weight": SHAPES["1.weight"], "bias": SHAPES["1.bias"]}
    _, record = grade(NETWORK, invented, SEGMENT, files={"l06_unet.safetensors": weights(part)})
    assert record.run.mode == "checkpoint"
    assert "checkpoint.flag_absent" in flags(record)
    frozen = invented.replace("    return net", "    net[0].requires_grad_(False)\n    return net")
    _, record = grade(NETWORK, frozen, SEGMENT, files={"l06_unet.safetensors": weights(part)})
    assert "checkpoint.flag_absent" not in flags(record), "pretrained layers need not be handed in"


@pytest.mark.slow
def test_another_network_than_the_one_that_is_loaded_is_flagged(grade: Grade) -> None:
    other = "wide = nn.Conv2d(1, 1, 5, padding=2)\ndef segment(images): return wide(images)[:, 0] > 0"
    _, record = grade(NETWORK, TRAINED, other, files={"l06_unet.safetensors": weights(SHAPES)})
    assert "checkpoint.flag_traced" in flags(record)


@pytest.mark.parametrize(
    "lie", [{"parameters": 10**400}, {"absent": -1}, {"sizes": [1] * 3000}, {"sizes": [10**16]}, {"more": 1}]
)
def test_what_no_network_has_is_not_believed(lie: dict[str, object]) -> None:
    names = ("parameters", "others", "trainable", "absent", "unsaved", "spoiled", "idle")
    told = {**dict.fromkeys(names, 0), "sizes": [34]}
    assert Loaded.model_validate(told).sizes == (34,)
    with pytest.raises(ValidationError):
        Loaded.model_validate({**told, **lie})
    for losses in ([1e300], [float("nan")], [0.5] * 21, []):
        with pytest.raises(ValidationError):
            Again.model_validate({"epoch": 3, "losses": losses})


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
def test_epochs_are_trained_again_from_the_middle(grade: Grade, resume: str, verdict: str, told: str) -> None:
    files = {
        "l06_unet.safetensors": weights(SHAPES),
        "l06_unet.middle.safetensors": weights(SHAPES, {"epoch": "1"}),
        "l06_unet.curve.csv": CURVE.encode(),
    }
    _, record = grade(NETWORK, TRAINED, SEGMENT, resume, files=files)
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
    grade: Grade, resume: str, metadata: dict[str, str] | None, code: str
) -> None:
    files = {
        "l06_unet.safetensors": weights(SHAPES),
        "l06_unet.middle.safetensors": weights(SHAPES, metadata),
        "l06_unet.curve.csv": CURVE.encode(),
    }
    _, record = grade(NETWORK, TRAINED, SEGMENT, resume, files=files)
    (found,) = record.checkpoints
    assert [problem.code for problem in found.problems] == [code]
    assert flags(record) == []


def test_torch_load_reads_weights_and_nothing_else(grade: Grade) -> None:
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
    work, record = grade(NETWORK, TRAINED, cells, SEGMENT, files={"l06_unet.safetensors": weights(SHAPES)})
    assert record.run.mode == "checkpoint"
    assert printed(work).count("MoreThanWeightsError bad.pt holds more than weights") == 2
    assert "PWNED" not in printed(work)


CAPTIONS = """
import os, torch
from torch import nn
from safetensors.torch import load_file
def load_model(path):
    net = nn.Linear(4, 40)
    net.load_state_dict(load_file(path))
    return net
if os.environ.get("GRADE_MODE") == "checkpoint": model = load_model("l09_captioning.NAME.safetensors")
else: model = nn.Linear(4, 40)
def next_word_logprobs(features, prefixes): return model(torch.ones(len(features), 4)).log_softmax(1)
def caption(features): return ["a"] * len(features)
"""


@pytest.mark.slow
def test_of_several_notebooks_those_with_weights_skip_their_training(
    setting_of: Callable[[str], Setting], tmp_path: Path
) -> None:
    setting = replace(setting_of("l09_captioning"), mode="checkpoint")
    for name in ("googlenet", "resnet50"):
        cells = [new_code_cell(CAPTIONS.replace("NAME", name))]
        write(new_notebook(cells=cells), tmp_path / f"l09_captioning.{name}.ipynb")
    brought = weights({"weight": [40, 4], "bias": [40]})
    (tmp_path / "l09_captioning.googlenet.safetensors").write_bytes(brought)
    handed_in = read(tmp_path, "l09_captioning", setting.limits, names=setting.assignment.notebooks)
    work = run_submission(setting, handed_in, lambda _: None)
    record = make_record(work, mark_work(work))
    assert [part.run.mode for part in work.parts] == ["checkpoint", "rerun"]
    assert record.run.mode == "checkpoint", "who looks at all of it must see that a part did not train"
    assert [(one.notebook, one.numbers) for one in record.checkpoints] == [("googlenet", 200)]
    assert "l09_captioning.resnet50.safetensors" in [note.params.get("expected") for note in record.notes]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("student", "told"),
    [
        ("student03", []),
        ("student04", ["checkpoint.flag_smooth", "checkpoint.flag_tied", "checkpoint.flag_worse"]),
    ],
)
def test_of_the_samples_the_forged_curve_is_flagged_and_the_honest_one_is_not(
    setting_of: Callable[[str], Setting], student: str, told: list[str]
) -> None:
    setting = replace(setting_of("l06_unet"), mode="checkpoint")
    work = run_submission(setting, read(SUBMISSIONS / student, "l06_unet", setting.limits), lambda _: None)
    record = make_record(work, mark_work(work))
    assert record.run.mode == "checkpoint"
    assert flags(record) == told
    (found,) = record.checkpoints
    assert found.epochs == 12
    if student == "student03":
        assert found.resumed is not None
        assert found.resumed.verdict == "agrees"
        assert next(mark for mark in record.marks if mark.task == "segmentation").status == "partial"
