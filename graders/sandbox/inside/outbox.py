"""Where a probe leaves what it found."""

import json
from pathlib import Path
from typing import Any

import numpy as np


class Outbox:
    """Writes the files of one step; each appears whole or not at all."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder = folder
        self._name = name

    def save(self, **arrays: np.ndarray) -> None:
        """Write `<name>.npz`.

        Raises:
            TypeError: an array holds Python objects, which the host would refuse.
        """
        for key, array in arrays.items():
            if np.asarray(array).dtype.hasobject:
                raise TypeError(f"{key} holds Python objects; save numbers or strings")
        part = self._folder / f"{self._name}.npz.part"
        with part.open("wb") as file:
            np.savez(file, allow_pickle=False, **arrays)
        part.replace(self._folder / f"{self._name}.npz")

    def write(self, found: Any) -> None:
        """Write `<name>.json`.

        Raises:
            TypeError: something in it is not JSON.
            ValueError: a number in it is NaN or infinite.
        """
        self._put(f"{self._name}.json", found)

    def fail(self, found: dict[str, Any]) -> None:
        """Write `<name>.error.json`, why the step came to nothing."""
        self._put(f"{self._name}.error.json", found)

    def _put(self, name: str, found: Any) -> None:
        part = self._folder / f"{name}.part"
        part.write_text(json.dumps(found, allow_nan=False), encoding="utf-8")
        part.replace(self._folder / name)
