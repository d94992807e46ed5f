"""Lesson 7: a small detector without anchors, for scenes with few objects and with many.

Each object is a peak of a heat map; the cells of the peak name its class and the distances to its edges
(Zhou, Wang, Krähenbühl 2019, "Objects as Points"; Tian et al. 2019, "FCOS"). The map has a cell for every
second pixel, so that neighbours in a crowd do not share one.
"""

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from scipy import ndimage
from torch import Tensor, nn
from torch.nn import functional
from torchvision.ops import box_iou, generalized_box_iou_loss, nms

__all__ = ["Solution", "blobs", "brief", "coarse", "load", "solve"]

Found = dict[str, Tensor]
"""`boxes` float32 (K, 4), xyxy in pixels; `scores` (K,) in [0, 1]; `labels` int64 (K,), class ids from 1."""
Detect = Callable[[Tensor], Found]
"""A picture float32 in [0, 1], (3, H, W), on the CPU to the boxes found in it, on the CPU."""
CLASSES = 3


@dataclass(frozen=True, slots=True)
class Pictures:
    """Pictures of one size with their boxes."""

    images: Tensor
    """uint8, shape (N, 3, H, W)."""
    boxes: list[Tensor]
    """For each picture float32 (K, 4), xyxy in pixels."""
    labels: list[Tensor]
    """For each picture int64 (K,), class ids from 1."""


@dataclass(frozen=True, slots=True)
class Data:
    """What students get of one kind of picture."""

    train: Pictures
    validation: Pictures


@dataclass(frozen=True, slots=True)
class Solution:
    """What a solved homework leaves behind, under the names that the assignment asks for."""

    detect: Detect


def load(folder: str) -> list[Data]:
    """Read both splits of each kind of picture; the second, in `shapes`, is there in the profile `full`."""
    kinds = [path for path in (Path(folder), Path(folder) / "shapes") if path.is_dir()]
    return [Data(read(path / "train"), read(path / "validation")) for path in kinds]


def read(folder: Path) -> Pictures:
    """Read pictures with annotations in COCO's layout; boxes of no size are left out."""
    found = json.loads((folder / "annotations.json").read_text())
    rows: dict[int, list[list[float]]] = {image["id"]: [] for image in found["images"]}
    for each in found["annotations"]:
        x, y, width, height = each["bbox"]
        if width > 0 and height > 0:
            rows[each["image_id"]].append([x, y, x + width, y + height, each["category_id"]])
    images = [np.asarray(Image.open(folder / image["file_name"])) for image in found["images"]]
    tables = [torch.tensor(row).reshape(-1, 5) for row in rows.values()]
    return Pictures(
        torch.from_numpy(np.stack(images)).permute(0, 3, 1, 2).contiguous(),
        [table[:, :4] for table in tables],
        [table[:, 4].long() for table in tables],
    )


@dataclass(frozen=True, slots=True)
class Sizes:
    """How large a detector is and how long it is trained."""

    width: int = 32
    """Channels of the finest features; the coarser ones have twice as many."""
    cell: int = 4
    """Pixels of a cell of the finest features: most arithmetic is done there, where cells are few."""
    fine: int = 2
    """Cells of the map, each direction, for one of the features."""
    epochs: int = 12
    batch: int = 4
    rate: float = 4e-3

    @property
    def stride(self) -> int:
        """Pixels of a cell of the map."""
        return self.cell // self.fine


def block(inputs: int, outputs: int, stride: int = 1) -> nn.Module:
    """Convolution, batch normalisation, activation."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True)
    )


class Detector(nn.Module):
    """Features with cells of four pixels and of eight, and a map that is finer than both."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        self.stride = sizes.stride
        w = sizes.width
        self.stem = nn.Sequential(nn.PixelUnshuffle(sizes.cell), block(3 * sizes.cell**2, w), block(w, w))
        self.down = nn.Sequential(block(w, 2 * w, 2), block(2 * w, 2 * w))
        self.up = nn.Conv2d(2 * w, w, 1)
        self.mix = block(w, w)
        self.head = nn.Sequential(
            nn.Conv2d(w, (1 + CLASSES + 4) * sizes.fine**2, 1), nn.PixelShuffle(sizes.fine)
        )
        # every cell begins with a small chance of an object, or the many empty ones would drown the rest
        nn.init.constant_(self.head[0].bias[: sizes.fine**2], -3.0)  # type: ignore[index]

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """What each cell says of images in [0, 1], (B, 3, H, W).

        Logits that an object's centre is there, (B, h, w); logits of its class, (B, C, h, w); and distances,
        (B, 4, h, w).

        Distances are those from the middle of a cell to the left, top, right and bottom edge, in pixels.
        """
        fine = self.stem(images - 0.5)
        fine = self.mix(fine + functional.interpolate(self.up(self.down(fine)), fine.shape[-2:]))
        out = self.head(fine).float()
        chance, classes, distances = out.split([1, CLASSES, 4], 1)
        return chance[:, 0], classes, 8 * distances.clamp(-5, 4).exp()


