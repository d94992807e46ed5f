"""The `full` profile of `clothes`: Fashion-MNIST as Zalando Research published it (MIT licence)."""

import hashlib
import json
from pathlib import Path, PurePosixPath

import numpy as np

from graders.data import folders
from graders.data.downloads import Official, obtain
from graders.data.types import Public, Raw

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


class FashionMnist:
    """50,000 pictures to train on and 10,000 for validation; the 10,000 test pictures are hidden."""

    def fetch(self, cache: Path, progress: bool) -> None:
        """See `Pictures.fetch`: from the cache, else from `GRADE_MIRROR`, else from the official address."""
        files = [Official(name, f"{OFFICIAL}/{name}", f"md5:{digest}") for name, digest in MD5.items()]
        raw = cache / "clothes" / "official" / folders.RAW
        obtain(files, raw, dataset="clothes", below=PurePosixPath(folders.RAW), progress=progress)

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
