"""One request to an endpoint that may be dead, slow, broken or hostile, within a time limit that holds.

httpx limits each read, not the whole: a server that sends a byte now and then, headers included, would hold
it for ever, and so would a name that does not resolve. So each try runs in a thread of its own that is left
behind at the limit; it is a daemon, and its connection is closed. Redirects are not followed, compressed
replies not unpacked.
"""

import time
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Thread
from urllib.parse import urlsplit

import httpx

from graders.model import Message, say
from graders.model.judge import JudgeConfig

MOST_BYTES = 512_000
"""Of a reply; a verdict takes some thousands."""
LONGEST_PAUSE = 1.0
"""Seconds before the first repetition, doubled each time; less where the time limit is below 16 seconds."""

_PASSING = frozenset({408, 409, 425, 429})
_OF_THE_REQUEST = frozenset({400, 413, 422})
"""Statuses that may be about this one answer: too long, or caught by the endpoint's own filter."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a request brought nothing."""

    reason: Message
    again: bool = False
    """Whether a repetition may help."""
    counts: bool = True
    """Whether it speaks against the endpoint, not only against this request."""
    after: float = 0.0
    """Seconds that the endpoint asks to be left alone."""


class Endpoint:
    """Where chat completions are asked for."""

    def __init__(self, config: JudgeConfig, key: str) -> None:
        self.host = urlsplit(config.base_url).hostname or ""
        self._url = f"{config.base_url}/chat/completions"
        self._headers = {"Content-Type": "application/json", "Accept-Encoding": "identity"}
        if key:
            self._headers["Authorization"] = f"Bearer {key}"
        self._seconds = config.seconds
        self._retries = config.retries

    def ask(self, body: bytes) -> bytes | Failure:
        """Post `body` until there is a reply with status 200, a repetition would not help, or time is up."""
        deadline = time.monotonic() + self._seconds
        pause = min(LONGEST_PAUSE, self._seconds / 16)
        for left in range(self._retries, -1, -1):
            found = self._try(body, deadline)
            if isinstance(found, bytes) or not found.again or not left:
                break
            wait = max(pause, found.after)
            if time.monotonic() + wait >= deadline:
                break
            time.sleep(wait)
            pause *= 2
        return found

    def _try(self, body: bytes, deadline: float) -> bytes | Failure:
        replies: SimpleQueue[bytes | Failure] = SimpleQueue()
        left = max(0.01, deadline - time.monotonic())
        try:
            client = httpx.Client(timeout=left, follow_redirects=False)
        except (
            ValueError,
            OSError,
            ImportError,
        ):  # a proxy or certificates in the environment that cannot be used
            return Failure(say("theory_judge.unreachable", host=self.host))
        try:
            Thread(target=lambda: replies.put(self._post(client, body, deadline)), daemon=True).start()
            return replies.get(timeout=left)
        except Empty:
            return self._slow()
        except RuntimeError:  # no thread can be started
            return Failure(say("theory_judge.unreachable", host=self.host))
        finally:
            client.close()

    def _post(self, client: httpx.Client, body: bytes, deadline: float) -> bytes | Failure:
        try:
            with client.stream("POST", self._url, content=body, headers=self._headers) as response:
                if response.status_code != httpx.codes.OK:
                    return self._refused(response)
                read = bytearray()
                for chunk in response.iter_raw():
                    read += chunk
                    if len(read) > MOST_BYTES:
                        return Failure(say("theory_judge.too_large", host=self.host, kb=MOST_BYTES // 1000))
                    if time.monotonic() >= deadline:
                        return self._slow()
                return bytes(read)
        except httpx.TimeoutException:
            return self._slow()
        except Exception:  # what a stranger sends, or closing the client here, must not end a run
            # The exception's text is not shown: it may hold a header with the key.
            return Failure(say("theory_judge.unreachable", host=self.host), again=True)

    def _refused(self, response: httpx.Response) -> Failure:
        status = response.status_code
        if response.has_redirect_location:
            return Failure(say("theory_judge.redirect", host=self.host))
        if status in (401, 403):
            return Failure(say("theory_judge.key", host=self.host, status=status))
        return Failure(
            say("theory_judge.status", host=self.host, status=status),
            again=status in _PASSING or status >= httpx.codes.INTERNAL_SERVER_ERROR,
            counts=status not in _OF_THE_REQUEST,
            after=_seconds(response.headers.get("Retry-After", "")),
        )

    def _slow(self) -> Failure:
        return Failure(say("theory_judge.slow", host=self.host, seconds=self._seconds))


def _seconds(asked: str) -> float:
    """What `Retry-After` asks for; 0 where it is a date or nonsense."""
    return float(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 0.0
