"""What drawn data depend on: the text of the modules that draw them."""

import hashlib
from pathlib import Path


def of_modules(*names: str) -> str:
    """SHA-256 in hexadecimal of modules of this folder, and of the one that random numbers come from."""
    digest = hashlib.sha256()
    for name in (*names, "seeds.py"):
        digest.update((Path(__file__).parent / name).read_text(encoding="utf-8").encode())
    return digest.hexdigest()
