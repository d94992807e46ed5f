"""`wget`, `curl`, `gdown`, `git` and `kaggle`: files of the mirror are copied, everything else is refused."""

import shutil
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from .arguments import read
from .mirror import Kept, file_name, find, refuse

WGET_VALUED = (
    *(f"-{letter}" for letter in "OPoatTUeiwQARlDIXYB"),
    *("--output-document", "--directory-prefix", "--output-file", "--tries", "--timeout", "--user-agent"),
    *("--header", "--load-cookies", "--save-cookies", "--post-data", "--user", "--password", "--referer"),
    "--input-file",
)
CURL_VALUED = (
    *(f"-{letter}" for letter in "oHAdXbceumCFrTUxwyYzEK"),
    *("--output", "--header", "--user-agent", "--data", "--request", "--cookie", "--cookie-jar", "--user"),
    *("--retry", "--max-time", "--connect-timeout", "--output-dir", "--url", "--continue-at", "--referer"),
)
GDOWN_VALUED = ("-O", "--output", "--id", "--proxy", "--speed", "--format", "--user-agent")
KAGGLE_VALUED = ("-c", "-d", "-f", "-p", "--competition", "--dataset", "--file", "--path")
REMOTE = ("fetch", "pull", "push", "ls-remote", "submodule", "remote", "lfs")
SYSTEMS = 113
"""Exit code upon which the scripts in `bin` call the system's own command of the same name."""
REFUSED, MISSING = 4, 2
"""Exit codes: of `wget` where there is no network, and of most commands that were called wrongly."""


def tell(text: str) -> None:
    """Print to standard error."""
    print(text, file=sys.stderr)


def _fetch(url: str, target: str, quiet: bool) -> int:
    """Put the file of an address where it was wanted, `-` for standard output."""
    kept = find(url)
    if kept is None:
        tell(refuse(url))
        return REFUSED
    return _put(kept, target, quiet)


def _put(kept: Kept, target: str, quiet: bool) -> int:
    try:
        if target == "-":
            sys.stdout.buffer.write(kept.path.read_bytes())
            return 0
        if target.endswith("/") or Path(target).is_dir():
            target = str(Path(target) / kept.name)
        Path(target).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(kept.path, target)
    except OSError as error:
        tell(f"{target} cannot be written: {error.strerror}")
        return 3
    if not quiet:
        tell(f"‘{target}’ saved from the course's mirror")
    return 0


def _listed(file: str | None) -> list[str]:
    """The addresses that stand in a file, one a line."""
    try:
        return Path(file).read_text(encoding="utf-8", errors="replace").split() if file else []
    except OSError as error:
        tell(f"{file} cannot be read: {error.strerror}")
        return []


def _with_scheme(word: str) -> str:
    return word if "://" in word else f"http://{word}"


def wget(given: list[str]) -> int:
    """`wget [-O FILE] [-P FOLDER] URL…`."""
    asked = read(given, WGET_VALUED)
    words = [*asked.words, *_listed(asked.any_of("-i", "--input-file"))]
    if not words:
        tell("wget: missing URL")
        return MISSING
    output, folder = asked.any_of("-O", "--output-document"), asked.any_of("-P", "--directory-prefix") or "."
    quiet = asked.any_of("-q", "--quiet", "-nv", "--no-verbose") is not None
    codes = []
    for word in words:
        url = _with_scheme(word)
        query = urlsplit(url).query
        name = (file_name(url) or "index.html") + (f"?{query}" if query else "")
        codes.append(_fetch(url, output or str(Path(folder) / name), quiet))
    return max(codes)


def curl(given: list[str]) -> int:
    """`curl [-O | -o FILE] URL…`; without either the file is printed."""
    asked = read(given, CURL_VALUED)
    words = [*asked.words, *filter(None, [asked.any_of("--url")])]
    if not words:
        tell("curl: (3) URL is missing")
        return MISSING
    output, folder = asked.any_of("-o", "--output"), asked.any_of("--output-dir") or "."
    named = asked.any_of("-O", "--remote-name", "--remote-name-all") is not None
    quiet = asked.any_of("-s", "--silent") is not None
    codes = []
    for word in words:
        url = _with_scheme(word)
        target = str(Path(folder) / file_name(url)) if named else output or "-"
        codes.append(_fetch(url, target, quiet))
    return max(codes)


def drive_address(given: str) -> str:
    """The address of a file on Google Drive, which may be given as its number alone."""
    return given if "://" in given else f"https://drive.google.com/uc?id={given}"


def gdown(given: list[str]) -> int:
    """`gdown [-O FILE] URL | ID | --id ID`."""
    asked = read(given, GDOWN_VALUED)
    # `--id` once took a value and now takes none
    words = [*asked.words, *filter(None, [asked.any_of("--id")])]
    if len(words) != 1:
        tell("gdown: one address or id is needed")
        return MISSING
    url = drive_address(words[0])
    kept = find(url)
    if kept is None:
        tell(refuse(url))
        return 1
    return _put(kept, asked.any_of("-O", "--output") or kept.name, asked.any_of("-q", "--quiet") is not None)


def git(given: list[str]) -> int:
    """`git clone URL [FOLDER]` from an archive in the mirror; what needs no network is left to Git."""
    words = read(given, ("-C", "-c", "-b", "--branch", "--depth", "-o", "--origin")).words
    if words[:1] == ["clone"] and len(words) > 1:
        return _clone(words[1], words[2] if len(words) > 2 else "")
    if words and words[0] in REMOTE:
        tell(refuse("git " + " ".join(words[:2])))
        return 128
    return SYSTEMS


def _clone(url: str, folder: str) -> int:
    address = url.rstrip("/").removesuffix(".git")
    target = Path(folder or file_name(address) or "repository")
    if target.is_dir() and any(target.iterdir()):
        tell(f"{target} was handed in; it is used as it is.")
        return 0
    kept = find(address) or find(url)
    if kept is None:
        tell(refuse(url))
        return 128
    try:
        unpack(kept, target)
    except (OSError, shutil.ReadError, ValueError) as error:
        tell(f"{kept.name} of the course's mirror cannot be unpacked: {error}")
        return 128
    tell(f"{target} unpacked from the course's mirror")
    return 0


def unpack(kept: Kept, target: Path) -> None:
    """Unpack an archive of the mirror; a single folder in it becomes the target itself.

    Raises:
        OSError, shutil.ReadError, ValueError: it cannot be unpacked.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        # by the author's name for it, whose end says what it is
        link = Path(scratch) / kept.name
        link.symlink_to(kept.path)
        whole = Path(scratch) / "whole"
        shutil.unpack_archive(link, whole)
        found = list(whole.iterdir())
        shutil.move(found[0] if len(found) == 1 and found[0].is_dir() else whole, target)


def kaggle(given: list[str]) -> int:
    """Always refused, with what was asked for."""
    asked = read(given, KAGGLE_VALUED)
    word = asked.any_of("-c", "--competition", "-d", "--dataset") or (asked.words or ["?"])[-1]
    tell(refuse(f"kaggle:{word}"))
    return 1
