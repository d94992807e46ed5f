"""`google.colab` for notebooks that were written there: see `inside.offline.colab`."""

import importlib

_colab = importlib.import_module("inside.offline.colab")
for _name in ("auth", "data_table", "drive", "files", "output", "patches", "runtime", "userdata", "widgets"):
    importlib.import_module(f"google.colab.{_name}")


def load_ipython_extension(shell: object) -> None:
    """`%load_ext google.colab`."""
