"""Endpoints that are dead, slow, broken or hostile: no exception, no waiting beyond the limit, no mark."""

import gzip
import json
from collections.abc import Callable

import pytest
from misbehaving import (
    ANSWER,
    HONEST,
    KEY,
    Server,
    completion,
    drips,
    fails,
    hangs_up,
    pours,
    says,
    sends,
    sleeps,
)

from graders.i18n import sentence
from graders.model import Question
from graders.model.judge import Refusal, Verdict
from graders.theory.judges import chat
from graders.theory.judges.chat import ChatJudge

Made = Callable[..., ChatJudge]
HEAD = b"HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n"
"""Seconds over the limit that a busy machine may take."""


def refused(found: Verdict | Refusal) -> str:
    assert isinstance(found, Refusal)
    assert sentence(found.reason, "ru") != sentence(found.reason, "en")
    return found.reason.code


@pytest.mark.parametrize(
    ("behaviour", "code"),
    [
        (sleeps(600), "slow"),
        (drips(HEAD + completion(HONEST)), "slow"),
        (drips(b"HTTP/1.0 200 OK\r\n" + b"A: b\r\n" * 100), "slow"),
        (fails(500), "status"),
        (fails(429), "status"),
        (fails(429, Retry_After="9999"), "status"),
        (fails(404), "status"),
        (fails(400), "status"),
        (fails(401), "key"),
        (hangs_up, "unreachable"),
        (lambda handler: handler.wfile.write(b"\x00\xff nonsense\r\n\r\n"), "unreachable"),
        (sends(b"<html>It works!</html>"), "not_json"),
        (sends(b""), "not_json"),
        (sends(b"{}"), "not_json"),
        (sends(b'{"choices": []}'), "not_json"),
        (sends(b'{"choices": [{"message": {"content": null, "refusal": "no"}}]}'), "not_json"),
        (sends(b"[" * 100_000), "not_json"),
        (sends(b"\xff\xfe\x00"), "not_json"),
        (sends(gzip.compress(completion(HONEST)), Content_Encoding="gzip"), "not_json"),
        (sends(b" " * 2_000_000), "too_large"),
        (pours, "too_large"),
    ],
)
def test_a_failing_endpoint_is_told_apart_and_not_waited_for(
    server: Server, judge: Made, question: Question, behaviour: Callable[..., None], code: str
) -> None:
    server.does(behaviour)
    assert refused(judge(seconds=0.5).judge(question, ANSWER)) == f"theory_judge.{code}"


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/v1", "http://no.such.host.invalid/v1", "https://127.0.0.1:1"]
)
def test_a_dead_endpoint_is_told(judge: Made, question: Question, url: str) -> None:
    assert refused(judge(base_url=url).judge(question, ANSWER)) in (
        "theory_judge.unreachable",
        "theory_judge.slow",
    )


def test_a_server_that_speaks_no_tls_is_told(server: Server, judge: Made, question: Question) -> None:
    found = judge(base_url=server.url.replace("http:", "https:")).judge(question, ANSWER)
    assert refused(found) in ("theory_judge.unreachable", "theory_judge.slow")


def test_a_proxy_that_cannot_be_used_is_no_exception(
    judge: Made, question: Question, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "nonsense://x")
    assert refused(judge().judge(question, ANSWER)) == "theory_judge.unreachable"


@pytest.mark.parametrize("passing", [fails(500), fails(503), fails(429), hangs_up])
def test_a_failure_that_passes_is_tried_again(
    server: Server, judge: Made, question: Question, passing: Callable[..., None]
) -> None:
    server.does(passing, says(HONEST))
    assert isinstance(judge().judge(question, ANSWER), Verdict)
    assert len(server.requests) == 2


@pytest.mark.parametrize("lasting", [fails(400), fails(401), fails(404), sends(b"no"), says("no")])
def test_a_failure_that_lasts_is_not_tried_again(
    server: Server, judge: Made, question: Question, lasting: Callable[..., None]
) -> None:
    server.does(lasting)
    judge().judge(question, ANSWER)
    assert len(server.requests) == 1


def test_no_more_is_tried_than_was_allowed(server: Server, judge: Made, question: Question) -> None:
    server.does(fails(500))
    judge(retries=2).judge(question, ANSWER)
    assert len(server.requests) == 3


def test_the_time_to_wait_that_a_server_names_is_kept(
    server: Server, judge: Made, question: Question
) -> None:
    server.does(fails(429, Retry_After="1"), says(HONEST))
    assert refused(judge(seconds=0.9).judge(question, ANSWER)) == "theory_judge.status"
    assert len(server.requests) == 1


def test_an_answer_is_not_sent_on_to_another_address(server: Server, judge: Made, question: Question) -> None:
    server.does(fails(307, Location=f"{server.url}/elsewhere"), says(HONEST))
    assert refused(judge().judge(question, ANSWER)) == "theory_judge.redirect"
    assert len(server.requests) == 1


def test_after_some_failures_in_a_row_the_judge_is_off(
    server: Server, judge: Made, question: Question
) -> None:
    server.does(fails(404))
    made = judge(failures=2)
    found = [refused(made.judge(question, f"{ANSWER} {number}")) for number in range(4)]
    assert found == ["theory_judge.status"] * 2 + ["theory_judge.off"] * 2
    assert len(server.requests) == 2


def test_a_reply_between_two_failures_keeps_the_judge_on(
    server: Server, judge: Made, question: Question
) -> None:
    server.does(fails(404), says(HONEST), fails(404), says(HONEST))
    made = judge(failures=2)
    found = [made.judge(question, f"{ANSWER} {number}") for number in range(4)]
    assert isinstance(found[-1], Verdict)


def test_a_request_that_is_refused_for_its_answer_does_not_turn_the_judge_off(
    server: Server, judge: Made, question: Question
) -> None:
    server.does(fails(400), fails(400), fails(413), says(HONEST))
    made = judge(failures=1)
    found = [made.judge(question, f"{ANSWER} {number}") for number in range(4)]
    assert isinstance(found[-1], Verdict)


def test_a_model_that_never_replies_as_asked_is_turned_off_too(
    server: Server, judge: Made, question: Question, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chat, "MOST_USELESS", 3)
    server.does(says("prose"))
    made = judge(failures=1)
    found = [refused(made.judge(question, f"{ANSWER} {number}")) for number in range(5)]
    assert found == ["theory_judge.schema"] * 3 + ["theory_judge.off"] * 2


def test_the_key_goes_to_the_endpoint_only(server: Server, judge: Made, question: Question) -> None:
    server.does(fails(500), says(HONEST))
    found = judge().judge(question, ANSWER)
    assert [headers["Authorization"] for headers in server.headers] == [f"Bearer {KEY}"] * 2
    assert KEY not in json.dumps(server.requests) + found.model_dump_json() + repr(judge())


def test_a_key_that_no_header_can_hold_is_not_shown(server: Server, question: Question, judge: Made) -> None:
    made = judge()
    made._endpoint._headers["Authorization"] = f"Bearer {KEY}\nключ"
    found = made.judge(question, ANSWER)
    assert refused(found) == "theory_judge.unreachable"
    assert KEY not in found.model_dump_json()
