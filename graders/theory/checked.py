"""Remembers which rubrics were found sound, since trying hundreds of examples takes seconds.

What is remembered holds for the very rubric and the very code and word lists that judged it.
"""

import contextlib
import hashlib
from functools import cache
from pathlib import Path

from graders.data.publishing import put
from graders.errors import Problem
from graders.model import Rubric
from graders.theory.rubric import check_rubric

FOLDER = "rubrics"
THEORY = Path(__file__).parent
READ = (".py", ".toml", ".json", ".txt")


def check_once(rubric: Rubric, path: Path, cache_folder: Path) -> list[Problem]:
    """All mistakes of `rubric`, which was read from `path`; nothing is tried again that was sound before.

    Args:
        rubric: what to check.
        path: its file.
        cache_folder: where to remember; it need not be writable.
    """
    judged = f"{_code()} {rubric.model_dump_json()}"
    known = cache_folder / FOLDER / hashlib.sha256(judged.encode()).hexdigest()
    if known.is_file():
        return []
    problems = check_rubric(rubric, path)
    if not problems:
        with contextlib.suppress(OSError):  # a cache that cannot be written only costs time
            known.parent.mkdir(parents=True, exist_ok=True)
            put(known, b"")
    return problems


@cache
def _code() -> str:
    """A digest of everything that decides what a rubric finds."""
    digest = hashlib.sha256()
    for path in sorted(path for path in THEORY.rglob("*") if path.suffix in READ):
        digest.update(str(path.relative_to(THEORY)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
