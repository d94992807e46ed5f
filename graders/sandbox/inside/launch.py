"""First code inside the sandbox: sets limits, then becomes an ordinary ipykernel.

Usage: python launch.py SETTINGS, where SETTINGS is JSON:
    connection: path of the kernel's connection file
    path:       folders for the end of `sys.path`
    copies:     [source, target] pairs that the notebook gets as its own
    links:      [source, target] pairs that it sees as they are (without a sandbox, where nothing is mounted)
    limits:     resource name, as in the `resource` module, to bytes or a count
"""

import contextlib
import json
import resource
import shutil
import sys
from pathlib import Path
from typing import Any


def main(settings: dict[str, Any]) -> None:
    """Prepare this process and run the kernel in it until it is told to stop."""
    for source, target in settings["copies"]:
        with contextlib.suppress(OSError):  # a file that may not be read is missing for the notebook, no more
            copy(Path(source), Path(target))
    for source, target in settings["links"]:
        Path(target).parent.mkdir(parents=True, exist_ok=True)
        Path(target).symlink_to(source)
    for name, most in settings["limits"].items():
        which = getattr(resource, name)
        hard = resource.getrlimit(which)[1]
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(which, (allowed, allowed))
    sys.path[:1] = []  # the folder of this file; the notebook's working folder takes its place
    sys.path.extend(settings["path"])

    from ipykernel.kernelapp import IPKernelApp  # noqa: PLC0415 - after the limits, which its threads inherit

    IPKernelApp.launch_instance(argv=["-f", settings["connection"], "--HistoryManager.enabled=False"])


def copy(source: Path, target: Path) -> None:
    """Copy a file or a folder; links stay links.

    Raises:
        OSError: something of it could not be copied; the rest is there.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, symlinks=True, dirs_exist_ok=True, copy_function=shutil.copyfile)
    else:
        shutil.copyfile(source, target)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
