"""Answers `import safetensors` where the package is not installed, so that weights need no package."""

import importlib
import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

NAMES = ("safetensors", "safetensors.torch")


def offer() -> None:
    """Put the stand-in behind everything that is installed."""
    sys.meta_path.append(_Finder())


class _Finder(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The stand-in's description; None for every other name."""
        if fullname not in NAMES:
            return None
        return ModuleSpec(fullname, _Loader(), is_package=fullname == NAMES[0])


class _Loader(Loader):
    def exec_module(self, module: ModuleType) -> None:
        """Give the module the functions of `inside.tensors` under the names of the package."""
        # only now, since it imports torch
        tensors = importlib.import_module("inside.tensors")
        for name in ("load_file", "save_file", "load_model", "save_model", "safe_open"):
            setattr(module, name, getattr(tensors, name))
