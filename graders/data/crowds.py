"""The `full` profile of `scenes100`: drawn crowds all the same, with drawn scenes to train on.

A picture of blood holds 30 cells at most. Who learns on `full` from blood alone has never seen a drawn shape.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from graders.data.scenes_mini import CountedScenes, DrawnScenes
from graders.data.types import Hidden, Split

SHAPES = "shapes"
"""Where students find `train` and `validation` of the drawn scenes."""


@dataclass(frozen=True, slots=True)
class TaughtCrowds:
    """`CountedScenes` with the public files of `DrawnScenes` below `shapes`; see `Source`."""

    crowds: CountedScenes

    def fetch(self, cache: Path, progress: bool) -> None:
        """See `Source.fetch`: there is nothing to download."""

    def publish(self, cache: Path, folder: Path) -> None:
        """See `Source.publish`."""
        (folder / SHAPES).mkdir()
        DrawnScenes().publish(cache, folder / SHAPES)

    def validation(self, folder: Path) -> Split:
        """See `Source.validation`."""
        return self.crowds.validation(folder)

    def hidden(self, cache: Path, secret: bytes) -> Hidden:
        """See `Source.hidden`."""
        return self.crowds.hidden(cache, secret)

    def fingerprint(self) -> str:
        """See `Source.fingerprint`: that of the crowds, and this module, since it writes files."""
        text = Path(__file__).read_text(encoding="utf-8")
        return hashlib.sha256(f"{self.crowds.fingerprint()} {text}".encode()).hexdigest()
