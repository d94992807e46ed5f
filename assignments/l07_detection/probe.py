"""How a notebook of lesson 7 is called: one function for each `probe` of assignment.toml.

Runs beside the student's code, in the kernel that ran the notebook; what it writes is measured elsewhere.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from inside.calls import evaluation_mode, outermost_calls
from inside.contract import ContractError, NotebookError
from inside.outbox import Outbox
from PIL import Image, ImageDraw

FEW = 200
"""Pictures of the check in evaluation mode."""
MOST = 300
"""Boxes of a picture that are kept, those with the best scores."""
CONFIDENT = 0.5
"""Score from which on a box is drawn over the student's own picture."""
MOST_SIDE = 640
"""Of the student's own picture, in pixels."""
PARTS = ("boxes", "scores", "labels")

Namespace = Mapping[str, Any]
Arrays = Mapping[str, np.ndarray]
Detect = Callable[[torch.Tensor], Any]


def detector(notebook: Namespace, inputs: Arrays, parameters: Namespace, outbox: Outbox) -> None:
    """Boxes in all pictures, and in some of them in evaluation mode."""
    detect = _detect(notebook)
    with outermost_calls() as calls:
        own = _all(detect, inputs["images"])
    arrays = {"own": own, "validation": _all(detect, inputs["validation_images"])}
    if "variant" in inputs:
        arrays["variant"] = _all(detect, inputs["variant"])
    used = list({id(module): module for module, _ in calls}.values())
    if any(part.training for module in used for part in module.modules()):
        with evaluation_mode(used):
            arrays["evaluation"] = _all(detect, inputs["images"][:FEW])
    else:
        arrays["evaluation"] = own[:FEW]  # the same calls would give the same boxes
    outbox.save(**arrays)
    _declare(outbox)


def other_scale(notebook: Namespace, inputs: Arrays, parameters: Namespace, outbox: Outbox) -> None:
    """Boxes in some pictures whose values are from 0 to 255 instead of from 0 to 1."""
    outbox.save(scaled=_all(_detect(notebook), inputs["images"], white=255.0))


def find10(notebook: Namespace, inputs: Arrays, parameters: Namespace, outbox: Outbox) -> None:
    """Boxes in scenes with a set number of objects."""
    detect = _detect(notebook)
    outbox.save(own=_all(detect, inputs["images"]), validation=_all(detect, inputs["validation_images"]))
    _declare(outbox)


def find100(notebook: Namespace, inputs: Arrays, parameters: Namespace, outbox: Outbox) -> None:
    """The same for crowded scenes, which are other inputs and so another step."""
    find10(notebook, inputs, parameters, outbox)


def own_picture(notebook: Namespace, inputs: Arrays, parameters: Namespace, outbox: Outbox) -> None:
    """The student's own picture with what is found in it."""
    detect = _detect(notebook)
    if notebook.get("my_picture") is None:
        raise ContractError("contract.missing_name", name="my_picture")
    image = _image(notebook["my_picture"])
    image.thumbnail((MOST_SIDE, MOST_SIDE))
    rows = _rows(detect, np.asarray(image), 1.0)
    rows = rows[(rows[:, 4] >= CONFIDENT) & np.isfinite(rows).all(axis=1)]
    pen = ImageDraw.Draw(image)
    for *edges, score, label in rows.tolist():
        x1, x2 = (min(max(edge, -1), image.width) for edge in sorted(edges[0:4:2]))
        y1, y2 = (min(max(edge, -1), image.height) for edge in sorted(edges[1:4:2]))
        pen.rectangle((x1, y1, x2, y2), outline=(0, 0, 0), width=3)
        pen.rectangle((x1 + 1, y1 + 1, max(x1 + 1, x2 - 1), max(y1 + 1, y2 - 1)), outline=(255, 235, 0))
        pen.text(
            (x1 + 4, y1 + 2), f"{label:.0f}: {score:.2f}", (255, 255, 255), stroke_width=2, stroke_fill=0
        )
    outbox.save(pictures=np.asarray(image)[None])
    outbox.write(
        {"captions": [f"my_picture, {image.width} × {image.height}: {len(rows)} × score ≥ {CONFIDENT}"]}
    )


