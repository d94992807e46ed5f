"""The course's mirror: files of the Internet by their address."""

import json
import os
from functools import cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

from . import told
from .notes import refused

WEIGHTS = (".pth", ".pt", ".pth.tar", ".safetensors", ".ckpt", ".h5", ".caffemodel")
"""Ends of names that weights of networks have."""
DRIVE = ("drive.google.com", "docs.google.com", "drive.usercontent.google.com")
PORTS = {"http": 80, "https": 443, "ftp": 21}


class Kept(NamedTuple):
    """A file that the course keeps."""

    path: Path
    name: str
    """As its author calls it."""


def key(url: str) -> str:
    """An address without what does not matter: scheme, usual port, fragment, the forms of Google Drive.

    >>> key("HTTPS://Example.org:443/a.csv#top") == key("http://example.org/a.csv")
    True
    >>> key("https://drive.google.com/file/d/1a2B/view?usp=sharing") == key("https://docs.google.com/uc?id=1a2B")
    True
    """
    try:
        parts = urlsplit(url.strip())
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return url
    if host in DRIVE:
        asked = parse_qs(parts.query).get("id")
        steps = parts.path.split("/")
        number = asked[0] if asked else steps[steps.index("d") + 1] if "d" in steps[:-1] else ""
        if number:
            return f"drive:{number}"
    where = host if port in (None, PORTS.get(parts.scheme)) else f"{host}:{port}"
    return f"{where}{parts.path or '/'}" + (f"?{parts.query}" if parts.query else "")


@cache
def _files() -> dict[str, Kept]:
    try:
        listed = json.loads(Path(told()["index"]).read_text(encoding="utf-8"))
    except (OSError, KeyError, TypeError, ValueError):
        return {}
    return {key(url): Kept(Path(path), name) for url, path, name in listed}


def find(url: str) -> Kept | None:
    """The file that the course keeps for an address; None also where it may not be read."""
    kept = _files().get(key(url))
    return kept if kept is not None and os.access(kept.path, os.R_OK) else None


def file_name(url: str) -> str:
    """The last part of an address, as a name for a file."""
    return urlsplit(url).path.rstrip("/").rpartition("/")[2]


def refuse(url: str) -> str:
    """Note that an address was refused; the sentence that says so."""
    name = file_name(url)
    if name.endswith(WEIGHTS):
        refused("weights", url)
        return (
            f"there is no network here, and the weights {name} ({url}) are not among those that the course "
            "provides for this assignment. Train without them, or hand the file in beside the notebook."
        )
    refused("url", url)
    return (
        f"there is no network here, and {url} is not in the course's mirror. Hand the file in beside the "
        "notebook, or ask the instructor to add it to the mirror. The report names the address."
    )
