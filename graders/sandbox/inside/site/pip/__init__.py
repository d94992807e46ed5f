"""`pip` without a network: see `inside.offline.packages`."""

import importlib
from collections.abc import Sequence

__version__ = "0"


def main(args: Sequence[str] | None = None) -> int:
    """Install what is installed; the exit code."""
    found: int = importlib.import_module("inside.offline.packages").pip(list(args or []))
    return found
