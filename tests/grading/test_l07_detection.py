"""Lesson 7's notebooks through the sandbox: what is wrong is said, and a mistake of the boxes is named."""

from collections.abc import Callable
from pathlib import Path

import pytest
from notes import noticed

from graders.grading import Setting
from graders.model import Diagnosis, Mark, Pictures

ROOT = Path(__file__).parents[2]
REGIONS = """
import numpy as np, torch
from scipy import ndimage
def regions(image):
    far = (image - image.flatten(1).median(1).values[:, None, None]).abs().amax(0).numpy() > 0.25
    found, _ = ndimage.label(ndimage.binary_opening(far))
    rows = []
    for number, (y, x) in enumerate(ndimage.find_objects(found), start=1):
        filled = float((found[y, x] == number).mean())
        label = 1 + int(np.argmin(np.abs(filled - np.array([np.pi / 4, 0.9, 0.5]))))
        rows.append([x.start, y.start, x.stop, y.stop, 0.5 + filled / 2, label])
    return torch.tensor(rows, dtype=torch.float32).reshape(-1, 6)
def detect(image):
    rows = regions(image)
    return {"boxes": rows[:, :4], "scores": rows[:, 4], "labels": rows[:, 5].long()}
"""


@pytest.fixture(scope="module")
def lesson(setting_of: Callable[[str], Setting]) -> Setting:
    return setting_of("l07_detection")


def test_what_is_not_defined_is_named(marks: Callable[..., dict[str, Mark]]) -> None:
    found = marks("x = 1")
    for task in ("detector", "find10", "find100", "own_picture"):
        assert found[task].reason.params["name"] == "detect(image)"
        assert found[task].earned == 0


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("def detect(image): return 3", "contract.detect_type"),
        (
            "def detect(image): return image[0, :3, :5], image[0, 0, :3], image[0, 0, :3]",
            "contract.detect_shapes",
        ),
        (
            "def detect(image): return image[0, :3, :4], image[0, 0, :2], image[0, 0, :3]",
            "contract.detect_shapes",
        ),
        ("def detect(image): return [[1, 2, 3, 4]], [0.5], ['circle']", "contract.detect_numbers"),
        ("def detect(image): raise SystemExit", "probe.exception"),
    ],
)
def test_a_detector_that_gives_no_boxes_earns_nothing_and_hears_why(
    marks: Callable[..., dict[str, Mark]], cell: str, code: str
) -> None:
    found = marks(cell)
    for task in ("detector", "find10", "find100"):
        mark = found[task]
        assert (mark.status, mark.earned, mark.reason.code) == ("failed", 0, code)


def test_an_honest_detector_earns_something_and_no_mistake_is_named(
    marks: Callable[..., dict[str, Mark]],
) -> None:
    found = marks(REGIONS)
    for task in ("detector", "find10", "find100"):
        assert found[task].status == "partial"
        assert not [code for code in noticed(found[task]) if code.startswith("mistake")]
        (shown,) = (item for item in found[task].evidence if isinstance(item, Pictures))
        assert len(shown.items) == 3
    assert list(noticed(found["detector"])) == ["boxes.strict", "boxes.at_score"]


MISTAKES = {
    "mistake.boxes_yx": "rows[:, [1, 0, 3, 2]], rows[:, 4], rows[:, 5]",
    "mistake.boxes_yolo": "torch.cat([rows[:, :2] + rows[:, 2:4], 2 * (rows[:, 2:4] - rows[:, :2])], 1) / 256"
    ", rows[:, 4], rows[:, 5]",
    "mistake.labels_from_zero": "rows[:, :4], rows[:, 4], rows[:, 5] - 1",
}


@pytest.mark.parametrize("code", MISTAKES)
def test_a_usual_mistake_is_named_with_what_it_costs(
    marks: Callable[..., dict[str, Mark]], code: str
) -> None:
    cell = f"def detect(image):\n    rows = regions(image)\n    return {MISTAKES[code]}"
    mark = marks(REGIONS, cell)["detector"]
    (told,) = (
        item.message
        for item in mark.evidence
        if isinstance(item, Diagnosis) and item.message.code.startswith("mistake")
    )
    assert told.code == code
    assert told.params["after"] > told.params["before"]
    assert told.params["points"] > 0.2


