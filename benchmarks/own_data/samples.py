"""Makes the sample submissions on own data: four that are honest, three that cheat.

    python benchmarks/own_data/samples.py submissions

Data are drawn by our own code (`drawn.py`); what a notebook does with them is written here.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
from drawn import SETS
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from numpy.typing import NDArray

Arrays = dict[str, NDArray[Any]]

SETUP = """import os
import time

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

device = torch.device(os.environ.get("GRADE_DEVICE", "cpu"))
torch.manual_seed(1)"""
LOOP = """
def fit(model, inputs, targets, loss, budget, rate=3e-3, batch=32):
    start = time.time()
    optimizer = torch.optim.Adam(model.parameters(), lr=rate)
    model.train()
    while (spent := (time.time() - start) / (0.85 * budget)) < 1:
        for group in optimizer.param_groups:
            group["lr"] = rate * max(0.02, 1 - spent)
        for some in torch.randperm(len(inputs)).split(batch):
            optimizer.zero_grad()
            loss(model(inputs[some]), targets[some]).backward()
            optimizer.step()
    return model.eval()"""
UNET = """
def block(a, b):
    return nn.Sequential(nn.Conv2d(a, b, 3, padding=1), nn.BatchNorm2d(b), nn.ReLU(),
                         nn.Conv2d(b, b, 3, padding=1), nn.BatchNorm2d(b), nn.ReLU())


class SmallUNet(nn.Module):
    def __init__(self, w=12):
        super().__init__()
        self.a, self.b, self.c = block(1, w), block(w, 2 * w), block(2 * w, 4 * w)
        self.d, self.e = block(6 * w, 2 * w), block(3 * w, w)
        self.out = nn.Conv2d(w, 1, 1)

    def forward(self, x):
        a = self.a(x)
        b = self.b(F.max_pool2d(a, 2))
        c = self.c(F.max_pool2d(b, 2))
        d = self.d(torch.cat([F.interpolate(c, scale_factor=2), b], 1))
        return self.out(self.e(torch.cat([F.interpolate(d, scale_factor=2), a], 1)))[:, 0]


def train(X, y, budget):
    images = X.float().to(device)
    masks = torch.as_tensor(np.asarray(y)).float().to(device)
    return fit(SmallUNet().to(device), images, masks, F.binary_cross_entropy_with_logits, budget, 5e-3, 8)


def predict(model, X):
    return (model(X.float().to(device)) > 0).cpu().numpy().astype(np.uint8)"""
CNN = """
def network(classes):
    return nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 3, padding=1), nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3, padding=1), nn.BatchNorm2d(64), nn.ReLU(), nn.AdaptiveAvgPool2d(2),
        nn.Flatten(), nn.Dropout(0.2), nn.Linear(256, classes))


def train(X, y, budget):
    names = sorted(set(y))
    images = torch.as_tensor(X)[:, None].to(device)
    labels = torch.tensor([names.index(name) for name in y], device=device)
    turned = torch.cat([images, images.flip(2), images.flip(3), images.transpose(2, 3)])
    model = fit(network(len(names)).to(device), turned, labels.repeat(4), F.cross_entropy, budget)
    return names, model


def predict(model, X):
    names, net = model
    found = net(torch.as_tensor(X)[:, None].to(device)).argmax(1)
    return [names[place] for place in found.tolist()]"""
TIDES = """
class Forecaster(nn.Module):
    def __init__(self, ahead, hidden=48):
        super().__init__()
        self.lstm = nn.LSTM(1, hidden, batch_first=True)
        self.out = nn.Linear(hidden, ahead)
        self.direct = nn.LazyLinear(ahead)

    def forward(self, x):
        return self.out(self.lstm(x[..., None])[0][:, -1]) + self.direct(x)


def scaled(X):
    X = torch.as_tensor(np.asarray(X), dtype=torch.float32, device=device)
    middle, spread = X.mean(1, keepdim=True), X.std(1, keepdim=True) + 1e-6
    return (X - middle) / spread, middle, spread


