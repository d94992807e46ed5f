"""Records as text what an instructor sees while a class with hostile notebooks is graded.

    python benchmarks/recording.py [submissions] [hostile] [jobs]

Needs tmux, whose screen is read every second; a screen is printed where one more submission has ended.
"""

import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from measuring import machine
from notebooks import SLUG, make_class, make_course

WIDTH, HEIGHT = 110, 60
LOOK_SECONDS = 1.0
LIMITS = ("cell_seconds=5", "total_seconds=30", "probe_seconds=20", "memory_mib=1024", "disk_mib=64")
LIMITS += ("output_mib=4", "processes=64")


def main(submissions: int = 12, hostile: int = 6, jobs: int = 2) -> None:
    """Prints the screens in Markdown."""
    print(machine(), flush=True)
    tmux = shutil.which("tmux")
    if tmux is None:
        raise SystemExit("tmux not found; install it, for example with `apt install tmux`")
    with tempfile.TemporaryDirectory(prefix="recording-") as name:
        root = Path(name)
        make_course(root)
        make_class(root, submissions, hostile)
        grade = [str(Path(sys.executable).with_name("grade")), "submissions", "--jobs", str(jobs)]
        grade += ["--language", "en", "--assignment", SLUG]
        for limit in LIMITS:
            grade += ["--limit", limit]
        command = f"cd {shlex.quote(name)} && {shlex.join(grade)}; touch over; sleep 5"
        session = [tmux, "-L", root.name]
        new = ["new-session", "-d", "-x", str(WIDTH), "-y", str(HEIGHT), command]
        subprocess.run([*session, *new], check=True)
        began, ended = time.monotonic(), -1
        while True:
            over = (root / "over").exists()
            graded = len(list((root / "reports").glob("*/*.json")))
            if over or graded > ended:
                ended = graded
                show(session, time.monotonic() - began)
            if over:
                break
            time.sleep(LOOK_SECONDS)
        subprocess.run([*session, "kill-server"], check=False)


def show(session: list[str], seconds: float) -> None:
    """Print the screen as it is now."""
    seen = subprocess.run([*session, "capture-pane", "-p"], check=True, capture_output=True, text=True)
    lines = [line.rstrip() for line in seen.stdout.rstrip().splitlines()]
    if any(lines):
        print(f"\nAfter {seconds:.0f} s:\n\n```text", *lines, "```", sep="\n", flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
