"""Boxes are measured as COCO's own tool measures them, on ordinary and on degenerate ones."""

import numpy as np
import pytest
import torch
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval
from torchvision.ops import box_iou

from graders.data import Split
from graders.metrics.average_precision import ALL, HALF, map50, match, matches, tell_detector
from graders.metrics.boxes import BOX_MISTAKES, LABEL_MISTAKES, MOST, iou, read_boxes, same_boxes, show_boxes
from graders.metrics.find import count_finds, find_f1, tell_finds

SIDE = 64


def scenes(random, pictures=12, most=12, gap=0.0):
    """Random truth, and boxes near it and far from it; scores have ties, and say more with a larger `gap`."""
    boxes, labels = np.full((pictures, most, 4), np.nan), np.full((pictures, most), -1)
    found = np.full((pictures, 2 * most, 6), np.nan)
    for picture in range(pictures):
        count = random.integers(0, most + 1)
        corner = random.uniform(0, 50, (count, 2))
        boxes[picture, :count] = np.hstack([corner, corner + random.uniform(4, 14, (count, 2))])
        labels[picture, :count] = random.integers(1, 4, count)
        near = boxes[picture, :count] + random.normal(0, 1.2, (count, 4))
        near[:, 2:] = np.maximum(
            near[:, 2:], near[:, :2] + 1
        )  # pycocotools has no rule for edges out of order
        other = random.uniform(0, 40, (random.integers(0, most), 2))
        rows = np.vstack([near, np.hstack([other, other + random.uniform(2, 20, other.shape)])])
        kinds = np.append(labels[picture, :count], random.choice([1, 2, 3], len(other)))
        kinds = np.where(random.random(len(kinds)) < 0.1, 1, kinds)
        scores = np.round((random.random(len(rows)) + gap * (np.arange(len(rows)) < count)) / (1 + gap), 1)
        found[picture, : len(rows)] = np.column_stack([rows, scores, kinds])
    targets = {"boxes": boxes, "labels": labels, "sizes": np.full((pictures, 2), SIDE)}
    return found, targets


def coco_precision(found, targets):
    """Precision of COCOeval over thresholds, recalls and classes, (10, 101, C); -1 without an object."""
    pictures = range(len(found))
    ids = [1, 2, 3]
    truth = COCO()
    truth.dataset = {
        "images": [{"id": number, "width": SIDE, "height": SIDE} for number in pictures],
        "categories": [{"id": number, "name": str(number)} for number in ids],
        "annotations": [],
    }
    for picture in pictures:
        there = targets["labels"][picture] > 0
        for (x1, y1, x2, y2), label in zip(
            targets["boxes"][picture][there], targets["labels"][picture][there], strict=True
        ):
            box = [x1, y1, x2 - x1, y2 - y1]
            entry = {"image_id": picture, "category_id": int(label), "bbox": box, "area": box[2] * box[3]}
            number = len(truth.dataset["annotations"]) + 1
            truth.dataset["annotations"].append({**entry, "id": number, "iscrowd": 0})
    truth.createIndex()
    rows = [
        [picture, x1, y1, x2 - x1, y2 - y1, score, label]
        for picture in pictures
        for x1, y1, x2, y2, score, label in found[picture][~np.isnan(found[picture, :, 0])]
    ]
    evaluation = COCOeval(truth, truth.loadRes(np.array(rows)), "bbox")
    evaluation.params.maxDets = [1, 10, MOST]
    evaluation.evaluate()
    evaluation.accumulate()
    return evaluation.eval["precision"][:, :, :, 0, 2]


def checked(found, targets):
    read = read_boxes(found, targets, 0)
    assert isinstance(read, np.ndarray)
    return read


def mean_precision(precision):
    there = precision[0, 0] > -1
    return precision[..., there].mean()


@pytest.mark.parametrize("seed", range(4))
def test_the_value_is_that_of_pycocotools(seed):
    found, targets = scenes(np.random.default_rng(seed))
    expected = coco_precision(found, targets)
    measured = map50(checked(found, targets), targets)
    assert measured.value == pytest.approx(mean_precision(expected[:1]), abs=1e-9)
    strict = tell_detector(checked(found, targets), targets)[0].params["value"]
    assert strict == pytest.approx(mean_precision(expected), abs=1e-9)
    assert measured.low <= measured.value <= measured.high


@pytest.mark.parametrize(
    "change",
    [
        lambda found, targets: found[..., 4].__setitem__(~np.isnan(found[..., 4]), 0.7),  # all scores equal
        lambda found, targets: found.__setitem__((slice(None), slice(12, None)), found[:, :12]),  # duplicates
        lambda found, targets: targets["labels"].__setitem__(targets["labels"] == 2, 1),  # a class is missing
        lambda found, targets: found[..., 5].__setitem__(found[..., 5] == 3, 2),  # a class is never found
        lambda found, targets: found.__setitem__(slice(1, None), np.nan),  # most pictures have no boxes
    ],
)
def test_it_is_so_on_degenerate_boxes(change):
    found, targets = scenes(np.random.default_rng(20))
    change(found, targets)
    assert map50(checked(found, targets), targets).value == pytest.approx(
        mean_precision(coco_precision(found, targets)[:1]), abs=1e-9
    )


