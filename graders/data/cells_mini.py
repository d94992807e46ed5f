"""The `mini` profile of `cells` and `noisy_cells`: drawn pictures."""

import hashlib
import hmac
from pathlib import Path

from graders.data.cells import CellPictures
from graders.data.cells_drawn import draw
from graders.data.seeds import random_stream
from graders.data.types import Bytes

TRAIN, VALIDATION, HIDDEN, CLEAN = 300, 100, 300, 150
NO_NOISE = (0.0, 0.0)
"""What is to be restored has none of the sensor's noise either, which nothing could bring back."""
PUBLIC_SEED = b"cells/mini/1"


class DrawnCells:
    """The public ones from a published seed, the hidden ones from the secret."""

    validation_count = VALIDATION

    def fetch(self, cache: Path, progress: bool) -> None:
        """See `CellSource.fetch`: there is nothing to download."""

    def train(self, cache: Path) -> CellPictures:
        """See `CellSource.train`."""
        return draw(random_stream(PUBLIC_SEED + b"/train"), TRAIN)

    def validation(self, cache: Path) -> CellPictures:
        """See `CellSource.validation`."""
        return draw(random_stream(PUBLIC_SEED + b"/validation"), VALIDATION)

    def hidden(self, cache: Path, secret: bytes) -> CellPictures:
        """See `CellSource.hidden`."""
        return draw(random_stream(hmac.digest(secret, b"cells/mini/hidden", "sha256")), HIDDEN)

    def clean(self, cache: Path) -> Bytes:
        """See `CellSource.clean`."""
        return draw(random_stream(PUBLIC_SEED + b"/clean"), VALIDATION, NO_NOISE).images

    def hidden_clean(self, cache: Path, secret: bytes) -> Bytes:
        """See `CellSource.hidden_clean`."""
        random = random_stream(hmac.digest(secret, b"noisy_cells/mini/hidden", "sha256"))
        return draw(random, CLEAN, NO_NOISE).images

    def fingerprint(self) -> str:
        """See `CellSource.fingerprint`: the text of the modules that draw."""
        digest = hashlib.sha256()
        for name in ("cells_mini.py", "cells_drawn.py", "seeds.py"):
            digest.update((Path(__file__).parent / name).read_text(encoding="utf-8").encode())
        return digest.hexdigest()