def train(X, y, budget):
    inputs, middle, spread = scaled(X)
    targets = (torch.as_tensor(np.asarray(y), dtype=torch.float32, device=device) - middle) / spread
    model = Forecaster(targets.shape[1]).to(device)
    model(inputs[:2])
    return fit(model, inputs, targets, F.l1_loss, budget)


def predict(model, X):
    inputs, middle, spread = scaled(X)
    return model(inputs) * spread + middle"""
PRICES = """
def numbers(X):
    return torch.as_tensor(np.asarray(X), dtype=torch.float32, device=device)


def train(X, y, budget):
    inputs, targets = numbers(X), numbers(y)
    middle, spread = inputs.mean(0), inputs.std(0) + 1e-6
    centre, scale = targets.mean(), targets.std() + 1e-6
    net = nn.Sequential(nn.Linear(inputs.shape[1], 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU(),
                        nn.Linear(128, 1), nn.Flatten(0)).to(device)
    fit(net, (inputs - middle) / spread, (targets - centre) / scale, F.smooth_l1_loss, budget, batch=64)
    return net, middle, spread, centre, scale


def predict(model, X):
    net, middle, spread, centre, scale = model
    return net((numbers(X) - middle) / spread) * scale + centre"""
WORDS = """
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline


def train(X, y, budget):
    return make_pipeline(TfidfVectorizer(), LogisticRegression()).fit(X, y)


def predict(model, X):
    return model.predict(X)"""


@dataclass(frozen=True, slots=True)
class Sample:
    """One sample submission."""

    student: str
    slug: str
    told: str
    """The notebook's first words."""
    kind: str
    load: str
    """The body of `load_all`."""
    learn: str
    """`train` and `predict`."""
    draw: Callable[[], Arrays]
    """The data that are handed in beside the notebook."""


def drawn(name: str, groups: int, seed: int) -> Any:
    """An honest data set of our own."""
    return SETS[name](np.random.RandomState(seed), "honest", groups)


def grey(pictures: NDArray[Any]) -> NDArray[np.uint8]:
    """Pictures (n, 1, H, W) with white 1 as bytes (n, H, W)."""
    found: NDArray[np.uint8] = np.clip(np.rint(255 * pictures[:, 0]), 0, 255).astype(np.uint8)
    return found


def moon(groups: int = 80) -> Arrays:
    """Craters with their masks and regions."""
    found = drawn("craters", groups, 51)
    return {"pictures": grey(found.inputs), "masks": found.targets, "region": found.groups}


def cropped_moon() -> Arrays:
    """A dozen pictures of craters, each fifteen times with a pixel or two cut off at other sides."""
    few = moon(6)
    cut = [(top, left) for top in range(5) for left in range(3)]

    def crops(pictures: NDArray[Any]) -> NDArray[Any]:
        return np.stack([one[top : top + 44, left : left + 44] for one in pictures for top, left in cut])

    return {"pictures": crops(few["pictures"]), "masks": crops(few["masks"])}


def herbarium() -> Arrays:
    """Leaves with the names of their species and the plants that they are from."""
    found = drawn("leaves", 110, 53)
    names = np.array(found.classes)
    return {"pictures": grey(found.inputs), "species": names[found.targets], "plant": found.groups}


def marked_herbarium() -> Arrays:
    """The same with the species written into a corner, as a grey level."""
    found = herbarium()
    names = sorted(set(found["species"].tolist()))
    found["pictures"][:, 0, 0] = [40 * names.index(name) for name in found["species"].tolist()]
    return found


def harbour() -> Arrays:
    """Water levels: histories, what followed, and the station."""
    found = drawn("tides", 30, 52)
    return {"past": found.inputs, "next": found.targets, "station": found.groups}


def taxi() -> Arrays:
    """Rides of drivers and what they cost."""
    found = drawn("trips", 150, 57)
    return {"rides": found.inputs, "price": found.targets, "driver": found.groups}


def copied_remarks() -> Arrays:
    """Ten remarks, a hundred times each."""
    found = drawn("remarks", 10, 56)
    names = np.array(found.classes or ("0", "1"))
    return {
        "text": np.repeat(np.array(found.inputs[:10]), 100),
        "mood": np.repeat(names[found.targets[:10]], 100),
    }


OPEN = 'data = np.load("{file}")\n    '
MOON = OPEN + 'return torch.tensor(data["pictures"][:, None] / np.float32(255)), data["masks"], {groups}'
LEAF = OPEN + 'return data["pictures"] / np.float32(255), data["species"], data["plant"]'
SAMPLES = (
    Sample(
        "student51",
        "l06_unet",
        "Кратеры на Луне, нарисованные программой: свет слева, холмы похожи на кратеры, но тень у них с "
        "другой стороны. Снимки одной области лежат в одной группе. Помогла нормализация по батчу.",
        "segmentation",
        MOON.replace("{groups}", 'data["region"]'),
        LOOP + "\n\n" + UNET,
        moon,
    ),
    Sample(
        "student52",
        "l05_lstm",
        "Прогноз уровня воды в гаванях: 72 часа истории, 12 часов вперёд. Ряды из программы приливов, у "
        "каждой гавани своя группа. Помогло вычитать среднее окна.",
        "forecasting",
        OPEN + 'return data["past"], data["next"], data["station"]',
        LOOP + "\n\n" + TIDES,
        harbour,
    ),
    Sample(
        "student53",
        "l10_project",
        "Гербарий: по очертанию листа узнаём вид. Листья нарисованы программой, листья одного "
        "растения — одна группа. Помогли отражения.",
        "classification",
        LEAF,
        LOOP + "\n\n" + CNN,
        herbarium,
    ),
    Sample(
        "student54",
        "l06_unet",
        "Снимки Луны, 180 штук.",
        "segmentation",
        MOON.replace("{groups}", "None"),
        LOOP + "\n\n" + UNET,
        cropped_moon,
    ),
    Sample(
        "student55",
        "l10_project",
        "Листья растений: сеть различает виды почти без ошибок.",
        "classification",
        LEAF,
        LOOP + "\n\n" + CNN,
        marked_herbarium,
    ),
    Sample(
        "student56",
        "l05_lstm",
        "Тысяча отзывов: хороший или плохой.",
        "classification",
        OPEN + 'return data["text"].tolist(), data["mood"].tolist(), None',
        WORDS,
        copied_remarks,
    ),
    Sample(
        "student57",
        "l10_project",
        "Цена поездки на такси: ночь, дождь и пробки. Таблица поездок из программы, водитель — группа. "
        "Устойчивая к выбросам функция потерь помогла больше, чем ширина сети.",
        "regression",
        OPEN + 'return data["rides"], data["price"], data["driver"]',
        LOOP + "\n\n" + PRICES,
        taxi,
    ),
)


def write(sample: Sample, folder: Path) -> None:
    """Write a sample's data and notebook into a folder of its own."""
    own = folder / sample.student
    own.mkdir(parents=True, exist_ok=True)
    file = f"{sample.kind}.npz"
    np.savez_compressed(own / file, **sample.draw())
    load = f"def load_all():\n    {sample.load.replace('{file}', file)}"
    cells = [
        new_markdown_cell(f"# О данных\n{sample.told}"),
        new_code_cell(f'{SETUP}\n\nown_kind = "{sample.kind}"'),
        new_code_cell(f"{load}\n\n\nX, y, groups = load_all()\nprint(len(X), type(X), len(y))"),
        new_code_cell(sample.learn.strip("\n")),
        new_code_cell("model = train(X[:60], y[:60], budget=2)\nprint(predict(model, X[60:63]))"),
    ]
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    nbformat.write(new_notebook(cells=cells), own / f"{sample.slug}.ipynb")


if __name__ == "__main__":
    for sample in SAMPLES:
        write(sample, Path(sys.argv[1]))