def targets(boxes: Tensor, labels: Tensor, shape: tuple[int, int], stride: int) -> Tensor:
    """What the map should say of one picture.

    Args:
        boxes: (K, 4), xyxy in pixels.
        labels: (K,), from 1.
        shape: rows and columns of the map.
        stride: pixels of a cell.

    Returns:
        Shape (6, h, w): 1 in the cell of an object's centre and less around it; edges and class, from 0, of
        that object.
    """
    rows, columns = shape
    found = torch.zeros(6, rows, columns)
    x, y = torch.arange(columns)[None], torch.arange(rows)[:, None]
    for box, label in zip(boxes, labels, strict=True):
        centre = (box[:2] + box[2:]) / 2 / stride
        column, row = int(centre[0].clamp(0, columns - 1)), int(centre[1].clamp(0, rows - 1))
        spread = ((box[2:] - box[:2]) / stride / 6).clamp(min=0.5)
        bell = torch.exp(-((x - column) ** 2) / (2 * spread[0] ** 2) - (y - row) ** 2 / (2 * spread[1] ** 2))
        nearer = bell > found[0]
        found[1:, nearer] = torch.cat([box, label[None] - 1])[:, None]
        found[0, nearer] = bell[nearer]
    return found


def corners(distances: Tensor, stride: int) -> Tensor:
    """Distances from the middles of cells, (B, 4, h, w), to boxes xyxy in pixels, (B, h, w, 4)."""
    rows, columns = distances.shape[-2:]
    y = (torch.arange(rows, device=distances.device) + 0.5) * stride
    x = (torch.arange(columns, device=distances.device) + 0.5) * stride
    middle = torch.stack(torch.meshgrid(x, y, indexing="xy"), -1)
    left, right = distances.permute(0, 2, 3, 1).split(2, -1)
    return torch.cat([middle - left, middle + right], -1)


def loss_of(said: tuple[Tensor, Tensor, Tensor], wanted: Tensor, stride: int) -> Tensor:
    """Focal loss of the centres ("Objects as Points", equation 1), and near them of class and box."""
    logits, classes, distances = said
    heat, named, labels = wanted[:, 0], wanted[:, 1:5].permute(0, 2, 3, 1), wanted[:, 5].long()
    chance, centres = logits.sigmoid(), heat == 1
    right = centres * (1 - chance) ** 2 * functional.logsigmoid(logits)
    wrong = ~centres * (1 - heat) ** 4 * chance**2 * functional.logsigmoid(-logits)
    near = heat > 0.1
    weight = heat[near] / heat[near].sum().clamp(min=1)
    apart = generalized_box_iou_loss(corners(distances, stride)[near], named[near])
    mistaken = functional.cross_entropy(classes.permute(0, 2, 3, 1)[near], labels[near], reduction="none")
    found: Tensor = (2 * (apart + mistaken) * weight).sum()
    return found - (right + wrong).sum() / centres.sum().clamp(min=1)


def mirrored(pictures: Tensor, maps: Tensor) -> tuple[Tensor, Tensor]:
    """Pictures, (B, 3, H, W), and their maps, (B, 6, h, w), turned over at random, with colours exchanged."""
    for axis, (low, high) in ((-1, (1, 3)), (-2, (2, 4))):
        if torch.rand(()) < 0.5:
            pictures, maps = pictures.flip(axis), maps.flip(axis)
            maps[:, [low, high]] = pictures.shape[axis] - maps[:, [high, low]]
    return pictures[:, torch.randperm(3, device=pictures.device)], maps


