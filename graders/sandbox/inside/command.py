"""Runs one of `offline.commands`: `python command.py NAME ARGUMENTS…`."""

import importlib
import sys

if __name__ == "__main__":
    sys.path[0] = sys.path[0].rpartition("/")[0]  # the folder that has `inside`
    sys.exit(importlib.import_module("inside.offline.commands").main(sys.argv[1], sys.argv[2:]))
