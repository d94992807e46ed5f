"""First code of the notebook's process: sets limits, then becomes an ordinary ipykernel.

Usage: python launch.py SETTINGS HOST, both descriptors: HOST of a socket, SETTINGS of a file with JSON:
    connection: path of the kernel's connection file
    sockets:    what the paths of its sockets begin with
    outbox:     folder that the probe writes to
    path:       folders for the end of `sys.path`
    copies:     [source, target] pairs that the notebook gets as its own
    links:      [source, target] pairs that it sees as they are (without a sandbox, where nothing is mounted)
    farms:      the same for folders that it may put more into: folders of its own, full of links to files
    limits:     resource name, as in the `resource` module, to bytes or a count
"""

import contextlib
import importlib
import json
import os
import resource
import shutil
import socket
import sys
from pathlib import Path
from typing import Any

CHANNELS = 5


def main(settings: dict[str, Any], host: socket.socket) -> None:
    """Prepare this process and run the kernel in it until it is told to stop.

    Sends `ready` on `host`, which brings handles of the kernel's sockets and of the outbox: what the host
    opened before any code of the notebook ran, no name that the notebook makes later can replace.
    """
    for source, target in settings["copies"]:
        with contextlib.suppress(OSError):  # a file that may not be read is missing for the notebook, no more
            copy(Path(source), Path(target))
    for source, target in settings["links"]:
        Path(target).parent.mkdir(parents=True, exist_ok=True)
        Path(target).symlink_to(source)
    for source, target in settings["farms"]:
        with contextlib.suppress(OSError):
            shutil.copytree(source, target, copy_function=os.symlink, dirs_exist_ok=True)
    for name, most in settings["limits"].items():
        which = getattr(resource, name)
        hard = resource.getrlimit(which)[1]
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(which, (allowed, allowed))

    importlib.import_module("inside.stand_in").offer()
    from ipykernel.kernelapp import IPKernelApp  # noqa: PLC0415 - after the limits, which its threads inherit

    kernel: Any = IPKernelApp.instance()  # traitlets has no types
    offline = importlib.import_module("inside.offline.start")
    offline.prepare()
    kernel.initialize(["-f", settings["connection"], "--HistoryManager.enabled=False"])
    offline.add_magics(kernel.shell)
    _hand_over(settings, host)
    kernel.start()


def _hand_over(settings: dict[str, Any], host: socket.socket) -> None:
    names = [f"{settings['sockets']}-{number}" for number in range(1, CHANNELS + 1)]
    plain = getattr(os, "O_PATH", None)
    handles = [os.open(name, plain | os.O_NOFOLLOW) for name in names] if plain is not None else []
    handles.append(os.open(settings["outbox"], os.O_RDONLY | os.O_DIRECTORY))
    with host:
        socket.send_fds(host, [json.dumps(["ready", ""]).encode()], handles)
    for handle in handles:
        os.close(handle)


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
    sys.path[:1] = []  # the folder of this file; the notebook's working folder takes its place
    with os.fdopen(int(sys.argv[1])) as told:
        asked = json.load(told)
    sys.path.extend(asked["path"])
    importlib.import_module("inside")  # before the notebook's own folder is searched, which may have one too
    main(asked, socket.socket(fileno=int(sys.argv[2])))
