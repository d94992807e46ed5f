"""The honest parts of the notebooks: small, fast, and worth points that a cheat could only add to."""

import base64
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from graders.data import folders

NETWORK = """
import base64, numpy as np, torch
from torch import nn

def build_net():
    return nn.Sequential(nn.Conv2d(1, 8, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
                         nn.Conv2d(8, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
                         nn.Flatten(), nn.Linear(16 * 49, 10))

model = build_net()
flat = torch.from_numpy(np.frombuffer(base64.b64decode("@WEIGHTS@"), dtype="float16").astype("float32"))
nn.utils.vector_to_parameters(flat, model.parameters())
model.eval()
"""
PREDICT = """
def predict(images):
    with torch.no_grad():
        return model(images).argmax(1)

experiments = [dict(study="dense", width=64, depth=1, parameters=50890, accuracy=0.7)]
"""
TEMPLATE = """
import base64, numpy as np, torch
flat = np.frombuffer(base64.b64decode("@WEIGHTS@"), dtype="float16").astype("float32")
weight = torch.from_numpy(flat[:7840].reshape(10, 784))
bias = torch.from_numpy(flat[7840:])

def predict(images):
    return (images.reshape(len(images), -1) @ weight.T + bias).argmax(1)
"""
STUDY = """
def build(width, depth):
    return build_net()

def train(net):
    return net

experiments += [dict(study="width", width=w, depth=2, parameters=9194, accuracy=a)
                for w, a in ((4, 0.80), (8, 0.84), (16, 0.88))]
experiments += [dict(study="depth", width=8, depth=d, parameters=9194, accuracy=a)
                for d, a in ((1, 0.76), (2, 0.84), (3, 0.88))]
"""
"""A made-up table: the row that is trained again differs from its claim."""
CONCLUSION = "# Width\nAccuracy grows clearly with width.\n\n## Depth\nAccuracy grows clearly with depth."


def cells(data: Path) -> dict[str, tuple[str, ...]]:
    """Cells of each honest part, fitted to the public training pictures in closed form."""
    raw = folders.read(data, folders.STEMS["train"])
    images = torch.from_numpy(raw.images[:, None].astype(np.float32) / 255)
    labels = torch.from_numpy(raw.labels.astype(np.int64))
    network = (NETWORK.replace("@WEIGHTS@", _text(_network(images, labels))), PREDICT)
    template = TEMPLATE.replace("@WEIGHTS@", _text(_template(images, labels)))
    return {
        "network": network,
        "study": (*network, STUDY, CONCLUSION),
        "template": (template,),
        "nothing": (),
    }


@torch.no_grad()
def _network(images: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Weights of two random convolutions with a dense layer fitted on top."""
    torch.manual_seed(0)
    convolutions = nn.Sequential(
        nn.Conv2d(1, 8, 5, padding=2),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(8, 16, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
    )
    head = _ridge(convolutions(images), labels, 1.0)
    return torch.cat([nn.utils.parameters_to_vector(convolutions.parameters()), head])


def _template(images: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    return _ridge(images.flatten(1), labels, 100.0)


def _ridge(features: torch.Tensor, labels: torch.Tensor, strength: float) -> torch.Tensor:
    """Weights (10, features) and biases of the dense layer with the least squared error, as one vector."""
    wide = torch.cat([features, torch.ones(len(features), 1)], 1).double()
    targets = nn.functional.one_hot(labels, 10).double()
    kept = strength * torch.eye(wide.shape[1], dtype=torch.double)
    found = torch.linalg.solve(wide.T @ wide + kept, wide.T @ targets)
    return torch.cat([found[:-1].T.flatten(), found[-1]]).float()


def _text(weights: torch.Tensor) -> str:
    return text_of(weights.numpy().astype(np.float16))


def text_of(array: NDArray[np.generic]) -> str:
    """An array's bytes as text for a cell."""
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()
