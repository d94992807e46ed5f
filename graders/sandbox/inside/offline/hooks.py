"""Python's ways to the Internet lead to the mirror: `urllib`, `requests`, and names of hosts for all others.

A module is changed when the notebook imports it, or at once where it is loaded, so that a kernel imports
nothing for it.
"""

import importlib
import importlib.util
import io
import socket
import sys
from collections.abc import Callable
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from typing import Any
from urllib.parse import urlsplit

from .mirror import Kept, find, refuse
from .notes import refused

HANDLERS = {"HTTPHandler": "http_open", "HTTPSHandler": "https_open", "FTPHandler": "ftp_open"}
"""Classes of `urllib.request` with what opens an address."""
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


def _requests(module: Any) -> None:
    before = module.HTTPAdapter.send

    def send(self: Any, request: Any, *args: Any, **named: Any) -> Any:
        host = urlsplit(request.url).hostname or ""
        if host.lower() in LOCAL:
            return before(self, request, *args, **named)
        kept = find(request.url)
        if kept is None:
            raise module.ConnectionError(refuse(request.url), request=request)
        urllib3 = importlib.import_module("urllib3")
        body = io.BytesIO() if request.method == "HEAD" else io.FileIO(kept.path)
        raw = urllib3.HTTPResponse(
            body=body, headers=headers_of(kept), status=200, reason="OK", preload_content=False
        )
        return self.build_response(request, raw)

    module.HTTPAdapter.send = send


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


CHANGES: dict[str, Callable[[Any], None]] = {"urllib.request": _urllib, "requests.adapters": _requests}


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
