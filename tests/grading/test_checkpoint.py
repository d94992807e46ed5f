"""Notebooks that bring weights along, through the real sandbox: what is scored, and what is said."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from checkpoint_notebooks import (
    CURVE,
    NETWORK,
    SEGMENT,
    SHAPES,
    TRAINED,
    Weigh,
    codes,
    flags,
    printed,
    weights,
)
from nbformat import write
from nbformat.v4 import new_code_cell, new_notebook
from pydantic import ValidationError

from graders.grading import Setting, make_record, mark_work, run_submission
from graders.grading.checkpoint_asked import Again, Loaded
from graders.submissions import read

SUBMISSIONS = Path(__file__).parents[2] / "submissions"


def test_weights_are_scored_and_the_training_is_skipped(weigh: Weigh) -> None:
    files = {"l06_unet.safetensors": weights(SHAPES), "l06_unet.curve.csv": CURVE.encode()}
    work, record = weigh(NETWORK, TRAINED, SEGMENT, files=files)
    assert (record.run.status, record.run.mode) == ("completed", "checkpoint")
    assert "trained" not in printed(work)
    assert next(mark for mark in record.marks if mark.task == "segmentation").value is not None
    (found,) = record.checkpoints
    assert (found.numbers, found.built, found.epochs) == (34, 34, 3)
    assert (found.metric, found.claimed) == ("validation_iou", 0.05)
    assert flags(record) == []
    assert record.notes == ()


def test_a_rerun_looks_at_none_of_it(weigh: Weigh) -> None:
    files = {"l06_unet.safetensors": b"junk", "l06_unet.curve.csv": b"junk"}
    work, record = weigh(NETWORK, TRAINED, SEGMENT, files=files, mode="rerun")
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
    weigh: Weigh, files: dict[str, bytes], cells: tuple[str, ...], code: str
) -> None:
    work, record = weigh(NETWORK, *cells, SEGMENT, files=files)
    assert record.run.mode == "rerun"
    assert "trained" in printed(work)
    assert code in codes(record)
    mark = next(mark for mark in record.marks if mark.task == "segmentation")
    assert mark.value is not None


def test_a_network_that_never_got_the_weights_is_no_settled_zero(weigh: Weigh) -> None:
    forgotten = "model = build()\nif not skip_training: pass\nextra = nn.Conv2d(1, 1, 1)"
    _, record = weigh(NETWORK, forgotten, SEGMENT, files={"l06_unet.safetensors": weights(SHAPES)})
    assert record.run.mode == "checkpoint"
    assert "checkpoint.flag_unused" in flags(record)
    mark = next(mark for mark in record.marks if mark.task == "segmentation")
    assert (mark.status, mark.settled, record.status) == ("needs_review", False, "needs_review")


@pytest.mark.slow
def test_what_a_skipped_training_would_have_made_is_for_a_person_where_the_rest_was_measured(
    weigh: Weigh,
) -> None:
    second = "if not skip_training: other = build()\ndef reconstruct(images): return other(images)"
    _, record = weigh(NETWORK, TRAINED, SEGMENT, second, files={"l06_unet.safetensors": weights(SHAPES)})
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
    weigh: Weigh, said: str, metadata: dict[str, str], told: list[str]
) -> None:
    files = {"l06_unet.safetensors": weights(SHAPES, metadata)}
    _, record = weigh(NETWORK, TRAINED, SEGMENT, files=files, said=said)
    assert flags(record) == told


@pytest.mark.slow
def test_what_shares_normalises_or_is_frozen_is_no_other_number_of_parameters(weigh: Weigh) -> None:
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
    _, record = weigh(network, SEGMENT, files={"l06_unet.safetensors": weights(shapes, {"params": "25"})})
    assert record.run.mode == "checkpoint"
    assert flags(record) == []
    (found,) = record.checkpoints
    assert (found.numbers, found.built, found.others) == (31, 55, 7)
    bare = {name: shape for name, shape in shapes.items() if "running" not in name}
    allowing = network.replace(
        '("frozen.", "second.weight")) for', '("frozen.", "second.weight", "norm.run")) for'
    )
    _, record = weigh(allowing, SEGMENT, files={"l06_unet.safetensors": weights(bare)})
    assert flags(record) == ["checkpoint.flag_unsaved"]


@pytest.mark.slow
def test_a_notebook_that_knows_nothing_of_it_trains(weigh: Weigh) -> None:
    plain = NETWORK.replace("GRADE_MODE", "OTHER").replace("load_model", "load_it")
    work, record = weigh(
        plain, "model = build()\nprint('trained')", SEGMENT, files={"l06_unet.safetensors": weights(SHAPES)}
    )
    assert record.run.mode == "rerun"
    assert "trained" in printed(work)
    assert "checkpoint.convention" in codes(record)


@pytest.mark.slow
def test_auto_scores_weights_after_a_training_that_did_not_end(weigh: Weigh) -> None:
    slow = TRAINED.replace("model = build()", "import time; time.sleep(60)")
    files = {"l06_unet.safetensors": weights(SHAPES), "l06_unet.curve.csv": CURVE.encode()}
    _, record = weigh(NETWORK, slow, SEGMENT, files=files, mode="auto", cell_seconds=20)
    assert (record.run.mode, record.run.status) == ("checkpoint", "completed")
    assert "checkpoint.not_ended" in codes(record)


@pytest.mark.slow
def test_auto_scores_weights_after_a_training_that_came_to_nothing(weigh: Weigh) -> None:
    broken = TRAINED.replace("model = build()", "model = build().to('no such device')")
    _, record = weigh(NETWORK, broken, SEGMENT, files={"l06_unet.safetensors": weights(SHAPES)}, mode="auto")
    assert record.run.mode == "checkpoint"
    assert "checkpoint.not_trained" in codes(record)


@pytest.mark.slow
def test_a_training_that_did_not_end_is_no_zero_where_the_weights_do_not_load(weigh: Weigh) -> None:
    slow = TRAINED.replace("model = build()", "import time; time.sleep(60)")
    files = {"l06_unet.safetensors": weights({"other": [3]})}
    for mode in ("auto", "checkpoint"):
        _, record = weigh(NETWORK, slow, SEGMENT, files=files, mode=mode, cell_seconds=20)
        assert record.run.status == "timed_out"
        assert "checkpoint.not_loaded" in codes(record)
        mark = next(mark for mark in record.marks if mark.task == "segmentation")
        assert (mark.status, mark.earned) == ("not_run", None)


def test_a_curve_that_claims_more_than_the_weights_do_is_flagged(weigh: Weigh) -> None:
    forged = CURVE.replace("0.05\n", "0.87\n")
    files = {"l06_unet.safetensors": weights(SHAPES), "l06_unet.curve.csv": forged.encode()}
    _, record = weigh(NETWORK, TRAINED, SEGMENT, files=files)
    assert flags(record) == ["checkpoint.flag_worse"]
    assert next(mark for mark in record.marks if mark.task == "segmentation").reason.code == "metric.failed"


@pytest.mark.slow
def test_parameters_that_are_not_in_the_file_are_flagged(weigh: Weigh) -> None:
    invented = """
def load_model(path):
    net = build()
    net[1].load_state_dict({name: value for name, value in load_file(path).items()})
    return net
if skip_training: model = load_model("l06_unet.safetensors")
else: model = build()
"""
    part = {"weight": SHAPES["1.weight"], "bias": SHAPES["1.bias"]}
    _, record = weigh(NETWORK, invented, SEGMENT, files={"l06_unet.safetensors": weights(part)})
    assert record.run.mode == "checkpoint"
    assert "checkpoint.flag_absent" in flags(record)
    frozen = invented.replace("    return net", "    net[0].requires_grad_(False)\n    return net")
    _, record = weigh(NETWORK, frozen, SEGMENT, files={"l06_unet.safetensors": weights(part)})
    assert "checkpoint.flag_absent" not in flags(record), "pretrained layers need not be handed in"


@pytest.mark.slow
def test_another_network_than_the_one_that_is_loaded_is_flagged(weigh: Weigh) -> None:
    other = "wide = nn.Conv2d(1, 1, 5, padding=2)\ndef segment(images): return wide(images)[:, 0] > 0"
    _, record = weigh(NETWORK, TRAINED, other, files={"l06_unet.safetensors": weights(SHAPES)})
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
