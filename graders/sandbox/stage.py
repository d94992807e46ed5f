"""The temporary folder of one run on the host, and the same places as the notebook's process sees them."""

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from graders.sandbox.removal import remove

INSIDE = Path(__file__).parent / "inside"
SOCKET = "k"
"""What the names of the kernel's sockets begin with."""
LONGEST_SOCKET = 100
"""Characters in the path of a Unix socket; the systems' limits lie between 104 and 108."""


@dataclass(frozen=True, slots=True)
class Places:
    """Paths as the notebook's process sees them."""

    home: Path
    """Working folder."""
    code: Path
    """Folder that has `inside`."""
    probe: Path
    connection: Path
    sockets: Path
    inbox: Path
    outbox: Path
    copies: Path
    """Where the files lie that are copied into the working folder."""
    modules: Path
    mirror: Path
    """Folder with the list of the course's mirror."""


GRADE = Path("/grade")
SEALED = Places(
    home=Path("/home/student"),
    code=GRADE,
    probe=GRADE / "probe.py",
    connection=GRADE / "connection.json",
    sockets=GRADE / "sockets",
    inbox=GRADE / "inbox",
    outbox=GRADE / "outbox",
    copies=GRADE / "copies",
    modules=GRADE / "modules",
    mirror=GRADE / "mirror",
)
"""The fixed places of a real sandbox."""


class Stage:
    """A private folder that ends with the run. Used as a context manager."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="grade-"))
        if len(str(self.sockets / f"{SOCKET}-5")) > LONGEST_SOCKET:
            self.folder.rmdir()
            self.folder = Path(tempfile.mkdtemp(prefix="grade-", dir="/tmp"))
        for folder in (
            self.sockets,
            self.inbox,
            self.outbox,
            self.home,
            self.temporary,
            self.root,
            self.mirror,
        ):
            folder.mkdir()
        # whatever the umask: where root grades, the notebook's user is another
        self.inbox.chmod(0o755)
        self.mirror.chmod(0o755)

    @property
    def sockets(self) -> Path:
        """Kernel's sockets where the sandbox has no folder of its own for them."""
        return self.folder / "s"

    @property
    def inbox(self) -> Path:
        """What the host hands to the probe."""
        return self.folder / "inbox"

    @property
    def outbox(self) -> Path:
        """What the probe hands to the host, where the sandbox has no folder of its own for it."""
        return self.folder / "outbox"

    @property
    def home(self) -> Path:
        """Working folder where there is no sandbox; empty otherwise."""
        return self.folder / "home"

    @property
    def temporary(self) -> Path:
        """Folder for temporary files where the sandbox has none of its own."""
        return self.folder / "tmp"

    @property
    def root(self) -> Path:
        """Where the sandbox's own root is mounted; always empty as the host sees it."""
        return self.folder / "root"

    @property
    def mirror(self) -> Path:
        """Has the list of the course's mirror."""
        return self.folder / "mirror"

    @property
    def connection(self) -> Path:
        """The kernel's connection file."""
        return self.folder / "connection.json"

    def open_places(self, probe: Path) -> Places:
        """The places of a run without a sandbox.

        `inside` gets a folder of its own, so that nothing beside it can be imported.
        """
        code = self.folder / "code"
        code.mkdir()
        code.chmod(0o755)
        (code / "inside").symlink_to(INSIDE)
        return Places(
            home=self.home,
            code=code,
            probe=probe,
            connection=self.connection,
            sockets=self.sockets,
            inbox=self.inbox,
            outbox=self.outbox,
            copies=self.folder / "copies",
            modules=self.folder / "modules",
            mirror=self.mirror,
        )

    def write_connection(self, info: Mapping[str, Any], places: Places) -> None:
        """Write the kernel's connection file with its sockets where the kernel sees them."""
        inside = {key: value.decode() if isinstance(value, bytes) else value for key, value in info.items()}
        inside["ip"] = str(places.sockets / SOCKET)
        self.connection.write_text(json.dumps(inside), encoding="utf-8")
        self.connection.chmod(0o644)  # the folder above keeps others out

    def __enter__(self) -> "Stage":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        remove(self.folder)
