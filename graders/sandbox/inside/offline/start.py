"""Makes a kernel ready for notebooks that were written elsewhere."""

import contextlib
import sys
from pathlib import Path
from typing import Any

from . import told
from .hooks import install

SITE = str(Path(__file__).parent.parent / "site")


def prepare() -> None:
    """Change this process, before any cell runs: where modules are found, and where the Internet is."""
    if SITE not in sys.path:
        sys.path.insert(1 if sys.path[:1] == [""] else 0, SITE)
    install()
    if told().get("samples"):
        make_samples(told()["home"])


def add_magics(shell: Any) -> None:
    """The magics of Colab that IPython lacks."""
    shell.magics_manager.register_alias("shell", "bash", "cell")
    shell.register_magic_function(_command(shell, "conda"), "line", "conda")
    shell.register_magic_function(_command(shell, "mamba"), "line", "mamba")
    shell.register_magic_function(_nothing, "line", "tensorflow_version")


def make_samples(home: str) -> None:
    """The folder `sample_data` that Colab has, without its files."""
    with contextlib.suppress(OSError):
        folder = Path(home) / "sample_data"
        folder.mkdir()  # none that was handed in is written to
        (folder / "README.md").write_text("The sample files of Colab are not here.\n", encoding="utf-8")


def _command(shell: Any, name: str) -> Any:
    def run(line: str) -> None:
        shell.system(f"{name} {line}")

    return run


def _nothing(line: str) -> None:
    pass
