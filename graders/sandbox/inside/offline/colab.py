"""What `google.colab` does in a notebook, with the student's own files in place of their Drive."""

import contextlib
import importlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from . import told
from .notes import refused

CONTENT = Path("/content")
MOST_UPLOADED = 64 * 2**20
"""Bytes of one file that `files.upload` hands over."""
TEXTS = (".ipynb", ".md")
"""Files that are handed in beside what a student would upload."""


def _home() -> Path:
    return Path(told().get("home", "."))


def _own() -> list[str]:
    return [str(name) for name in told().get("own", [])]


def mount(mountpoint: str = "/content/drive", *_: Any, **__: Any) -> None:
    """`drive.mount`: makes the drive's folders, each with links to the student's own files.

    Folders of the drive that the notebook names anywhere are made too, so that files in them are found by
    name and new ones can be written. Where there is no `/content`, the drive is made in the working folder.
    """
    top = Path(mountpoint)
    if top.is_relative_to(CONTENT) and not CONTENT.is_dir():
        top = _home() / top.relative_to(CONTENT)
    # where the notebook runs in the host's own file system, nothing is made outside its folders
    if (top.is_absolute() and not top.parent.is_dir()) or not _made(top):
        refused("path", str(mountpoint))
        top = _home() / (top.name or "drive")
        _made(top)
    for folder in ("MyDrive", *told().get("drive", [])):
        _made(top / folder)
        for name in (*_own(), "data"):
            link, source = top / folder / name, _home() / name
            if source.exists() and source != top and not os.path.lexists(link):
                with contextlib.suppress(OSError):
                    link.symlink_to(source)
    with contextlib.suppress(OSError):
        if not os.path.lexists(top / "My Drive"):
            (top / "My Drive").symlink_to("MyDrive")
    print(f"Mounted at {top}")


def _made(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK)


class Uploaded(dict[str, bytes]):
    """Files by name, read when they are asked for."""

    def __missing__(self, name: str) -> bytes:
        """The file of the working folder with this name."""
        path = _home() / Path(name).name
        if not path.is_file() or path.stat().st_size > MOST_UPLOADED:
            refused("upload", name)
            raise KeyError(name)
        self[name] = path.read_bytes()
        return self[name]


def upload(*_: Any, **__: Any) -> Uploaded:
    """`files.upload`: nobody can choose a file here, so what was handed in counts as uploaded."""
    found = Uploaded()
    for name in _own():
        path = _home() / name
        if path.is_file() and path.suffix.lower() not in TEXTS and path.stat().st_size <= MOST_UPLOADED:
            with contextlib.suppress(OSError):
                found[name] = path.read_bytes()
    if not found:
        refused("upload", "files.upload()")
    print("".join(f"Saving {name} to {name}\n" for name in found), end="")
    return found


def upload_file(filename: str) -> str:
    """`files.upload_file`: one file, under this name."""
    upload()[filename]
    return filename


def download(filename: str) -> None:
    """`files.download`: nobody waits for the file.

    Raises:
        FileNotFoundError: there is no such file.
    """
    if not Path(filename).exists():
        raise FileNotFoundError(f"Cannot find file: {filename}")


def view(path: str) -> None:
    """`files.view`: nobody looks."""


class SecretNotFoundError(Exception):
    """No secret of this name: `userdata.SecretNotFoundError`."""

    def __init__(self, key: str) -> None:
        super().__init__(f"Secret {key} does not exist.")


class NotebookAccessError(Exception):
    """As Colab has it; never raised here."""


def secret(key: str) -> str:
    """`userdata.get`.

    Raises:
        SecretNotFoundError: always, as in Colab for a secret that nobody set.
    """
    refused("secret", key)
    raise SecretNotFoundError(key)


def clear(wait: bool = False, output_tags: Any = None) -> None:
    """`output.clear`."""
    importlib.import_module("IPython.display").clear_output(wait)


def nothing(*_: Any, **__: Any) -> None:
    """What has no meaning here: logging in, widgets, ending the runtime."""


@contextlib.contextmanager
def nothing_around(*_: Any, **__: Any) -> Iterator[None]:
    """The same, for `with`."""
    yield


def cv2_imshow(picture: Any) -> None:
    """`patches.cv2_imshow`: shows a picture whose channels stand in OpenCV's order."""
    numpy, display, image = map(importlib.import_module, ("numpy", "IPython.display", "PIL.Image"))
    array = numpy.clip(numpy.asarray(picture), 0, 255).astype(numpy.uint8)
    if array.ndim == 3:
        array = array[..., [2, 1, 0, *range(3, array.shape[2])]]
    display.display(image.fromarray(array))
