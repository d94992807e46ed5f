"""Versions of the toolkit and of what it measures with."""

import platform
from importlib.metadata import version

from graders import __version__

PACKAGES = ("torch", "numpy", "nbclient", "ipykernel")
"""Packages whose versions a record names besides Python's and the toolkit's own."""


def versions() -> dict[str, str]:
    """Versions of the toolkit and of what it measured with."""
    return {
        "graders": __version__,
        "python": platform.python_version(),
        **{package: version(package) for package in PACKAGES},
    }
