"""Draws the pictures of the documentation from a real report: `make pictures`.

Grades `submissions/student42` into a temporary folder and photographs what a person sees in Chromium.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
SHOTS = (
    ("report.png", "student42/l04_cnn.html", {"width": 900, "height": 1500}, "light"),
    ("report-phone-dark.png", "student42/l04_cnn.html", {"width": 390, "height": 844}, "dark"),
    ("class.png", "class/index.html", {"width": 1180, "height": 1000}, "light"),
)
"""File, page, size of the window in pixels, colour scheme."""


def main() -> None:
    """Grades the sample submissions in English and writes the pictures beside this file."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "graders", "submissions", "--language", "en", "--out", folder]
        subprocess.run(command, cwd=ROOT, check=True)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM)
            for name, page_name, size, scheme in SHOTS:
                page = browser.new_page(viewport=size, color_scheme=scheme)
                page.goto((Path(folder) / page_name).as_uri())
                page.screenshot(path=HERE / name)
            browser.close()


if __name__ == "__main__":
    main()