def test_a_box_of_no_size_counts_like_one_that_is_nowhere():
    found, targets = scenes(np.random.default_rng(21))
    bad, nowhere = found.copy(), found.copy()
    bad[:, 0, 2] = bad[:, 0, 0] - 3
    nowhere[:, 0, :4] = [900, 900, 910, 910]
    one, other = (map50(checked(boxes, targets), targets).value for boxes in (bad, nowhere))
    assert one == pytest.approx(other)
    assert one < map50(checked(found, targets), targets).value


def test_no_boxes_and_no_truth_are_zero():
    found, targets = scenes(np.random.default_rng(22))
    none = np.full((len(found), 0, 6), np.nan)
    assert map50(checked(none, targets), targets).value == 0
    assert find_f1(checked(none, targets), targets).value == 0
    assert [message.code for message in tell_finds(checked(none, targets), targets)][-1] == "boxes.none"
    empty = {**targets, "labels": np.full_like(targets["labels"], -1)}
    assert map50(checked(found, empty), empty).value == 0
    assert find_f1(checked(found, empty), empty).value == 0


def test_the_interval_covers_the_mean_of_other_draws():
    random = np.random.default_rng(23)
    found, targets = scenes(random, pictures=600, gap=0.5)
    large = map50(checked(found, targets), targets).value
    covered = 0
    for _ in range(20):
        found, targets = scenes(random, pictures=40, gap=0.5)
        measured = map50(checked(found, targets), targets)
        covered += measured.low <= large <= measured.high
    assert covered >= 15


def test_overlaps_are_torchvisions():
    random = np.random.default_rng(24)
    corner = random.uniform(0, 40, (2, 30, 2))
    one, other = np.concatenate([corner, corner + random.uniform(1, 30, (2, 30, 2))], axis=2)
    wide = np.column_stack([one, np.ones((30, 4))])
    np.testing.assert_allclose(iou(wide, other), box_iou(torch.tensor(one), torch.tensor(other)), atol=1e-12)


def test_finds_are_those_of_a_plain_loop():
    for seed in range(6):
        found, targets = scenes(np.random.default_rng(seed))
        finds, told, objects = count_finds(checked(found, targets), targets).sum(axis=0)
        expected = 0
        for rows, truth in zip(found, targets["boxes"], strict=True):
            free = [box for box in truth if box[0] == box[0]]
            for row in sorted((r for r in rows if r[4] >= 0.5), key=lambda r: -r[4]):
                overlaps = [float(iou(np.append(row, [0, 0])[None], box[None])[0, 0]) for box in free]
                if overlaps and max(overlaps) >= 0.5:
                    free.pop(int(np.argmax(overlaps)))
                    expected += 1
        assert finds == expected
        assert told == (found[..., 4] >= 0.5).sum()
        assert find_f1(checked(found, targets), targets).value == pytest.approx(2 * finds / (told + objects))


def test_finds_need_no_class_and_a_second_box_on_an_object_is_false():
    targets = {
        "boxes": np.array([[[0.0, 0, 4, 4]]]),
        "labels": np.array([[1]]),
        "sizes": np.array([[SIDE, SIDE]]),
    }
    found = np.array([[[0, 0, 4, 4, 0.9, 77], [0, 0, 4, 4, 0.8, 1], [0, 0, 4, 4, 0.49, 1]]])
    (told,) = tell_finds(checked(found, targets), targets)
    assert told.params == {"recall": 1.0, "finds": 1, "objects": 1, "false": 1.0}


def test_cheats_earn_little():
    random = np.random.default_rng(25)
    _, targets = scenes(random, pictures=20)
    steps = range(0, 60, 4)
    grid = np.array([[x, y, x + 8, y + 8, 1, 1 + (x + y) % 3] for x in steps for y in steps])
    whole = np.array([[0, 0, SIDE, SIDE, 1, label] for label in (1, 2, 3)])
    same = np.tile([20, 20, 30, 30, 0.9, 1], (MOST, 1))
    for rows in (grid, whole, same):
        boxes = checked(np.tile(rows[None].astype(float), (20, 1, 1)), targets)
        assert map50(boxes, targets).value < 0.1
        assert find_f1(boxes, targets).value < 0.25


FAULTS = {
    "boxes.not_finite": [np.inf, 0, 9, 9, 0.5, 1],
    "boxes.order": [9, 0, 4, 9, 0.5, 1],
    "boxes.outside": [50, 50, 90, 60, 0.5, 1],
    "boxes.scores": [0, 0, 9, 9, 1.5, 1],
    "boxes.labels": [0, 0, 9, 9, 0.5, 7],
}


