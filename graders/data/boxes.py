"""Pictures with boxes around their objects, as arrays and as a folder in COCO's layout."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from graders.data.types import Bytes, Floats, Split

ANNOTATIONS = "annotations.json"


@dataclass(frozen=True, slots=True)
class Scenes:
    """Pictures of one size with the boxes of their objects."""

    images: Bytes
    """Shape (N, H, W, 3), red, green and blue."""
    boxes: Sequence[Floats]
    """For each picture (K, 4): left, top, right and bottom edge in pixels."""
    labels: Sequence[NDArray[np.int64]]
    """For each picture (K,): class ids from 1."""


def split(scenes: Scenes) -> Split:
    """Arrays of one length for all pictures.

    Inputs are `images`, uint8 (N, H, W, 3). Targets are `boxes`, float64 (N, K, 4), xyxy in pixels, NaN where
    a picture has less than K; `labels`, int64 (N, K), -1 there; and `sizes`, int64 (N, 2), width and height.
    """
    count = len(scenes.images)
    most = max(map(len, scenes.labels), default=0)
    boxes, labels = np.full((count, most, 4), np.nan), np.full((count, most), -1)
    for index, (places, classes) in enumerate(zip(scenes.boxes, scenes.labels, strict=True)):
        boxes[index, : len(places)], labels[index, : len(classes)] = places, classes
    height, width = scenes.images.shape[1:3]
    targets = {"boxes": boxes, "labels": labels, "sizes": np.tile([width, height], (count, 1))}
    return Split({"images": scenes.images}, targets)


def write(folder: Path, scenes: Scenes, categories: Sequence[str]) -> None:
    """Make `folder` with `000001.png` and so on, and `annotations.json`, whose boxes are x, y, width, height.

    The layout is that of https://cocodataset.org/#format-data.
    """
    folder.mkdir()
    images: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    for number, image in enumerate(scenes.images, start=1):
        name = f"{number:06}.png"
        Image.fromarray(image).save(folder / name, compress_level=1)
        images.append({"id": number, "file_name": name, "width": image.shape[1], "height": image.shape[0]})
        for (x1, y1, x2, y2), label in zip(scenes.boxes[number - 1], scenes.labels[number - 1], strict=True):
            annotations.append(
                {
                    "id": len(annotations) + 1,
                    "image_id": number,
                    "category_id": int(label),
                    "bbox": [round(float(edge), 2) for edge in (x1, y1, x2 - x1, y2 - y1)],
                    "area": round(float((x2 - x1) * (y2 - y1)), 2),
                    "iscrowd": 0,
                }
            )
    found = {
        "images": images,
        "annotations": annotations,
        "categories": [{"id": number, "name": name} for number, name in enumerate(categories, start=1)],
    }
    (folder / ANNOTATIONS).write_text(json.dumps(found), encoding="ascii")


def read(folder: Path, count: int) -> Scenes:
    """The pictures and boxes that `write` left in `folder`.

    Raises:
        OSError: a file is missing.
        ValueError: there are not `count` pictures, or a file is damaged.
    """
    try:
        found = json.loads((folder / ANNOTATIONS).read_text(encoding="ascii"))
        rows: dict[int, list[tuple[list[float], int]]] = {image["id"]: [] for image in found["images"]}
        for each in found["annotations"]:
            rows[each["image_id"]].append((each["bbox"], each["category_id"]))
        names = [image["file_name"] for image in found["images"]]
    except (KeyError, TypeError) as error:
        raise ValueError(f"{ANNOTATIONS} is not as it was written: {error!r}") from error
    if len(names) != count:
        raise ValueError(f"{ANNOTATIONS} lists {len(names)} pictures, expected {count}")
    images = []
    for name in names:
        with Image.open(folder / name) as image:
            images.append(np.asarray(image.convert("RGB")))
    corners = [np.array([box for box, _ in row], dtype=np.float64).reshape(-1, 4) for row in rows.values()]
    return Scenes(
        np.stack(images),
        [np.concatenate([places[:, :2], places[:, :2] + places[:, 2:]], axis=1) for places in corners],
        [np.array([label for _, label in row], dtype=np.int64) for row in rows.values()],
    )
