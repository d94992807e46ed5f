"""What `load_all` returns, packed in the sandbox and read by the host: taken, or told what to change."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from inside.contract import ContractError
from inside.outbox import Outbox
from inside.own_data import load
from PIL import Image

from graders.artifacts import read_arrays, read_json
from graders.model import OWN_KINDS, Message, OwnKind
from graders.own.asking import answered
from graders.own.intake import MOST_EXAMPLES, read_loaded
from graders.own.loaded import Declared, Loaded

Read = Callable[..., Loaded | Message]
LABELS = np.arange(40) % 2
PICTURES = np.random.default_rng(0).random((40, 12, 10)).astype(np.float32)


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Reads what `load_all` returns, as notebook and host do together."""

    def of(*returned: Any, kind: str = "classification", accepts: tuple[OwnKind, ...] = OWN_KINDS) -> Any:
        def load_all() -> Any:
            return returned if len(returned) != 1 else returned[0]

        notebook = {"load_all": load_all, "train": print, "predict": print, "own_kind": kind}
        try:
            load(notebook, {}, {"most_mib": 16}, Outbox(tmp_path, "own"))
        except ContractError as error:
            return Message(code=error.code, params=error.params)
        arrays = read_arrays((tmp_path / "own.npz").read_bytes(), 16)
        declared = read_json((tmp_path / "own.json").read_bytes(), Declared)
        return read_loaded(arrays, declared, accepts)

    return of


@pytest.mark.parametrize(
    ("returned", "code"),
    [
        ((5,), "contract.own_triple"),
        ((None, [1], None), "own.no_inputs"),
        ((np.zeros((5, 2)), [1, 2], None), "own.lengths"),
        ((np.zeros((2, 2)), [1, 2], ["a"]), "own.lengths"),
        ((np.zeros((2, 2)), [1, float("nan")], None), "own.odd_numbers"),
        ((np.full((9, 2), np.inf), [1] * 9, None), "own.odd_numbers"),
        ((np.full((9, 2), 1e300), [1] * 9, None), "own.odd_numbers"),
        ((np.zeros((9, 2)), [1] * 9, [np.nan] * 9), "own.groups"),
        ((np.zeros((9, 2)), [1] * 9, np.zeros((9, 2))), "own.groups"),
        (([np.zeros((9, 9)), np.zeros((9, 8))], [0, 1], None), "contract.own_ragged"),
        (([torch.zeros(3, 9, 9), torch.zeros(3, 8, 9)], [0, 1], None), "contract.own_ragged"),
        ((np.zeros((9, 9, 9, 9, 9)), [1] * 9, None), "own.pictures"),
        ((np.zeros((9, 12, 12, 7)), [1] * 9, None), "own.pictures"),
        ((np.zeros((9, 4, 4)), [1] * 9, None), "own.side"),
        ((np.zeros((2, 300, 300)), [1] * 2, None), "own.side"),
        (({1: 2}, [1], None), "contract.own_form"),
        ((pd.DataFrame({"age": [1], "city": ["a"]}), [1], None), "contract.own_columns"),
        ((np.zeros((9, 2)), [object()] * 9, None), "contract.own_form"),
        ((np.zeros((9, 2)), None, None), "own.no_labels"),
        ((np.zeros((300, 2)), list(range(300)), None), "own.many_classes"),
        ((np.zeros((9, 2)), [0.5] * 9, None), "own.broken_classes"),
        ((np.zeros((9, 2)), np.eye(9), None), "own.classes"),
        (([], [], []), "own.empty"),
        (([" ", ""], [0, 1], None), "own.empty"),
        ((np.zeros((900, 5000)), [1] * 900, None), "contract.own_large"),
        ((np.zeros((9, 2, 2), complex), [1] * 9, None), "contract.own_form"),
    ],
)
def test_a_mistake_is_told(read: Read, returned: tuple[Any, ...], code: str) -> None:
    found = read(*returned)
    assert isinstance(found, Message)
    assert found.code == code


@pytest.mark.parametrize(
    ("kind", "returned", "code"),
    [
        ("segmentation", (PICTURES, np.zeros((40, 9, 9)), None), "own.masks_shape"),
        ("segmentation", (PICTURES, np.tile(np.arange(10), (40, 12, 1)), None), "own.masks_values"),
        ("segmentation", (np.zeros((40, 9)), LABELS, None), "own.pictures"),
        ("regression", (np.zeros((40, 2)), ["a"] * 40, None), "own.label_texts"),
        ("regression", (np.zeros((40, 2)), np.zeros((40, 3)), None), "own.values"),
        ("forecasting", (PICTURES, LABELS, None), "own.table"),
        ("forecasting", (np.zeros((40, 9)), np.zeros((40, 3, 3)), None), "own.futures"),
        ("text", (np.zeros((40, 9)), None, None), "own.not_texts"),
        ("sampling", (["a"] * 40, None, None), "own.texts"),
        ("poetry", (["a"] * 40, None, None), "own.kind"),
    ],
)
def test_a_mistake_of_a_kind_is_told(read: Read, kind: str, returned: tuple[Any, ...], code: str) -> None:
    found = read(*returned, kind=kind)
    assert isinstance(found, Message)
    assert found.code == code


def test_one_kind_need_not_be_named(read: Read) -> None:
    assert isinstance(read(np.zeros((40, 2)), LABELS, None, kind="", accepts=("regression",)), Loaded)
    found = read(np.zeros((40, 2)), LABELS, None, kind="")
    assert isinstance(found, Message)


