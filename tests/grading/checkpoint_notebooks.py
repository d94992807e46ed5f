"""Notebooks that bring weights along, in parts, and what is looked at of what came of them."""

from collections.abc import Callable

from files import safetensors, tensor

from graders.grading import Work
from graders.model import Record

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


Weigh = Callable[..., tuple[Work, Record]]


def codes(record: Record) -> list[str]:
    return [note.code for note in record.notes]


def flags(record: Record) -> list[str]:
    return [flag.message.code for flag in record.flags if flag.kind == "checkpoint"]


def printed(work: Work) -> str:
    assert work.execution is not None
    return "".join(
        output.get("text", "") for cell in work.execution.notebook.cells for output in cell.get("outputs", [])
    )
