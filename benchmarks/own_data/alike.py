"""What is taken for copies in honest sets, and what is found of copies that were put into them.

    python benchmarks/own_data/alike.py [honest] [copies] [cheats] [speed] [--sizes 20 60 200 1000 5000]

Needs GRADE_MIRROR. What a table holds stands in its function; sets and changes have modules of their own.
"""

import argparse
import os
import resource
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from changes import MANY, PICTURE_CHANGES, ROW_CHANGES, TEXT_CHANGES, WINDOW_CHANGES, Change, with_copies
from marks import marked
from sets_pictures import PICTURES
from sets_tables import SERIES, TABLES
from sets_texts import TEXTS

from graders.own.alike import Alike, find_alike
from graders.own.examples import Examples
from graders.own.leaks import find_leaks

sys.path.insert(0, str(Path(__file__).parent.parent))
from measuring import header, machine, row

Set = Callable[[Path, int], Examples]
KINDS: Mapping[str, tuple[Mapping[str, Set], Mapping[str, Change]]] = {
    "pictures": (PICTURES, PICTURE_CHANGES),
    "tables": (TABLES, ROW_CHANGES),
    "series": (SERIES, WINDOW_CHANGES),
    "texts": (TEXTS, TEXT_CHANGES),
}


def main() -> None:
    """Measures what the command line names."""
    tables = {"honest": honest_table, "copies": copies_table, "cheats": cheats_table, "speed": speed_table}
    parser = argparse.ArgumentParser(description="Measures the search for near-duplicates and leaks.")
    parser.add_argument("tables", nargs="*", metavar="TABLE", help=f"any of {', '.join(tables)}")
    parser.add_argument("--kinds", nargs="+", default=list(KINDS), help="of data")
    parser.add_argument("--sets", nargs="+", help="only these of the kinds")
    parser.add_argument(
        "--sizes", nargs="+", type=int, default=[20, 60, 200, 1000, 5000], help="of honest sets"
    )
    parser.add_argument("--many", type=int, default=20_000, help="examples whose time is taken")
    asked = parser.parse_args()
    asked.mirror = Path(os.environ["GRADE_MIRROR"])
    print(machine(), flush=True)
    for name in asked.tables or tables:
        tables[name](asked)


def honest_table(asked: argparse.Namespace) -> None:
    """For each size of a set by how much its groups become fewer, and what is found; in bold what stops."""
    for kind in asked.kinds:
        print("\n" + header(kind, *map(str, asked.sizes)))
        for name, load in _chosen(asked, kind):
            cells, before = [], 0
            for size in asked.sizes:
                examples = load(asked.mirror, size)
                cells.append(_honest(examples) if len(examples) > before else "")
                before = len(examples)
            print(row(name, *cells), flush=True)


def _chosen(asked: argparse.Namespace, kind: str) -> list[tuple[str, Set]]:
    return [(name, load) for name, load in KINDS[kind][0].items() if not asked.sets or name in asked.sets]


def _honest(examples: Examples) -> str:
    alike = find_alike(examples)
    own = int(examples.groups.max()) + 1
    found = [f"**{code}**" if severity == "stop" else code for code, severity in _findings(examples, alike)]
    return " ".join([f"{1 - alike.groups / own:.1%}", *found])


def copies_table(asked: argparse.Namespace) -> None:
    """Of changed copies of a quarter of a set the share that is on the side of its original."""
    for kind in asked.kinds:
        changes = KINDS[kind][1]
        print("\n" + header(kind, "number", *changes))
        for name, load in _chosen(asked, kind):
            examples = load(asked.mirror, 200)
            shares = []
            for change in changes.values():
                both, chosen = with_copies(examples, change, every=4)
                joined = find_alike(both).joined
                shares.append(f"{(joined[len(examples) :] == joined[chosen]).mean():.2f}")
            print(row(name, len(examples), *shares), flush=True)


