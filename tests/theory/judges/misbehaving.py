"""A server that misbehaves as it is told, and what it can be told."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "sk-secret-of-the-instructor"
ANSWER = "The forget gate scales the old cell state.\nThe new input is added to it, so the gradient survives."


def points(**said: tuple[str, str]) -> list[dict[str, str]]:
    return [{"id": name, "verdict": verdict, "quote": quote} for name, (verdict, quote) in said.items()]


HONEST = points(
    gate=("yes", "The forget gate scales the old cell state."),
    sum=("yes", "The new input is added to it"),
    gradient=("yes", "the gradient survives"),
)


def completion(said: Any) -> bytes:
    content = said if isinstance(said, str) else json.dumps({"points": said})
    return json.dumps({"id": "x", "choices": [{"index": 0, "message": {"content": content}}]}).encode()


Behaviour = Callable[[BaseHTTPRequestHandler], None]


def send(handler: BaseHTTPRequestHandler, body: bytes, status: int = 200, **headers: str) -> None:
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def says(said: Any) -> Behaviour:
    return lambda handler: send(handler, completion(said))


def fails(status: int, **headers: str) -> Behaviour:
    return lambda handler: send(handler, b"{}", status, **headers)


def sends(body: bytes, **headers: str) -> Behaviour:
    return lambda handler: send(handler, body, **headers)


def sleeps(seconds: float) -> Behaviour:
    return lambda handler: time.sleep(seconds)


def drips(body: bytes) -> Behaviour:
    """Sends one byte at a time, faster than any limit on a single read."""

    def behave(handler: BaseHTTPRequestHandler) -> None:
        for byte in body:
            handler.wfile.write(bytes([byte]))
            handler.wfile.flush()
            time.sleep(0.05)

    return behave


def pours(handler: BaseHTTPRequestHandler) -> None:
    """Sends as much as is taken."""
    handler.wfile.write(b"HTTP/1.0 200 OK\r\n\r\n")
    while True:
        handler.wfile.write(b" " * 65_536)


def hangs_up(handler: BaseHTTPRequestHandler) -> None:
    handler.connection.close()


@dataclass
class Server:
    """What is asked of the server, and what it does: the behaviours in turn, the last one from then on."""

    url: str = ""
    behaviours: list[Behaviour] = field(default_factory=lambda: [says(HONEST)])
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def does(self, *behaviours: Behaviour) -> None:
        self.behaviours = list(behaviours)


class Quiet(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, *_: Any) -> None:
        """The judge hangs up on a server that goes on for ever."""


@contextmanager
def listening() -> Iterator[Server]:
    """A server that listens until the block ends."""
    told = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.requests.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            told.headers.append({**dict(self.headers.items()), "path": self.path})
            turn = min(len(told.requests), len(told.behaviours)) - 1
            told.behaviours[turn](self)

        def log_message(self, *_: Any) -> None:
            """Nothing."""

    with Quiet(("127.0.0.1", 0), Handler) as bound:
        told.url = f"http://127.0.0.1:{bound.server_address[1]}/v1"
        thread = threading.Thread(target=bound.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield told
        bound.shutdown()
        thread.join()
