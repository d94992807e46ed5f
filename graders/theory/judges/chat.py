"""A judge behind any endpoint that speaks OpenAI's chat completions.

Covered: dead, slow, failing and lying endpoints, replies that are not what was asked for, quotes that do not
occur, answers that try to instruct the judge in words that are known. Not covered: a model that is talked
into a verdict with quotes which do occur. That is why a verdict settles nothing alone.
"""

from pathlib import Path

from graders.model import say
from graders.model.judge import JudgeConfig, Refusal, Verdict
from graders.model.theory import Question
from graders.theory.instructions import is_instruction_like
from graders.theory.judges import cache
from graders.theory.judges.endpoint import Endpoint, Failure
from graders.theory.judges.prompt import cache_key, request, visible
from graders.theory.judges.reply import Reply, content_of, read_reply, verdict_of

LONGEST_ANSWER = 12_000
"""Characters; a longer answer is not sent."""
MOST_USELESS = 20
"""After so many answers in a row without a usable reply, whatever the cause, the judge is off too."""


class ChatJudge:
    """Asks a model; off for the rest of the run once its endpoint has failed too often in a row."""

    def __init__(self, config: JudgeConfig, key: str, cache_folder: Path) -> None:
        self._config = config
        self._endpoint = Endpoint(config, key)
        self._folder = cache_folder
        self._failed = 0
        """Answers in a row that the endpoint failed on."""
        self._useless = 0
        """Answers in a row without a reply that can be used."""

    def judge(self, question: Question, answer: str) -> Verdict | Refusal:
        """Judge one answer; see `Judge`. What addresses the judge, is blank or too long is not even sent."""
        if spans := is_instruction_like(answer):
            return Refusal(reason=say("theory_judge.instruction"), spans=tuple(spans))
        if not visible(answer).strip():
            return Refusal(reason=say("theory_judge.blank"))
        if len(answer) > LONGEST_ANSWER:
            return Refusal(reason=say("theory_judge.too_long", n=LONGEST_ANSWER))
        model = self._config.model
        key = cache_key(question, answer, model)
        reply = self._kept(key, question)
        if reply is not None:
            return verdict_of(reply, question, answer, model)
        asked = self._asked(question, answer)
        if isinstance(asked, Refusal):
            return asked
        verdict = verdict_of(asked, question, answer, model)
        if isinstance(verdict, Verdict):
            cache.save(self._folder, key, asked.model_dump_json().encode())
        return verdict

    def _kept(self, key: str, question: Question) -> Reply | None:
        entry = cache.load(self._folder, key)
        found = None if entry is None else read_reply(entry, question)
        return found if isinstance(found, Reply) else None

    def _asked(self, question: Question, answer: str) -> Reply | Refusal:
        if self._failed >= self._config.failures or self._useless >= MOST_USELESS:
            return Refusal(reason=say("theory_judge.off", n=self._useless, host=self._endpoint.host))
        reply = self._received(question, answer)
        self._useless = 0 if isinstance(reply, Reply) else self._useless + 1
        return reply

    def _received(self, question: Question, answer: str) -> Reply | Refusal:
        found = self._endpoint.ask(request(question, answer, self._config.model))
        if isinstance(found, Failure):
            self._failed += found.counts
            return Refusal(reason=found.reason)
        content = content_of(found)
        if content is None:
            self._failed += 1
            return Refusal(reason=say("theory_judge.not_json", host=self._endpoint.host))
        self._failed = 0
        return read_reply(content, question)
