"""A judge, a question, and a real server between them and a model."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from misbehaving import KEY, Server, listening

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
    with listening() as told:
        yield told


@pytest.fixture
def judge(server: Server, tmp_path: Path) -> Callable[..., ChatJudge]:
    """Makes a judge that asks the server; a limit of 20 s unless told."""

    def made(**config: Any) -> ChatJudge:
        chosen = {"base_url": server.url, "model": "small", "seconds": 20, "retries": 1, **config}
        return ChatJudge(JudgeConfig(**chosen), KEY, tmp_path / "judges")

    return made
