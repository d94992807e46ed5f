"""The `full` profile of `poem`: Pushkin's Eugene Onegin."""

import hashlib
import hmac
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from graders.data.fingerprints import of_modules
from graders.data.mirrored import obtain
from graders.data.passages import ALPHABET_FILE, TRAIN_FILE, VALIDATION_FILE, cut, read_text, write_text
from graders.data.seeds import random_stream
from graders.data.types import Arrays, Hidden, Split

FILES = {"onegin.txt": "2990bb79495c017175794596e9b5f98e9e10cf569197e4c561bdd9a2853fb948"}
"""SHA-256 by name; the work is in the public domain."""
ALPHABET = " абвгдежзийклмнопрстуфхцчшщъыьэюяё,.-;:!?…«»()\n"
BLOCK = 2_000
"""Characters of a contiguous part of the text."""
TURN, HIDDEN_OF, VALIDATION_OF = 10, (3, 8), (6,)
"""Of every `TURN` blocks these are kept for the hidden set and for validation; the others for training."""
PASSAGE, LEAST = 32, 16
PUBLIC_SEED = b"poem/full/1"


@dataclass(frozen=True, slots=True)
class Onegin:
    """The novel in lower case, without numerals and foreign words, cut into contiguous parts; see `Source`.

    Inputs and targets are those of `passages.cut`. Which parts are hidden is fixed, since the files that
    students get must not depend on the secret; where the prefixes begin and end within them is drawn from it.
    The text is public, so that a notebook can have learnt it by heart elsewhere: there is no variant of it
    that such a notebook would not know, and a value far below the reference's is for a person to look at.
    """

    def fetch(self, cache: Path, progress: bool) -> None:
        """See `Source.fetch`: it is copied from `GRADE_MIRROR`."""
        obtain(FILES, _folder(cache), "")

    def publish(self, cache: Path, folder: Path) -> None:
        """See `Source.publish`."""
        blocks = self._blocks(cache)
        (folder / TRAIN_FILE).parent.mkdir()
        write_text(folder / ALPHABET_FILE, ALPHABET)
        for file, kept in (
            (TRAIN_FILE, set(range(TURN)).difference(HIDDEN_OF, VALIDATION_OF)),
            (VALIDATION_FILE, VALIDATION_OF),
        ):
            write_text(folder / file, "".join(_of_turn(blocks, kept)))

    def validation(self, folder: Path) -> Split:
        """See `Source.validation`."""
        text = read_text(folder / VALIDATION_FILE, ALPHABET, BLOCK)
        return cut(text, ALPHABET, PASSAGE, LEAST, random_stream(PUBLIC_SEED))

    def hidden(self, cache: Path, secret: bytes) -> Hidden:
        """See `Source.hidden`."""
        random = random_stream(hmac.digest(secret, b"poem/full/hidden", "sha256"))
        found = [
            cut(block[random.randint(PASSAGE) :], ALPHABET, PASSAGE, LEAST, random)
            for block in _of_turn(self._blocks(cache), HIDDEN_OF)
        ]
        return Hidden(
            _joined([one.inputs for one in found]), _joined([one.targets for one in found]), variant={}
        )

    def fingerprint(self) -> str:
        """See `Source.fingerprint`: the modules and the text's own hash."""
        parts = of_modules("poem_full.py", "passages.py"), *FILES.values()
        return hashlib.sha256("".join(parts).encode()).hexdigest()

    def _blocks(self, cache: Path) -> list[str]:
        self.fetch(cache, progress=False)
        text = plain((_folder(cache) / "onegin.txt").read_text(encoding="utf-8"))
        return [text[start : start + BLOCK] for start in range(0, len(text), BLOCK)]


def plain(text: str) -> str:
    r"""Lines with Russian words, in lower case and of characters of `ALPHABET` only; one blank line at most.

    >>> print(plain("XIV\n\n\t— Мой  Дядя — Uncle!\n"), end="")
    - мой дядя - !
    """
    lines = []
    for line in text.lower().replace("–", "-").replace("—", "-").splitlines():
        kept = "".join(letter for letter in line.replace("\t", " ") if letter in ALPHABET)
        lines.append(re.sub(" +", " ", kept).strip() if re.search("[а-яё]", kept) else "")
    return re.sub("\n{3,}", "\n\n", "\n".join(lines)).strip("\n") + "\n"


def _folder(cache: Path) -> Path:
    return cache / "onegin"


def _of_turn(blocks: list[str], kept: set[int] | tuple[int, ...]) -> list[str]:
    return [block for number, block in enumerate(blocks) if number % TURN in kept]


def _joined(parts: list[Arrays]) -> Arrays:
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
