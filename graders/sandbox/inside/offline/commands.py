"""The commands that a notebook calls by `!name`; `bin` has a script for each, which comes here."""

import os
import zipfile
from collections.abc import Callable

from .arguments import read
from .fetching import SYSTEMS, curl, gdown, git, kaggle, tell, wget
from .packages import apt, conda, pip


def unzip(given: list[str]) -> int:
    """`unzip [-q] [-o] FILE [-d FOLDER]`, where the system has none."""
    if _has_unzip():
        return SYSTEMS
    asked = read(given, ("-d",))
    if not asked.words:
        tell("unzip: which file?")
        return 10
    try:
        with zipfile.ZipFile(asked.words[0]) as archive:
            archive.extractall(asked.any_of("-d") or ".", asked.words[1:] or None)
    except (OSError, zipfile.BadZipFile, KeyError, RuntimeError, ValueError) as error:
        tell(f"unzip: {asked.words[0]}: {error}")
        return 9
    return 0


def _has_unzip() -> bool:
    return any(os.access(f"{folder}/unzip", os.X_OK) for folder in ("/usr/bin", "/usr/local/bin", "/bin"))


COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "apt": apt,
    "apt-get": apt,
    "conda": conda,
    "curl": curl,
    "gdown": gdown,
    "git": git,
    "kaggle": kaggle,
    "mamba": conda,
    "pip": pip,
    "pip3": pip,
    "unzip": unzip,
    "wget": wget,
}


def main(name: str, given: list[str]) -> int:
    """Do what a command was asked for; its exit code."""
    return COMMANDS[name](given)
