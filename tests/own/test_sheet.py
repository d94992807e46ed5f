"""The sheet that a person looks at: random examples and what is alike."""

import numpy as np
import pytest
from made_data import clouds, examples, sentences, table

from graders.i18n import sentence
from graders.model import Pictures, Sheet
from graders.own.alike import find_alike
from graders.own.drawing import MOST_SIDE
from graders.own.examples import Examples
from graders.own.sheet import MOST_CHARACTERS, PAIRS, SHOWN, pairs_alike, random_examples

HISTORIES = table(30, 12)
ALL = {
    "classes": examples("classification", clouds(30, channels=3), np.arange(30) % 2, classes=("a", "b")),
    "one channel": examples("sampling", clouds(30)),
    "masks": examples("segmentation", clouds(30), (clouds(30)[:, 0] > 0.6).astype(np.uint8)),
    "seven channels": examples("reconstruction", clouds(30, channels=7)),
    "wide": examples("sampling", np.random.RandomState(0).rand(3, 1, 2, 3000).astype(np.float32)),
    "one pixel": examples("sampling", np.zeros((3, 1, 1, 1), np.float32)),
    "huge": examples("sampling", clouds(5) * np.float32(3e38) - np.float32(1e38)),
    "series": examples("forecasting", HISTORIES[:, :9], HISTORIES[:, 9:]),
    "flat series": examples("forecasting", np.ones((3, 1), np.float32), np.ones((3, 1), np.float32)),
    "table": examples("classification", table(30, 40), np.arange(30) % 2),
    "values": examples("regression", table(30) * np.float32(1e30), np.arange(30) * 1e30),
    "texts": examples("text", sentences(30)),
    "one": examples("text", ("",)),
}


@pytest.mark.parametrize("name", ALL)
def test_examples_of_every_kind_are_shown(name: str) -> None:
    sheet = random_examples(ALL[name], 5)
    assert len(sheet.items) == min(SHOWN, len(ALL[name]))
    for item in sheet.items:
        assert sentence(item.caption if hasattr(item, "caption") else item.label, "ru")


def test_each_kind_is_shown_as_it_can_be_seen() -> None:
    assert isinstance(random_examples(ALL["classes"], 0), Pictures)
    assert isinstance(random_examples(ALL["series"], 0), Pictures)
    assert isinstance(random_examples(ALL["texts"], 0), Sheet)
    assert isinstance(random_examples(ALL["table"], 0), Sheet)


def test_the_seed_decides_what_is_shown() -> None:
    assert random_examples(ALL["texts"], 1) == random_examples(ALL["texts"], 1)
    assert random_examples(ALL["texts"], 1) != random_examples(ALL["texts"], 2)


def test_labels_stand_beside_their_examples() -> None:
    sheet = random_examples(ALL["classes"], 0)
    assert isinstance(sheet, Pictures)
    for item in sheet.items:
        assert item.caption.params["name"] == "ab"[int(item.caption.params["row"]) % 2]


def test_a_mask_is_drawn_beside_its_picture() -> None:
    plain, masked = random_examples(ALL["one channel"], 0), random_examples(ALL["masks"], 0)
    assert isinstance(plain, Pictures) and isinstance(masked, Pictures)
    assert masked.items[0].width > 2 * plain.items[0].width * 0.9


def test_large_pictures_become_small() -> None:
    wide = random_examples(examples("sampling", np.zeros((2, 1, 1000, 700), np.float32)), 0)
    assert isinstance(wide, Pictures)
    assert max(wide.items[0].width, wide.items[0].height) <= MOST_SIDE


def test_texts_are_cut_and_say_nothing_that_cannot_be_written() -> None:
    sheet = random_examples(examples("text", ("x" * 10_000, "\ud800 <b>", "")), 0)
    assert isinstance(sheet, Sheet)
    assert max(len(item.text) for item in sheet.items) == MOST_CHARACTERS
    assert Sheet.model_validate_json(sheet.model_dump_json()) == sheet


@pytest.mark.parametrize(
    "data",
    [
        examples("sampling", np.concatenate([clouds(20), clouds(20)[:, :, :, ::-1]])),
        examples("text", sentences(20) + sentences(20)),
        examples("regression", np.concatenate([table(20), table(20)]), np.zeros(40)),
        examples("segmentation", np.concatenate([clouds(20)] * 2), np.zeros((40, 40, 40), np.uint8)),
    ],
    ids=["pictures", "texts", "rows", "masks"],
)
def test_pairs_are_shown_together(data: Examples) -> None:
    shown = pairs_alike(data, find_alike(data))
    assert shown is not None
    assert len(shown.items) == (PAIRS if isinstance(shown, Pictures) else 2 * PAIRS)


def test_where_nothing_is_alike_no_pairs_are_shown() -> None:
    assert pairs_alike(ALL["texts"], find_alike(ALL["texts"])) is None
