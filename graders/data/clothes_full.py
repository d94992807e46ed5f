"""The `full` profile of `clothes`: Fashion-MNIST as Zalando Research published it (MIT licence)."""

import hashlib
import json
import logging
import os
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pooch

from graders.data import folders
from graders.data.publishing import unwritable
from graders.data.types import Public, Raw
from graders.errors import DataMissingError, Problem

OFFICIAL = "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com"
MD5 = {
    "train-images-idx3-ubyte.gz": "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
    "train-labels-idx1-ubyte.gz": "25c81989df183df01b3e8a0aad5dffbe",
    "t10k-images-idx3-ubyte.gz": "bef4ecab320f06d8554ea6380940ec79",
    "t10k-labels-idx1-ubyte.gz": "bb300cfdad3c16e7a12a480ee83cd310",
}
"""As published beside the files: https://github.com/zalandoresearch/fashion-mnist."""
SPLIT_SEED = 4
VALIDATION = 10_000
"""Official training pictures that are kept back for validation."""
NETWORK_SECONDS = 20
"""How long a silent server is waited for."""


class FashionMnist:
    """50,000 pictures to train on and 10,000 for validation; the 10,000 test pictures are hidden."""

    def fetch(self, cache: Path, progress: bool) -> None:
        """See `Pictures.fetch`: from the cache, else from `GRADE_MIRROR`, else from the official address."""
        raw = cache / "clothes" / "official" / folders.RAW
        mirror = os.environ.get("GRADE_MIRROR", "")
        sources = [*([_below(mirror)] if mirror else []), OFFICIAL]
        tried: dict[str, str] = {}
        missing = [name for name in MD5 if not _obtain(name, raw, sources, progress, tried)]
        if missing:
            places = "; ".join(f"{place}: {reason}" for place, reason in tried.items())
            message = (
                f"{', '.join(missing)}: not in this cache, and could not be had. Tried {places}. "
                "With a network, run: grade data fetch clothes; without one, set GRADE_MIRROR to a folder "
                "with FashionMNIST/raw/*.gz"
            )
            raise DataMissingError([Problem(raw, "", message)])

    def public(self, cache: Path) -> Public:
        """See `Pictures.public`: a fixed permutation of the official training set, cut in two."""
        official = folders.read(self._fetched(cache), "train", ".gz")
        # RandomState's streams are frozen, so the split is the same in every release of NumPy
        order = np.random.RandomState(SPLIT_SEED).permutation(len(official.images))
        train, validation = order[:-VALIDATION], order[-VALIDATION:]
        return Public(
            Raw(official.images[train], official.labels[train]),
            Raw(official.images[validation], official.labels[validation]),
        )

    def hidden(self, cache: Path, secret: bytes) -> Raw:
        """See `Pictures.hidden`: the official test set, which no secret can change."""
        return folders.read(self._fetched(cache), "t10k", ".gz")

    def fingerprint(self) -> str:
        """See `Pictures.fingerprint`: the published hashes and the rule of the split."""
        rule = json.dumps([MD5, SPLIT_SEED, VALIDATION], sort_keys=True)
        return hashlib.sha256(rule.encode()).hexdigest()

    def _fetched(self, cache: Path) -> Path:
        self.fetch(cache, progress=False)
        return cache / "clothes" / "official"


def _below(mirror: str) -> str:
    if _is_url(mirror):
        return f"{mirror.rstrip('/')}/{folders.RAW.as_posix()}"
    return str(Path(mirror).expanduser().absolute() / folders.RAW)


def _is_url(source: str) -> bool:
    return urlsplit(source).scheme in ("http", "https")


def _obtain(name: str, raw: Path, sources: list[str], progress: bool, tried: dict[str, str]) -> bool:
    """Put one file into the cache's folder `raw`; where a source fails, `tried` is told why."""
    try:
        if (raw / name).is_file() and _md5((raw / name).read_bytes()) == MD5[name]:
            return True
        raw.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(raw, error) from error
    for source in sources:
        # a server that failed once is not waited for again
        place = source if _is_url(source) else f"{source}/{name}"
        if place in tried:
            continue
        try:
            if _is_url(source):
                _download(f"{source}/{name}", raw / name, progress)
            else:
                _copy(Path(place), raw / name)
        except (OSError, ValueError) as error:
            tried[place] = str(error)[:300]
        else:
            return True
    return False


def _download(url: str, target: Path, progress: bool) -> None:
    pooch.get_logger().setLevel(logging.WARNING)
    pooch.retrieve(
        url,
        known_hash=f"md5:{MD5[target.name]}",
        fname=target.name,
        path=target.parent,
        downloader=pooch.HTTPDownloader(progressbar=progress, timeout=NETWORK_SECONDS),
    )


def _copy(source: Path, target: Path) -> None:
    content = source.read_bytes()
    found = _md5(content)
    if found != MD5[target.name]:
        raise ValueError(f"{len(content)} bytes with md5 {found}, expected md5 {MD5[target.name]}")
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".draft-", delete=False) as draft:
        draft.write(content)
    Path(draft.name).replace(target)


def _md5(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()
