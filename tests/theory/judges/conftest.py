"""A judge, a question, and a real server between them and a model."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from misbehaving import KEY, Quiet, Server

from graders.model import KeyPoint, Question, Text
from graders.model.judge import JudgeConfig
from graders.theory.judges.chat import ChatJudge


def point(name: str, weight: float, **more: Any) -> KeyPoint:
    return KeyPoint(id=name, weight=weight, title=Text(ru=name, en=name), any=(name,), **more)


@pytest.fixture
def question() -> Question:
    return Question(
        id="1",
        points=1,
        text=Text(ru="Как LSTM хранит память?", en="How does an LSTM keep its memory?"),
        answer=Text(ru="Вентиль и сложение.", en="By a gate and an addition."),
        key_points=(point("gate", 0.5, required=True), point("sum", 0.3), point("gradient", 0.2)),
    )


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    told = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.requests.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            told.headers.append({**dict(self.headers.items()), "path": self.path})
            turn = min(len(told.requests), len(told.behaviours)) - 1
            told.behaviours[turn](self)

        def log_message(self, *_: Any) -> None:
            """Nothing."""

    with Quiet(("127.0.0.1", 0), Handler) as listening:
        told.url = f"http://127.0.0.1:{listening.server_address[1]}/v1"
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield told
        listening.shutdown()
        thread.join()


@pytest.fixture
def judge(server: Server, tmp_path: Path) -> Callable[..., ChatJudge]:
    """Makes a judge that asks the server; a limit of 0.6 s unless told."""

    def made(**config: Any) -> ChatJudge:
        chosen = {"base_url": server.url, "model": "small", "seconds": 0.6, "retries": 1, **config}
        return ChatJudge(JudgeConfig(**chosen), KEY, tmp_path / "judges")

    return made