def _detect(notebook: Namespace) -> Detect:
    if not callable(notebook.get("detect")):
        raise ContractError("contract.missing_function", name="detect(image)")
    detect: Detect = notebook["detect"]
    return detect


def _declare(outbox: Outbox) -> None:
    outbox.write({"found_by": "predict", "name": "detect", "normalisation": ""})


def _all(detect: Detect, images: np.ndarray, white: float = 1.0) -> np.ndarray:
    """Boxes of all pictures, (N, M, 6): x1, y1, x2, y2, score, label; NaN below a picture's last box."""
    rows = [_rows(detect, image, white) for image in images]
    found = np.full((len(rows), max(map(len, rows), default=0), 6), np.nan)
    for index, row in enumerate(rows):
        found[index, : len(row)] = row
    return found


@torch.no_grad()
def _rows(detect: Detect, image: np.ndarray, white: float) -> np.ndarray:
    """Boxes of one picture, uint8 (H, W, 3), the best first, (K, 6)."""
    picture = torch.from_numpy(image.copy()).permute(2, 0, 1).contiguous().float() / 255 * white
    try:
        returned = detect(picture)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # the student's code may raise SystemExit or a class of its own
        raise NotebookError("detect") from error
    boxes, scores, labels = (_numbers(part, name) for part, name in zip(_parts(returned), PARTS, strict=True))
    if boxes.size == scores.size == labels.size == 0:
        return np.empty((0, 6))
    count = len(boxes)
    if boxes.shape != (count, 4) or any(
        part.shape not in ((count,), (count, 1)) for part in (scores, labels)
    ):
        shapes = {name: str(part.shape) for name, part in zip(PARTS, (boxes, scores, labels), strict=True)}
        raise ContractError("contract.detect_shapes", **shapes)
    rows = np.column_stack([boxes, scores, labels])
    return rows[np.argsort(-rows[:, 4], kind="stable")[:MOST]]


def _parts(returned: object) -> Sequence[object]:
    """Boxes, scores and labels from a dict or a tuple of three; a list with one of them is opened."""
    if isinstance(returned, (list, tuple)) and len(returned) == 1:
        returned = returned[0]
    if isinstance(returned, Mapping) and all(name in returned for name in PARTS):
        return [returned[name] for name in PARTS]
    if isinstance(returned, (list, tuple)) and len(returned) == len(PARTS):
        return returned
    found = type(returned).__name__
    if isinstance(returned, Mapping):
        found += f" ({', '.join(map(str, returned))[:100]})"
    raise ContractError("contract.detect_type", found=found)


def _numbers(part: object, name: str) -> np.ndarray:
    if isinstance(part, torch.Tensor):
        part = part.detach().to("cpu", torch.float64)
    try:
        return np.asarray([np.asarray(item) for item in part] if isinstance(part, list) else part, np.float64)
    except (TypeError, ValueError):
        raise ContractError("contract.detect_numbers", name=name, found=type(part).__name__) from None


def _image(found: object) -> Image.Image:
    """A picture from a file, from PIL, or from an array."""
    if isinstance(found, Image.Image):
        return found.convert("RGB")
    if isinstance(found, (str, Path)):
        try:
            with Image.open(found) as image:
                return image.convert("RGB")
        except (OSError, ValueError) as error:
            raise ContractError(
                "contract.no_picture", path=str(found)[:200], reason=str(error)[:200]
            ) from None
    array = found.detach().cpu().numpy() if isinstance(found, torch.Tensor) else np.asarray(found)
    if array.ndim == 3 and array.shape[0] == 3 and array.shape[2] != 3:
        array = array.transpose(1, 2, 0)
    if array.ndim != 3 or array.shape[2] != 3 or array.dtype.kind not in "uif" or 0 in array.shape:
        raise ContractError("contract.no_picture", path=type(found).__name__, reason=str(array.shape))
    if array.dtype.kind == "f":
        array = np.nan_to_num(array).clip(0, 1) * 255
    return Image.fromarray(array.astype(np.uint8))
