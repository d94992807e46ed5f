"""Prints both batteries as the tables of docs/battery.md.

Usage: python tests/hostile/table.py [ROWS], from the repository's root. Without ROWS, the lines that an
earlier run wrote to the file that `GRADE_BATTERY_ROWS` names, the batteries are run.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


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


def overview(rows: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Lines of Markdown: how many notebooks of each group went as they must."""
    yield "| group | notebooks | as expected | ended as |"
    yield "| --- | --- | --- | --- |"
    for group in dict.fromkeys(row["group"] for row in rows):
        chosen = [row for row in rows if row["group"] == group]
        well = sum(not row["wrong"] for row in chosen)
        ends = Counter(row["status"] for row in chosen).most_common()
        ended = ", ".join(f"`{status}` {count}" for status, count in ends)
        yield f"| {group} | {len(chosen)} | {well} | {ended} |"


def tables(rows: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Lines of Markdown: one table a group."""
    for group in dict.fromkeys(row["group"] for row in rows):
        chosen = [row for row in rows if row["group"] == group]
        seconds = sum(row["seconds"] for row in chosen)
        yield f"\n### {group}: {len(chosen)} notebooks, {seconds:.0f} s\n"
        yield "| notebook | status | points | seconds | |"
        yield "| --- | --- | --- | --- | --- |"
        for row in chosen:
            said = "; ".join(row["wrong"]) or "as expected"
            name = row["name"].replace("_", " ")
            yield f"| {name} | `{row['status']}` | {row['points']:.2f} | {row['seconds']:.1f} | {said} |"


def main() -> None:
    """See the module's docstring."""
    text = Path(sys.argv[1]).read_text(encoding="utf-8") if len(sys.argv) > 1 else rows_of_a_run()
    rows = [json.loads(line) for line in text.splitlines()]
    print("\n".join([*overview(rows), *tables(rows)]))


if __name__ == "__main__":
    main()
