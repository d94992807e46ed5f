"""Texts to continue letter by letter: files, and passages that are cut before a letter to predict."""

from pathlib import Path

import numpy as np

from graders.data.types import Split

TRAIN_FILE, VALIDATION_FILE, ALPHABET_FILE = "poem/train.txt", "poem/validation.txt", "poem/alphabet.txt"


def cut(text: str, alphabet: str, passage: int, least: int, random: np.random.RandomState) -> Split:
    """One prefix of each passage of a text, and the letter that comes next.

    Passages stand side by side and share nothing, and only one prefix of each is asked for: no prefix holds
    the letter that another one asks for.

    Args:
        text: characters of `alphabet` only; what is left over at its end is not used.
        alphabet: characters by index.
        passage: characters of one passage.
        least: the shortest prefix.
        random: where prefixes end.

    Returns:
        Inputs `prefixes`, strings of shape (N,); targets `next`, uint8 of shape (N, V): 1 at the letter that
        comes next, 0 elsewhere.
    """
    starts = np.arange(len(text) // passage) * passage
    ends = starts + random.randint(least, passage, len(starts))
    following = np.array([alphabet.index(text[end]) for end in ends], dtype=np.int64)
    prefixes = np.array([text[start:end] for start, end in zip(starts, ends, strict=True)])
    return Split({"prefixes": prefixes}, {"next": np.eye(len(alphabet), dtype=np.uint8)[following]})


def write_text(path: Path, text: str) -> None:
    """Write characters as they are, without another system's line ends."""
    path.write_bytes(text.encode())


def read_text(path: Path, alphabet: str, least: int) -> str:
    """A text that was written so.

    Raises:
        OSError: it is not there.
        ValueError: it is shorter than `least` characters or has others than `alphabet`.
    """
    text = path.read_bytes().decode()
    if len(text) < least or set(text) - set(alphabet):
        raise ValueError(f"{path.name}: {len(text)} characters, others than the alphabet's among them")
    return text
