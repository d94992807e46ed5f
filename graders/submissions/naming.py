"""Names of students, safe as the names of folders."""

import re
import unicodedata
from pathlib import Path

TAKEN_NAMES = frozenset({"class"})
"""Folders of `reports/` that are no student's."""


def student_name(folder: Path) -> str:
    """The student's name, safe as the name of a folder: that of `folder` without control characters.

    >>> student_name(Path("submissions/student42")), student_name(Path("submissions/class"))
    ('student42', 'class_')
    """
    name = "".join(
        "_" if unicodedata.category(char).startswith("C") else char for char in folder.resolve().name
    )
    name = re.sub(r"[/\\:]", "_", name).lstrip(".").strip()[:120]
    return f"{name}_" if not name or name in TAKEN_NAMES else name
