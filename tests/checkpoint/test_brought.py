from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from files import safetensors, tensor

from graders.checkpoint import find_brought
from graders.model import Submission

WEIGHTS = safetensors({"a": tensor([1], 0, 4)}, bytes(4))
CURVE = b"epoch,train_loss\n1,0.5\n2,0.4\n"
NAME = "l06_unet.safetensors"


@pytest.fixture
def found(submitted: Callable[..., Submission], tmp_path: Path) -> Callable[..., list[str]]:
    """What is said of files beside a notebook that keeps to the convention."""

    def of(**files: bytes | None) -> list[str]:
        for end, data in files.items():
            path = tmp_path / f"l06_unet.{end.replace('_', '.')}"
            if data is None:
                (tmp_path / "elsewhere").write_bytes(WEIGHTS)
                path.symlink_to(tmp_path / "elsewhere")
            else:
                path.write_bytes(data)
        cell = "import os\nskip = os.environ.get('GRADE_MODE')\ndef load_model(path): ..."
        brought = find_brought(replace(submitted(cell), slug="l06_unet", folder=tmp_path))
        assert brought.expected == NAME
        return [message.code for message in brought.problems]

    return of


def test_weights_with_a_curve_leave_nothing_to_say(found: Callable[..., list[str]]) -> None:
    assert found(safetensors=WEIGHTS, curve_csv=CURVE) == []


def test_links_are_told_and_not_followed(found: Callable[..., list[str]]) -> None:
    assert found(safetensors=None, curve_csv=None) == ["checkpoint.weights_closed", "curve.closed"]


def test_a_broken_file_of_weights_is_told_once(found: Callable[..., list[str]]) -> None:
    assert found(safetensors=WEIGHTS[:-1], curve_csv=CURVE) == ["checkpoint.weights_cut"]


def test_what_is_missing_is_told(found: Callable[..., list[str]]) -> None:
    assert found(curve_csv=CURVE) == ["checkpoint.curve_alone"]
    assert found(safetensors=WEIGHTS, curve_csv=b"junk") == ["curve.columns"]


def test_a_curve_that_was_not_handed_in_is_asked_for(found: Callable[..., list[str]]) -> None:
    assert found(safetensors=WEIGHTS) == ["checkpoint.no_curve"]
