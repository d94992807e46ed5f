"""Runs one of `offline.commands`: `python command.py NAME ARGUMENTS…`."""

import importlib
import sys

if __name__ == "__main__":
    sys.path[0] = sys.argv[0].rpartition("/inside/")[
        0
    ]  # as it was called: links may lead to what is not shown
    sys.exit(importlib.import_module("inside.offline.commands").main(sys.argv[1], sys.argv[2:]))
