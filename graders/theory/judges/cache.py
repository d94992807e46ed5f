"""Replies on disk, so that an answer is sent out once; a file that cannot be read or written is no error.

An entry holds quotes of the answer, so only its owner may read it. It is checked like a fresh reply when it
is read.
"""

import tempfile
from pathlib import Path

MOST_BYTES = 1_000_000
"""A longer file is none of ours."""


def load(folder: Path, key: str) -> bytes | None:
    """The entry `key`; None where there is none that can be read."""
    try:
        with _file(folder, key).open("rb") as file:
            found = file.read(MOST_BYTES + 1)
    except OSError:
        return None
    return found if len(found) <= MOST_BYTES else None


def save(folder: Path, key: str, entry: bytes) -> None:
    """Keep an entry so that a reader sees all of it or none; where that fails, it is sent out again."""
    path = _file(folder, key)
    draft = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".draft-", delete=False) as file:
            draft = Path(file.name)
            file.write(entry)
        draft.replace(path)
    except OSError:
        if draft is not None:
            draft.unlink(missing_ok=True)


def _file(folder: Path, key: str) -> Path:
    return folder / key[:2] / f"{key}.json"