@pytest.mark.parametrize(
    "pictures",
    [
        PICTURES,
        torch.from_numpy(PICTURES)[:, None],
        (255 * PICTURES[..., None].repeat(3, axis=3)).astype(np.uint8),
        list(PICTURES),
        [Image.fromarray((255 * one).astype(np.uint8)) for one in PICTURES],
    ],
    ids=["array", "tensor", "colour bytes", "list", "PIL"],
)
def test_pictures_are_taken_in_any_layout(read: Read, pictures: Any) -> None:
    found = read(pictures, LABELS, None)
    assert isinstance(found, Loaded)
    assert np.allclose(found.examples.inputs[:, 0], PICTURES, atol=1 / 255)
    assert found.layout is not None
    back = found.layout.write(np.asarray(found.examples.inputs))
    assert np.array_equal(back, found.inputs)


@pytest.mark.parametrize(
    ("labels", "names"),
    [
        (["cat", "dog"] * 20, ("cat", "dog")),
        (np.array(["cat", "dog"] * 20), ("cat", "dog")),
        (np.array([3, 7] * 20), ("3", "7")),
        (torch.tensor([[3], [7]] * 20), ("3", "7")),
        ([True, False] * 20, ("0", "1")),
    ],
)
def test_classes_have_names_in_order(read: Read, labels: Any, names: tuple[str, ...]) -> None:
    found = read(PICTURES, labels, None)
    assert isinstance(found, Loaded)
    assert found.examples.classes == names
    assert sorted(set(np.asarray(found.examples.targets).tolist())) == [0, 1]


def test_large_numbers_and_long_texts_are_told_apart(read: Read) -> None:
    for labels in ([1234567, 1234568] * 20, ["x" * 100 + "a", "x" * 100 + "b"] * 20):
        found = read(PICTURES, labels, None)
        assert isinstance(found, Loaded)
        predicted = answered(found, np.array(labels))
        assert np.array_equal(predicted, found.examples.targets)


@pytest.mark.parametrize(
    ("predicted", "code"),
    [
        ([np.nan] * 40, "own.not_finite"),
        ([9] * 40, "own.unknown_class"),
        (["?" * 900] * 40, "own.unknown_class"),
        ([1e300] * 40, "own.unknown_class"),
    ],
)
def test_labels_that_the_data_does_not_have_are_told(read: Read, predicted: list[Any], code: str) -> None:
    found = read(PICTURES, LABELS, None)
    assert isinstance(found, Loaded)
    told = answered(found, np.array(predicted))
    assert isinstance(told, Message)
    assert (told.code, told.params["n"]) == (code, 40)


def test_standardised_pictures_are_scaled_where_none_are_returned(read: Read) -> None:
    found = read(3 * PICTURES - 1, LABELS, None)
    assert isinstance(found, Loaded)
    assert float(np.min(found.examples.inputs)) == 0
    assert float(np.max(found.examples.inputs)) == 1
    refused = read(3 * PICTURES - 1, None, None, kind="sampling")
    assert isinstance(refused, Message)
    assert refused.code == "own.negative"


def test_masks_may_be_of_0_and_255(read: Read) -> None:
    masks = 255 * (PICTURES > 0.5).astype(np.uint8)[:, None]
    found = read(PICTURES, masks, None, kind="segmentation")
    assert isinstance(found, Loaded)
    assert found.examples.targets is not None
    assert np.array_equal(found.examples.targets, masks[:, 0] // 255)


def test_groups_may_be_texts(read: Read) -> None:
    found = read(PICTURES, LABELS, [f"patient {at // 4}" for at in range(40)])
    assert isinstance(found, Loaded)
    assert found.grouped
    assert len(set(found.examples.groups.tolist())) == 10


def test_of_too_many_examples_evenly_spaced_ones_are_taken(read: Read) -> None:
    found = read(np.arange(100_000)[:, None], np.arange(100_000) % 2, None)
    assert isinstance(found, Loaded)
    assert len(found.examples) == MOST_EXAMPLES
    assert (found.examples.inputs[0, 0], found.examples.inputs[-1, 0]) == (0, 99_999)


def test_the_same_data_has_the_same_digest_and_other_data_another(read: Read) -> None:
    one, same, other = (read(PICTURES, labels, None) for labels in (LABELS, LABELS, 1 - LABELS))
    assert one.sha256 == same.sha256 != other.sha256


@pytest.mark.parametrize(
    ("arrays", "forms"),
    [
        ({"X_text": np.zeros(3, np.uint8), "X_ends": np.array([9])}, {"X": "list"}),
        ({"X_text": np.zeros(3, np.uint8), "X_ends": np.array([3, 1])}, {"X": "list"}),
        ({"X_text": np.zeros(3, np.uint8)}, {"X": "list"}),
        ({"X": np.array(1.0)}, {"X": "array"}),
        ({"X": np.array(["a"])}, {"X": "array"}),
        ({"X": np.zeros((3, 2))}, {"X": "pickle"}),
        ({"X": np.zeros((3, 2))}, {"X": "array", "Z": "array"}),
        ({}, {"X": "array"}),
    ],
)
def test_what_a_hostile_notebook_wrote_is_refused(arrays: dict[str, Any], forms: dict[str, str]) -> None:
    found = read_loaded(arrays, Declared(forms=forms, kind="classification"), OWN_KINDS)
    assert isinstance(found, Message)
    assert found.code == "own.unreadable"


def test_what_goes_to_the_host_is_json_and_plain_arrays(read: Read, tmp_path: Path) -> None:
    read(["a cat", "собака"] * 20, LABELS, None)
    assert json.loads((tmp_path / "own.json").read_text()) == {
        "forms": {"X": "list", "y": "array"},
        "kind": "classification",
    }
    with np.load(tmp_path / "own.npz", allow_pickle=False) as kept:
        assert {kept[name].dtype.kind for name in kept.files} <= set("iu")