def test_a_network_for_values_up_to_255_is_noticed(marks: Callable[..., dict[str, Mark]]) -> None:
    cell = "small = detect\ndef detect(image): return small(image / 255)"
    assert "mistake.scale" in noticed(marks(REGIONS, cell)["detector"])


def test_a_forgotten_eval_is_noticed(marks: Callable[..., dict[str, Mark]]) -> None:
    cell = """
drop = torch.nn.Dropout(0.6)
def detect(image):
    rows = regions(image)
    rows = rows[drop(torch.ones(len(rows))) > 0]
    return rows[:, :4], rows[:, 4], rows[:, 5]
"""
    assert "predict.eval_better" in noticed(marks(REGIONS, cell)["detector"])


def test_malformed_boxes_cost_themselves_alone(marks: Callable[..., dict[str, Mark]]) -> None:
    cell = """
good = detect
def detect(image):
    found = good(image)
    bad = torch.tensor([[float("nan"), 1, 2, 3], [9, 9, 2, 2]])
    return {
        "boxes": torch.cat([found["boxes"], bad]),
        "scores": torch.cat([found["scores"], torch.tensor([0.01, 0.01])]),
        "labels": torch.cat([found["labels"], torch.tensor([1, 1])]),
    }
"""
    found = marks(REGIONS, cell)
    assert found["find10"].status == found["detector"].status == "partial"
    assert {"boxes.not_finite", "boxes.order"} <= set(noticed(found["detector"]))


@pytest.mark.slow
def test_boxes_everywhere_earn_nothing(marks: Callable[..., dict[str, Mark]]) -> None:
    cell = """
import torch
steps = range(0, 120, 4)
everywhere = torch.tensor([[x, y, x + 9, y + 9] for x in steps for y in steps] * 3).float()
def detect(image): return everywhere, torch.ones(len(everywhere)), torch.arange(len(everywhere)) % 3 + 1
"""
    found = marks(cell)
    assert [found[task].earned for task in ("detector", "find10", "find100")] == [0, 0, 0]
    assert "boxes.most" in noticed(found["find10"])


def test_torchvisions_detector_keeps_the_contract(marks: Callable[..., dict[str, Mark]]) -> None:
    """One without weights, since none are mounted here: it runs, and earns nothing."""
    cell = """
import torch
from torchvision.models.detection import ssdlite320_mobilenet_v3_large
torch.manual_seed(0)
model = ssdlite320_mobilenet_v3_large(weights=None, weights_backbone=None, detections_per_img=5).eval()
once = {}
def detect(image):
    # the same boxes for all pictures: what is called is the same, and it takes seconds instead of minutes
    if not once:
        once.update(model([image])[0])
    return once
"""
    found = marks(cell)
    assert found["detector"].reason.code == "metric.failed"
    assert [found[task].earned for task in ("detector", "find10", "find100")] == [0, 0, 0]


def test_ones_own_picture_is_shown_with_its_boxes(marks: Callable[..., dict[str, Mark]]) -> None:
    cell = """
from PIL import Image
mine = np.pad(np.full((300, 300, 3), 255, np.uint8), ((500, 100), (200, 900), (0, 0)))
Image.fromarray(mine).save("mine.jpg")
my_picture = "mine.jpg"
"""
    mark = marks(REGIONS, cell)["own_picture"]
    assert (mark.status, mark.earned, mark.settled) == ("needs_review", 1, False)
    (shown,) = (item for item in mark.evidence if isinstance(item, Pictures))
    (picture,) = shown.items
    assert max(picture.width, picture.height) == 640
    assert "1 × score" in str(picture.caption.params["text"])


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("", "contract.missing_name"),
        ("my_picture = 'data/train/annotations.json'", "contract.no_picture"),
    ],
)
def test_a_picture_that_is_none_is_told(marks: Callable[..., dict[str, Mark]], cell: str, code: str) -> None:
    mark = marks("import numpy as np\ndef detect(image): return [], [], []", cell)["own_picture"]
    assert (mark.status, mark.earned, mark.reason.code) == ("failed", 0, code)