def cheats_table(asked: argparse.Namespace) -> None:
    """What is found in sets of copies only, and in honest sets whose class was put into the input."""
    for kind in asked.kinds:
        changes = KINDS[kind][1]
        print(
            "\n"
            + header(
                kind, "a hundred copies of ten", *(f"{change}, of ten" for change in MANY[kind]), "marked"
            )
        )
        for name, load in _chosen(asked, kind):
            examples = load(asked.mirror, 300)
            ten = examples.take(np.random.RandomState(5).permutation(len(examples))[:10])
            many = ten.take(np.arange(1000) % 10)
            plain = Examples(many.kind, many.inputs, many.targets, np.arange(len(many)), many.classes)
            cells = [_told(plain)]
            for change in MANY[kind]:
                both, _ = with_copies(plain.take(np.arange(200)), changes[change], alone=True)
                cells.append(_told(both))
            cells.append(_told(marked(examples)))
            print(row(name, *cells), flush=True)


def _told(examples: Examples | None) -> str:
    if examples is None:
        return "–"
    found = _findings(examples, find_alike(examples))
    return ", ".join(f"{code} ({severity})" for code, severity in found[:1]) or "nothing"


def _findings(examples: Examples, alike: Alike) -> list[tuple[str, str]]:
    found = find_leaks(examples, alike)
    return [(one.message.code.removeprefix("own.leak."), one.severity) for one in found]


def speed_table(asked: argparse.Namespace) -> None:
    """Time and memory of sets as large as they may be; each in a process of its own, on one core."""
    print(
        "\n"
        + header("set", "seconds of processor: alike", "leaks", "most memory, MiB", "of these the set itself")
    )
    for name, load in LARGE.items():
        sys.stdout.flush()
        if os.fork() == 0:
            os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
            _timed(name, load(np.random.RandomState(0), asked.many))
            sys.stdout.flush()
            os._exit(0)
        os.wait()


def _timed(name: str, examples: Examples) -> None:
    itself = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    began = time.process_time()
    alike = find_alike(examples)
    between = time.process_time()
    find_leaks(examples, alike)
    ended = time.process_time()
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(row(name, f"{between - began:.1f}", f"{ended - between:.1f}", f"{most:.0f}", f"{itself:.0f}"))


def _large_pictures(channels: int, side: int) -> Callable[[np.random.RandomState, int], Examples]:
    def load(random: np.random.RandomState, many: int) -> Examples:
        pictures = np.empty((many, channels, side, side), np.float32)
        for row_ in range(many):
            rough = random.rand(channels, 4, 4).repeat(side // 4, axis=1).repeat(side // 4, axis=2)
            pictures[row_] = rough + 0.1 * random.rand(side, side)
        return Examples("classification", pictures, np.arange(many) % 10, np.arange(many))

    return load


def _large_texts(random: np.random.RandomState, many: int) -> Examples:
    words = np.array([f"w{number}" for number in range(20_000)])
    texts = tuple(" ".join(words[some]) for some in random.zipf(1.3, (many, 1_000)) % len(words))
    return Examples("classification", texts, np.arange(many) % 2, np.arange(many), ("0", "1"))


def _large_table(random: np.random.RandomState, many: int) -> Examples:
    table = random.standard_normal((many, 2_000)).astype(np.float32)
    return Examples("classification", table, np.arange(many) % 2, np.arange(many), ("0", "1"))


def _large_values(random: np.random.RandomState, many: int) -> Examples:
    table = random.standard_normal((many, 2_000)).astype(np.float32)
    return Examples("regression", table, table[:, :9].sum(axis=1), np.arange(many))


def _large_windows(random: np.random.RandomState, many: int) -> Examples:
    walks = random.standard_normal((many, 500)).cumsum(axis=1).astype(np.float32)
    return Examples("forecasting", walks[:, :450], walks[:, 450:], np.arange(many))


LARGE: dict[str, Callable[[np.random.RandomState, int], Examples]] = {
    "pictures of 28 × 28": _large_pictures(1, 28),
    "pictures of 64 × 64 in colour": _large_pictures(3, 64),
    "texts of 1,000 words": _large_texts,
    "table of 2,000 columns, classes": _large_table,
    "table of 2,000 columns, values": _large_values,
    "windows of 500": _large_windows,
}


if __name__ == "__main__":
    main()
