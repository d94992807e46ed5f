"""What the search for near-duplicates finds, and what it takes for one wrongly, in real and drawn sets.

    python benchmarks/own_data/alike.py [pictures] [others] [speed]
                                        [--pictures 2000] [--changed 300] [--many 20000]

Needs GRADE_MIRROR. For each set and change, some of its examples are changed and added to it; given is the
share that is joined with its original. Beside it stands what is found in the set as it is.
"""

import argparse
import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from changes import CHANGES
from numpy.typing import NDArray
from sets import OTHERS, PICTURES

from graders.own.alike import Alike, find_alike
from graders.own.examples import Examples

sys.path.insert(0, str(Path(__file__).parent.parent))
from measuring import header, machine, row

Floats = NDArray[np.float32]


def main() -> None:
    """Measures what the command line names."""
    tables: dict[str, Callable[[argparse.Namespace], None]] = {
        "pictures": pictures_table,
        "others": others_table,
        "speed": speed_table,
    }
    parser = argparse.ArgumentParser(description="Measures the search for near-duplicates.")
    parser.add_argument("tables", nargs="*", metavar="TABLE", help=f"any of {', '.join(tables)}")
    parser.add_argument("--pictures", type=int, default=2_000, help="most pictures of a set")
    parser.add_argument("--changed", type=int, default=300, help="pictures of a set that are changed")
    parser.add_argument("--many", type=int, default=20_000, help="pictures whose time is taken")
    asked = parser.parse_args()
    mirror = Path(os.environ["GRADE_MIRROR"])
    asked.mirror = mirror
    print(machine(), flush=True)
    for name in asked.tables or tables:
        tables[name](asked)


def pictures_table(asked: argparse.Namespace) -> None:
    """Sets of pictures, each with every change."""
    print("\n" + header("pictures", "number", "joined as they are", "largest group", *CHANGES))
    for name, load in PICTURES.items():
        pictures = load(asked.mirror)[: asked.pictures]
        count = len(pictures)
        alone = _found(pictures)
        random = np.random.RandomState(1)
        chosen = random.permutation(count)[: asked.changed]
        shares = []
        for change in CHANGES.values():
            changed = np.stack([change(pictures[place], random) for place in chosen])
            alike = _found(np.concatenate([pictures, changed.astype(np.float32)]))
            shares.append(f"{(alike.joined[count:] == alike.joined[chosen]).mean():.2f}")
        print(
            row(name, count, f"{alone.copies} ({alone.copies / count:.1%})", _largest(alone), *shares),
            flush=True,
        )


def others_table(asked: argparse.Namespace) -> None:
    """Texts, tables and windows as they are, and with a changed copy of each tenth example."""
    print("\n" + header("set", "number", "joined as they are", "largest group", "changed copies found"))
    for name, load in OTHERS.items():
        one, other, chosen = load(asked.mirror)
        alone, both = find_alike(one), find_alike(other)
        count = len(one)
        share = (both.joined[count:] == both.joined[chosen]).mean()
        print(
            row(name, count, f"{alone.copies} ({alone.copies / count:.1%})", _largest(alone), f"{share:.2f}")
        )


def speed_table(asked: argparse.Namespace) -> None:
    """Time and memory of large sets, on one core if the caller says so."""
    print("\n" + header("set", "seconds of processor", "most memory so far, MiB"))
    random = np.random.RandomState(0)
    drawn = PICTURES["drawn shapes"](asked.mirror)
    table = random.randn(1_000_000, 12).astype(np.float32)
    _timed(f"table of {len(table)} rows", Examples("regression", table, table[:, 0], np.arange(len(table))))
    words = [f"w{number}" for number in range(3_000)]
    texts = tuple(" ".join(words[word] for word in some) for some in random.randint(3_000, size=(20_000, 60)))
    _timed("20000 texts of 60 words", Examples("text", texts, None, np.arange(len(texts))))
    del table, texts
    for name, side in (("drawn shapes, much alike", 32), ("noise with spots", 128)):
        if side == 32:
            pictures = np.concatenate([drawn] * (asked.many // len(drawn) + 1))[: asked.many, None]
            pictures = pictures + random.randn(*pictures.shape).astype(np.float32) * np.float32(0.02)
        else:
            pictures = np.empty((asked.many, 1, side, side), np.float32)
            for picture in pictures:
                picture[0] = random.rand(16, 16).repeat(8, axis=0).repeat(8, axis=1)
        _timed(f"{len(pictures)} pictures of {side} × {side}, {name}", _pictures(pictures))
        del pictures


def _timed(name: str, examples: Examples) -> None:
    began = time.process_time()
    find_alike(examples)
    seconds = time.process_time() - began
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(row(name, f"{seconds:.1f}", f"{most:.0f}"), flush=True)


def _found(pictures: Floats) -> Alike:
    return find_alike(_pictures(pictures[:, None]))


def _pictures(pictures: Floats) -> Examples:
    return Examples("sampling", pictures, None, np.arange(len(pictures)))


def _largest(alike: Alike) -> int:
    return int(np.bincount(alike.joined).max())


if __name__ == "__main__":
    main()
