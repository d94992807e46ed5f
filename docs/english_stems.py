"""Write `graders/theory/english_stems.txt` from word lists, such as those of Debian's `wamerican`.

python docs/english_stems.py american-english british-english > graders/theory/english_stems.txt
"""

import re
import sys
import textwrap
from pathlib import Path

from graders.theory.folding import stem

NOTICE = """\
Snowball stems of the English words of four letters and more in SCOWL's lists, made by docs/english_stems.py
from Debian's wamerican and wbritish 2020.12.07.
SCOWL: Copyright 2000-2011 by Kevin Atkinson. Permission to use, copy, modify, distribute and sell these word
lists, the associated scripts, the output created from the scripts, and its documentation for any purpose is
hereby granted without fee, provided that the above copyright notice appears in all copies and that both that
copyright notice and this permission notice appear in supporting documentation. Kevin Atkinson makes no
representations about the suitability of this array for any purpose. It is provided "as is" without express or
implied warranty."""


def main(paths: list[str]) -> None:
    """Print the stems of all words of the files at `paths`, under the notice that their licence asks for."""
    found: set[str] = set()
    for path in paths:
        for line in Path(path).read_text(encoding="utf-8").splitlines():
            word = line.strip().removesuffix("'s")
            if re.fullmatch("[A-Za-z]{4,}", word):
                found.add(stem(word.lower()))
    sys.stdout.write("".join(f"# {line}\n" for line in NOTICE.splitlines()))
    sys.stdout.write(textwrap.fill(" ".join(sorted(found)), 110) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