def fit(data: Data, sizes: Sizes, device: torch.device, seed: int) -> Detector:
    """A trained detector, in `eval()`; pictures are mirrored at random, and their colours change places."""
    torch.manual_seed(seed)
    network = Detector(sizes).to(device).to(memory_format=torch.channels_last)
    images = data.train.images
    shape = (images.shape[2] // sizes.stride, images.shape[3] // sizes.stride)
    made = [
        targets(b, k, shape, sizes.stride) for b, k in zip(data.train.boxes, data.train.labels, strict=True)
    ]
    maps = torch.stack(made).to(device)
    images = images.to(device)
    steps = len(images) // sizes.batch
    optimiser = torch.optim.AdamW(network.parameters(), lr=sizes.rate, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, max_lr=sizes.rate, total_steps=sizes.epochs * steps
    )
    network.train()
    for _ in range(sizes.epochs):
        for chosen in torch.randperm(len(images), device=device)[: steps * sizes.batch].view(steps, -1):
            picture, wanted = mirrored(images[chosen] / 255, maps[chosen])
            with torch.autocast(device.type, dtype=torch.bfloat16, enabled=device.type == "cuda"):
                said = network(picture.contiguous(memory_format=torch.channels_last))
            loss = loss_of(said, wanted, sizes.stride)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
    return network.eval()


@torch.no_grad()
def boxes_of(
    network: Detector, image: Tensor, power: float = 1.0, most: int = 300, least: float = 0.02
) -> Found:
    """Peaks of the heat map without those that overlap a better one by more than half."""
    device = next(network.parameters()).device
    logits, classes, distances = network(image[None].to(device))
    heat = logits.sigmoid()
    peaks = heat * (heat == functional.max_pool2d(heat, 3, 1, 1))
    chances, labels = classes.softmax(1).max(1)
    scores, places = (peaks * chances).flatten().topk(min(most, heat.numel()))
    boxes = corners(distances, network.stride).view(-1, 4)[places]
    height, width = image.shape[-2:]
    boxes = boxes.clamp(torch.zeros(4, device=device), torch.tensor([width, height] * 2, device=device))
    kept = nms(boxes, scores, 0.5)
    kept = kept[scores[kept] > least]
    labels = labels.flatten()[places] + 1
    return {"boxes": boxes[kept].cpu(), "scores": scores[kept].cpu() ** power, "labels": labels[kept].cpu()}


def best_score(network: Detector, pictures: Pictures) -> float:
    """The score from which on boxes should be believed: F1 of finds at an overlap of 0.5 is best there."""
    scores, hits = [torch.zeros(0)], [torch.zeros(0)]
    for image, truth in zip(pictures.images, pictures.boxes, strict=True):
        found = boxes_of(network, image / 255)
        overlap = box_iou(found["boxes"], truth)
        hit = torch.zeros(len(overlap))
        for index in range(len(overlap)):
            best, place = overlap[index].max(0)
            hit[index] = best >= 0.5
            overlap[:, place] = overlap[:, place] * (1 - hit[index])
        scores.append(found["scores"])
        hits.append(hit)
    order = torch.cat(scores).argsort(descending=True)
    finds = torch.cat(hits)[order].cumsum(0)
    f1 = 2 * finds / (torch.arange(1, len(order) + 1) + sum(map(len, pictures.boxes)))
    return float(torch.cat(scores)[order][f1.argmax()].clamp(0.01, 0.99))


def trained(data: Data, sizes: Sizes, device: torch.device, seed: int) -> Detect:
    """A detector whose scores are bent so that the one to believe from is 0.5; their order stays."""
    network = fit(data, sizes, device, seed)
    power = math.log(0.5) / math.log(best_score(network, data.validation))
    return partial(boxes_of, network, power=power)


def by_shape(kinds: list[Data], sizes: Sizes, device: torch.device, seed: int) -> Solution:
    """A detector for each kind of picture, told apart by shape; the first takes pictures of other shapes."""
    detectors = {kind.train.images.shape[1:]: trained(kind, sizes, device, seed) for kind in kinds}
    first = next(iter(detectors.values()))
    return Solution(lambda image: detectors.get(image.shape, first)(image))


def solve(data: list[Data], device: torch.device, seed: int, profile: str) -> Solution:
    """The whole homework: a detector whose map has a cell for every second pixel."""
    return by_shape(data, Sizes(), device, seed)


def coarse(data: list[Data], device: torch.device, seed: int, profile: str) -> Solution:
    """A cell for every eighth pixel: enough for ten objects, while in a crowd several share one."""
    return by_shape(data, Sizes(cell=8, fine=1, epochs=8), device, seed)


def brief(data: list[Data], device: torch.device, seed: int, profile: str) -> Solution:
    """Half as many channels, and a fraction of the training."""
    return by_shape(data, Sizes(width=16, epochs=4, batch=8, rate=6e-3), device, seed)


def blobs(data: list[Data], device: torch.device, seed: int, profile: str) -> Solution:
    """The baseline that earns nothing: connected regions that are much brighter or darker than the picture.

    It learns nothing and knows no classes: all that it finds is of class 1.
    """

    def detect(image: Tensor) -> Found:
        grey = image.mean(0)
        regions, _ = ndimage.label(ndimage.binary_opening((grey - grey.median()).abs().numpy() > FAR))
        boxes = [[x.start, y.start, x.stop, y.stop] for y, x in ndimage.find_objects(regions)]
        table = torch.tensor(boxes, dtype=torch.float32).reshape(-1, 4)
        return {
            "boxes": table,
            "scores": torch.full((len(table),), 0.5),
            "labels": torch.ones(len(table), dtype=torch.long),
        }

    return Solution(detect)


FAR = 0.15
"""Difference of brightness from which on `blobs` sees an object."""
