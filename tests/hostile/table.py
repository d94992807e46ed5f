"""Prints both batteries as Markdown: overviews for docs/sandbox.md, then the tables of docs/battery.md.

Usage: python tests/hostile/table.py [NAME=ROWS ...], from the repository's root. ROWS is a file that an
earlier run wrote, which `GRADE_BATTERY_ROWS` named; without any, the batteries are run.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
Rows = Sequence[dict[str, Any]]


def rows_of_a_run() -> str:
    """Runs both batteries; one JSON object a line."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows"
        chosen = ["-k", "gains_nothing or loses_nothing"]
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(FOLDER), *chosen]
        subprocess.run(
            command, check=False, env={**os.environ, "GRADE_BATTERY_ROWS": str(path)}, stdout=sys.stderr
        )
        return path.read_text(encoding="utf-8")


def overview(rows: Rows) -> Iterator[str]:
    """Lines of Markdown: how many notebooks of each group went as they must."""
    yield "| group | notebooks | as expected | ended as |"
    yield "| --- | --- | --- | --- |"
    for group in dict.fromkeys(row["group"] for row in rows):
        chosen = [row for row in rows if row["group"] == group]
        well = sum(not row["wrong"] for row in chosen)
        ends = Counter(row["status"] for row in chosen).most_common()
        ended = ", ".join(f"`{status}` {count}" for status, count in ends)
        yield f"| {group} | {len(chosen)} | {well} | {ended} |"


def tables(runs: Mapping[str, Rows]) -> Iterator[str]:
    """Lines of Markdown: one table a group, with a column for each run."""
    first = next(iter(runs.values()))
    found = {name: {(row["group"], row["name"]): row for row in rows} for name, rows in runs.items()}
    for group in dict.fromkeys(row["group"] for row in first):
        chosen = [row["name"] for row in first if row["group"] == group]
        yield f"\n## {group}: {len(chosen)} notebooks\n"
        yield f"| notebook | {' | '.join(runs)} |"
        yield f"| --- |{' --- |' * len(runs)}"
        for name in chosen:
            cells = [cell(rows.get((group, name))) for rows in found.values()]
            yield f"| {name.replace('_', ' ')} | {' | '.join(cells)} |"


def cell(row: dict[str, Any] | None) -> str:
    """Status, points and seconds of one notebook, and what was wrong with it."""
    if row is None:
        return "not run"
    wrong = "".join(f"; **{problem}**" for problem in row["wrong"])
    return f"`{row['status']}`, {row['points']:.2f}, {row['seconds']:.1f} s{wrong}"


def main() -> None:
    """See the module's docstring."""
    given = dict(argument.partition("=")[::2] for argument in sys.argv[1:])
    texts = {name: Path(path).read_text(encoding="utf-8") for name, path in given.items()}
    runs = {
        name: [json.loads(line) for line in text.splitlines()]
        for name, text in (texts or {"here": rows_of_a_run()}).items()
    }
    for name, rows in runs.items():
        print(f"\n### {name}\n", *overview(rows), sep="\n")
    print(*tables(runs), sep="\n")


if __name__ == "__main__":
    main()
