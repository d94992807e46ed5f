"""`pip`, `conda` and `apt-get`: what is installed is there, what is not is refused by name."""

import re
import shutil
import sys
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

from .arguments import read
from .notes import refused

PIP_VALUED = (
    *("-r", "--requirement", "-c", "--constraint", "-i", "--index-url", "--extra-index-url", "-f"),
    *("--find-links", "-t", "--target", "--prefix", "--root", "--upgrade-strategy", "--progress-bar", "-e"),
    *("--editable", "--timeout", "--retries", "--trusted-host", "--proxy", "--cache-dir", "--no-binary"),
    *("--only-binary", "--config-settings", "--log"),
)
CONDA_VALUED = ("-c", "--channel", "-n", "--name", "-p", "--prefix")
APT_VALUED = ("-o", "--option", "-t", "--target-release")
NAME = re.compile(r"\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\])?\s*([^;#]*)")
CHANNEL = re.compile(r"^[\w.-]+::")
CONDA_OWN = ("python", "cudatoolkit", "pytorch-cuda", "cpuonly")
"""Names that are packages of conda's alone; the course's own are used."""
SAME = {
    "opencv-python": ("opencv-python-headless", "opencv-contrib-python", "opencv-contrib-python-headless"),
    "opencv-python-headless": ("opencv-python", "opencv-contrib-python"),
    "opencv-contrib-python": ("opencv-python", "opencv-python-headless"),
    "sklearn": ("scikit-learn",),
    "skimage": ("scikit-image",),
    "pil": ("pillow",),
    "cv2": ("opencv-python", "opencv-python-headless"),
    "pytorch": ("torch",),
    "bs4": ("beautifulsoup4",),
    "torchvision-cpu": ("torchvision",),
}
"""Other names of the same modules."""
ALWAYS = ("pip", "setuptools", "wheel", "google-colab", "gdown")
"""What a notebook need not install."""
MOST_FILE = 2**20
"""Bytes of a file of requirements."""


def installed(name: str) -> str | None:
    """The version of a package; None where it is not installed."""
    plain = re.sub(r"[-_.]+", "-", name).lower()
    for other in (plain, *SAME.get(plain, ())):
        try:
            return metadata.version(other)
        except (metadata.PackageNotFoundError, ValueError):
            continue
    return "here" if plain in ALWAYS else None


def _wanted(words: Iterable[str]) -> list[str]:
    return [word for word in words if word.strip()]


def _file(name: str) -> list[str]:
    """The lines of a file of requirements."""
    try:
        with Path(name).open(encoding="utf-8", errors="replace") as file:
            lines = file.read(MOST_FILE).splitlines()
    except OSError as error:
        print(f"ERROR: {name} cannot be read: {error.strerror}", file=sys.stderr)
        return []
    return [line for line in lines if line.strip() and not line.lstrip().startswith(("#", "-"))]


def _get(requirement: str, quiet: bool) -> bool:
    """Whether a requirement is met; says so."""
    if "://" in requirement or requirement.startswith(("git+", "./", "/", "../")) or requirement == ".":
        refused("package", requirement)
        _sorry(requirement)
        return False
    match = NAME.match(requirement)
    if match is None:
        print(f"ERROR: Invalid requirement: {requirement!r}", file=sys.stderr)
        return False
    name, version = match[1], match[2].strip()
    found = installed(name)
    if found is None:
        refused("package", name)
        _sorry(name)
        return False
    if version.startswith("==") and version.lstrip("= ") != found.partition("+")[0] and found != "here":
        # one environment serves all, and notebooks mostly name the version that they once saw
        refused("version", f"{name}{version} ({found})"[:200])
        print(f"Requirement {name}{version}: the course has {found}, which stays.")
    elif not quiet:
        print(f"Requirement already satisfied: {requirement} ({found})")
    return True


def _sorry(name: str) -> None:
    print(
        f"ERROR: {name} is not installed here, and there is no network to get it from. Do without it, or ask "
        "the instructor to install it. The report names it.",
        file=sys.stderr,
    )


def pip(given: list[str]) -> int:
    """`pip install …`; other commands tell what is installed or do nothing."""
    asked = read(given, PIP_VALUED)
    command, words = (asked.words or [""])[0], asked.words[1:]
    quiet = asked.any_of("-q", "-qq", "--quiet") is not None
    if command in ("install", "download", "wheel"):
        for option in ("-r", "--requirement"):
            words += _file(asked.options[option]) if option in asked.options else []
        words += filter(None, [asked.any_of("-e", "--editable")])
        return 0 if all([_get(word, quiet) for word in _wanted(words)]) else 1
    if command == "show":
        found = {word: installed(word) for word in words}
        for name, version in found.items():
            print(f"Name: {name}\nVersion: {version}" if version else f"WARNING: not found: {name}")
        return 0 if all(found.values()) else 1
    if command in ("list", "freeze"):
        lines = {f"{one.metadata['Name']}=={one.version}" for one in metadata.distributions()}
        print("\n".join(sorted(lines)))
    elif command in ("uninstall", "cache", "config", "check"):
        print("Nothing is changed: the environment is the course's.")
    elif "--version" in asked.options or "-V" in asked.options:
        print("pip of the course's sandbox: it has no network and shows what is installed")
    return 0


def conda(given: list[str]) -> int:
    """`conda install …`, for which names are taken as pip's and versions are as they are."""
    asked = read(given, CONDA_VALUED)
    if (asked.words or [""])[0] not in ("install", "create", "update", "upgrade"):
        return 0
    words = [CHANNEL.sub("", word).partition("=")[0] for word in asked.words[1:]]
    named = [word for word in words if word not in CONDA_OWN]
    return 0 if all([_get(word, False) for word in _wanted(named)]) else 1


def _is_there(name: str) -> bool:
    return shutil.which(name) is not None or ("/" not in name and Path("/usr/share/doc", name).is_dir())


def apt(given: list[str]) -> int:
    """`apt-get install …`: a package is there where its command or its documentation is."""
    words = read(given, APT_VALUED).words
    if (words or [""])[0] != "install":
        return 0
    missing = [name for name in words[1:] if not _is_there(name)]
    for name in words[1:]:
        if name in missing:
            refused("package", name)
            _sorry(name)
        else:
            print(f"{name} is already the newest version.")
    return 100 if missing else 0
