"""Python's ways to the Internet lead to the mirror: `urllib`, `urllib3`, and names of hosts for all others.

A module is changed when the notebook imports it, or at once where it is loaded, so that a kernel imports
nothing for it.
"""

import importlib
import importlib.util
import io
import re
import socket
import sys
from collections.abc import Callable
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from typing import Any

from .mirror import PORTS, Kept, find, refuse
from .notes import refused

HANDLERS = {"HTTPHandler": "http_open", "HTTPSHandler": "https_open", "FTPHandler": "ftp_open"}
"""Classes of `urllib.request` with what opens an address."""
ADDRESS = re.compile(r"https?://[^\s'\"]*[^\s'\".,:;)]")
HUB = "https://huggingface.co"
LOCAL = ("", "localhost", "127.0.0.1", "::1")


class _Wire(io.RawIOBase):
    """An answer's head and then its file, as they would come over a socket."""

    def __init__(self, head: bytes, body: io.FileIO | io.BytesIO) -> None:
        self._parts: tuple[io.BytesIO, io.FileIO | io.BytesIO] = (io.BytesIO(head), body)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        head, body = self._parts
        return head.readinto(buffer) or body.readinto(buffer) or 0

    def close(self) -> None:
        self._parts[1].close()
        super().close()

    def makefile(self, mode: str) -> io.BufferedReader:
        """What `http.client` asks a socket for."""
        return io.BufferedReader(self, 2**16)


def headers_of(kept: Kept) -> dict[str, str]:
    """What a server would say of a file."""
    return {
        "Content-Length": str(kept.path.stat().st_size),
        "Content-Type": "application/octet-stream",
        "Content-Disposition": f'attachment; filename="{kept.name}"',
    }


def _answer(url: str, method: str, kept: Kept) -> Any:
    head = "".join(f"{name}: {value}\r\n" for name, value in headers_of(kept).items())
    body = io.BytesIO() if method == "HEAD" else io.FileIO(kept.path)
    head = f"HTTP/1.1 200 OK\r\n{head}Connection: close\r\n\r\n"
    wire: Any = _Wire(head.encode("latin-1", "replace"), body)
    # not before it is needed, so that no kernel starts later for it
    response = importlib.import_module("http.client").HTTPResponse(wire, method=method, url=url)
    response.begin()
    response.url, response.msg = url, response.reason  # as urllib's own handlers leave them
    return response


def _urllib(module: Any) -> None:
    def opening(before: Callable[..., Any]) -> Callable[..., Any]:
        def open_it(self: Any, request: Any) -> Any:
            if (request.host or "").partition(":")[0].lower() in LOCAL:
                return before(self, request)
            kept = find(request.full_url)
            if kept is None:
                raise module.URLError(refuse(request.full_url))
            return _answer(request.full_url, request.get_method(), kept)

        return open_it

    for handler, name in HANDLERS.items():
        kind = getattr(module, handler, None)
        if kind is not None:
            setattr(kind, name, opening(getattr(kind, name)))


def _urllib3(module: Any) -> None:
    """Of `urllib3.connectionpool`, which `requests` goes through too."""
    before = module.HTTPConnectionPool.urlopen

    def urlopen(self: Any, method: str, url: str, *args: Any, **named: Any) -> Any:
        if self.host.lower() in LOCAL:
            return before(self, method, url, *args, **named)
        port = "" if self.port in (None, PORTS.get(self.scheme)) else f":{self.port}"
        address = url if "://" in url else f"{self.scheme}://{self.host}{port}{url}"
        kept = find(address)
        urllib3 = importlib.import_module("urllib3")
        if kept is None:
            raise urllib3.exceptions.ProtocolError(refuse(address))  # of its errors the one without a delay
        return urllib3.HTTPResponse(
            body=io.BytesIO() if method == "HEAD" else io.FileIO(kept.path),
            headers=headers_of(kept),
            status=200,
            reason="OK",
            preload_content=named.get("preload_content", True),
            request_method=method,
        )

    module.HTTPConnectionPool.urlopen = urlopen


def _hub(module: Any) -> None:
    """Of `huggingface_hub.errors`: what the hub is asked for and has not; `HF_HUB_OFFLINE` ends it at once.

    What the course has is asked for in vain too, and then found; so nothing is noted before it is missing.
    """
    asked = [HUB]

    def offline(text: str) -> None:
        found = ADDRESS.search(text)
        if found is None:  # so says the library `datasets`
            refused("url", HUB)
        else:
            asked[0] = found[0]

    def noted(kind: Any, note: Callable[[str], None]) -> None:
        usual = kind.__init__

        def init(self: Any, *args: Any, **named: Any) -> None:
            usual(self, *args, **named)
            note(" ".join(map(str, args)))

        kind.__init__ = init

    noted(module.OfflineModeIsEnabled, offline)
    noted(module.LocalEntryNotFoundError, lambda _: refused("weights", asked[0]))


def _names(before: Callable[..., Any]) -> Callable[..., Any]:
    """`socket.getaddrinfo` for names and numbers of this machine alone."""

    def getaddrinfo(host: Any, port: Any, *args: Any, **named: Any) -> Any:
        name = host.decode("latin-1") if isinstance(host, bytes) else host
        if name is None or name.lower() in LOCAL or name == socket.gethostname() or _is_number(name):
            return before(host, port, *args, **named)
        refused("url", f"{name}:{port}" if port else name)
        raise socket.gaierror(socket.EAI_NONAME, f"there is no network here, so {name} cannot be reached")

    return getaddrinfo


def _is_number(name: str) -> bool:
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            socket.inet_pton(family, name)
        except (OSError, ValueError):
            continue
        return True
    return False


CHANGES: dict[str, Callable[[Any], None]] = {
    "urllib.request": _urllib,
    "urllib3.connectionpool": _urllib3,
    "huggingface_hub.errors": _hub,
}


class _Watcher(MetaPathFinder):
    """Changes a module as soon as it is imported."""

    def __init__(self, names: list[str]) -> None:
        self._waiting = set(names)

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        if name not in self._waiting:
            return None
        self._waiting.discard(name)
        spec = importlib.util.find_spec(name)
        loader: Any = spec.loader if spec is not None else None
        if loader is not None:
            run = loader.exec_module

            def exec_module(module: Any) -> None:
                run(module)
                CHANGES[name](module)

            loader.exec_module = exec_module
        return spec


def install() -> None:
    """Make the changes in this process, once."""
    if any(isinstance(finder, _Watcher) for finder in sys.meta_path):
        return
    for name in CHANGES.keys() & sys.modules.keys():
        CHANGES[name](sys.modules[name])
    sys.meta_path.insert(0, _Watcher([name for name in CHANGES if name not in sys.modules]))
    socket.getaddrinfo = _names(socket.getaddrinfo)