@pytest.mark.parametrize("code", FAULTS)
def test_a_fault_of_the_boxes_is_told_with_its_number_and_only_that(code):
    _, targets = scenes(np.random.default_rng(26), pictures=4)
    good = [10, 10, 20, 20, 0.5, 1]
    boxes = checked(np.array([[good, FAULTS[code]], *[[good, good]] * 3], dtype=float), targets)
    (fault,) = tell_detector(boxes, targets)[2:]
    assert (fault.code, fault.params["count"], fault.params["total"]) == (code, 1, 8)
    assert tell_detector(boxes[1:], {name: part[1:] for name, part in targets.items()})[2:] == ()


def test_shares_and_too_many_boxes_are_told():
    _, targets = scenes(np.random.default_rng(27), pictures=4)
    small = checked(np.tile([0.1, 0.1, 0.3, 0.3, 0.5, 1], (4, MOST, 1)), targets)
    assert [fault.code for fault in tell_detector(small, targets)[2:]] == ["boxes.normalised", "boxes.most"]


SPOILT = {
    "mistake.boxes_yx": lambda b: b[..., [1, 0, 3, 2, 4, 5]],
    "mistake.boxes_xywh": lambda b: np.concatenate([b[..., :2], b[..., 2:4] - b[..., :2], b[..., 4:]], -1),
    "mistake.boxes_centres": lambda b: np.concatenate(
        [(b[..., :2] + b[..., 2:4]) / 2, b[..., 2:4] - b[..., :2], b[..., 4:]], -1
    ),
    "mistake.boxes_shares": lambda b: b / [SIDE, SIDE, SIDE, SIDE, 1, 1],
    "mistake.boxes_yolo": lambda b: SPOILT["mistake.boxes_centres"](b) / [SIDE, SIDE, SIDE, SIDE, 1, 1],
    "mistake.labels_from_zero": lambda b: b - [0, 0, 0, 0, 0, 1],
}


@pytest.mark.parametrize("code", SPOILT)
def test_a_usual_mistake_is_mended(code):
    found, targets = scenes(np.random.default_rng(28))
    spoilt = checked(SPOILT[code](found), targets)
    mended = {**BOX_MISTAKES, **LABEL_MISTAKES}[code](spoilt)
    np.testing.assert_allclose(mended, checked(found, targets), atol=1e-9)
    assert map50(spoilt, targets).value < map50(mended, targets).value


@pytest.mark.parametrize(
    ("predictions", "code"),
    [
        (np.array(1.0), "predictions.length"),
        (np.zeros((3, 1, 6)), "predictions.length"),
        (np.zeros((2, 6)), "boxes.shape"),
        (np.zeros((2, 4, 5)), "boxes.shape"),
        (np.zeros((2, MOST + 1, 6)), "boxes.shape"),
        (np.full((2, 1, 6), "a"), "contract.not_numeric"),
    ],
)
def test_what_is_no_prediction_is_told(predictions, code):
    assert read_boxes(predictions, {"sizes": np.zeros((2, 2))}, 0).code == code


def test_the_same_boxes_are_the_same_however_many_rows_of_padding_follow():
    found, targets = scenes(np.random.default_rng(29), pictures=3)
    one = checked(found, targets)
    fewer = checked(found[:, :-1], targets) if np.isnan(found[:, -1]).all() else one
    assert same_boxes(one, fewer).tolist() == [True] * 3
    moved = one.copy()
    moved[1, 0, 0] += 1
    assert same_boxes(one, moved).tolist() == [True, bool(np.isnan(one[1, 0, 0])), True]


def test_matching_takes_the_best_scores_first_at_every_threshold():
    overlap = np.array([[0.55, 0.9], [0.0, 0.95], [0.6, 0.0]])
    assert match(overlap, (0.5, 0.75)).tolist() == [[True, False, True], [True, False, False]]
    assert match(np.zeros((2, 0)), HALF).tolist() == [[False, False]]
    assert len(ALL) == 10


def test_matches_are_sorted_by_score_over_all_pictures():
    found, targets = scenes(np.random.default_rng(30))
    for one in matches(checked(found, targets), targets, HALF).values():
        assert (np.diff(one.scores) <= 0).all()


def test_three_pictures_are_shown_with_what_was_found():
    found, targets = scenes(np.random.default_rng(31), pictures=9)
    found[:, :4, :4] = [[-1e300, 5, 1e300, 20], [3, 3, 3.01, 3.01], [-9, -9, -8, -8], [900, 900, 901, 901]]
    found[:, :4, 4] = 0.9
    images = np.zeros((9, SIDE, SIDE, 3), dtype=np.uint8)
    shown = show_boxes(checked(found, targets), Split({"images": images}, targets))
    assert len(shown) == 3
    assert {picture.caption.code for picture in shown} == {"boxes.shown"}
    assert max(picture.caption.params["objects"] for picture in shown) == (targets["labels"] > 0).sum(1).max()
