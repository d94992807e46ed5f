"""Takes what a step of the probe left in the outbox, as bytes that its process can no longer change."""

import json
import os
import stat
import string
from typing import Any

from graders.artifacts import MOST_JSON, BadArtifactError
from graders.i18n import catalogue
from graders.model import Fault, Limits, Message, say
from graders.sandbox.guard import MIB
from graders.sandbox.job import ProbeStep, StepResult, StepStatus
from graders.sandbox.messages import plain
from graders.sandbox.session import Attempt

MOST_ERROR = MIB
"""Bytes of a step's `.error.json`."""
MOST_PARAMETER = 200
"""Characters of a text that the notebook's process puts into a message."""
MOST_TEXT = 4000


def read_regular(folder: int, name: str, most: float) -> bytes | None:
    """The bytes of a regular file of the folder with this handle, or None where there is no such name.

    Raises:
        BadArtifactError: it is a link, a pipe, a folder, a file with two names, or has over `most` bytes.
    """
    try:
        number = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
    except FileNotFoundError:
        return None
    except OSError:
        raise BadArtifactError(say("artifact.not_regular", name=name)) from None
    found = os.fstat(number)
    if not stat.S_ISREG(found.st_mode) or found.st_nlink != 1:
        os.close(number)
        raise BadArtifactError(say("artifact.not_regular", name=name))
    with os.fdopen(number, "rb") as file:
        if found.st_size > most:
            size, limit = round(found.st_size / MIB, 1), most / MIB
            raise BadArtifactError(say("artifact.too_large", name=name, size=size, limit=limit))
        return file.read(found.st_size)


def result(
    step: ProbeStep, status: StepStatus, attempt: Attempt, outbox: int, limits: Limits, *, kept: int
) -> StepResult:
    """What a step came to; `kept` is the size of what earlier steps left, in bytes."""
    seconds = attempt.seconds
    try:
        error = read_regular(outbox, f"{step.name}.error.json", MOST_ERROR)
        if status in ("ok", "failed") and (error is not None or status == "failed"):
            fault, message = _error(error)
            return StepResult(step.name, "failed", seconds, fault, message)
        if status != "ok":
            return StepResult(step.name, status, seconds, None, _reason(step, attempt))
        files = _files(step, outbox, limits, kept)
    except BadArtifactError as bad:
        return StepResult(step.name, "failed", seconds, None, bad.message)
    return StepResult(step.name, "ok", seconds, files=files)


def _files(step: ProbeStep, outbox: int, limits: Limits, kept: int) -> dict[str, bytes]:
    """The files of a step by name.

    Raises:
        BadArtifactError: one of them cannot be taken, or there is no room for it beside what was kept.
    """
    most = limits.artifact_mib * MIB
    files: dict[str, bytes] = {}
    for name, largest in ((f"{step.name}.npz", most), (f"{step.name}.json", min(most, MOST_JSON))):
        data = read_regular(outbox, name, largest)
        if data is None:
            continue
        kept += len(data)
        if kept > most:
            size = round(kept / MIB, 1)
            raise BadArtifactError(say("artifact.too_large_together", size=size, limit=limits.artifact_mib))
        files[name] = data
    return files


def _reason(step: ProbeStep, attempt: Attempt) -> Message:
    if attempt.verdict is not None:
        return attempt.verdict.message
    if attempt.end == "done":
        return say("step.interrupted")
    return say("step.timed_out", limit=step.seconds)


def _error(data: bytes | None) -> tuple[Fault | None, Message | None]:
    """The reason of a failed step, out of a file that a student's process may have written."""
    try:
        told: Any = json.loads(data or b"null")
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        return None, say("step.failed")
    if "contract" in told:
        return None, _contract(told["contract"], told.get("params"))
    kind, text, trace = (
        plain(str(told.get(key, "")))[:MOST_TEXT] for key in ("type", "message", "traceback")
    )
    return Fault(type=kind, message=text, traceback=trace), None


def _contract(code: Any, params: Any) -> Message:
    """The message of a broken contract, if it is one that the catalogue has and can be filled."""
    generic = say("step.failed")
    if not isinstance(code, str) or not code.startswith("contract.") or not isinstance(params, dict):
        return generic
    sentence = catalogue("en").get(code)
    if sentence is None:
        return generic
    wanted = _placeholders(sentence)
    kept: dict[str, str | int | float] = {}
    for name in wanted:
        value = params.get(name)
        if isinstance(value, str):
            value = plain(value)[:MOST_PARAMETER]
        if not isinstance(value, (str, int, float)) or isinstance(value, bool) or not _finite(value):
            return generic
        kept[name] = value
    return Message(code=code, params=kept)


def _placeholders(sentence: str | dict[str, str]) -> set[str]:
    texts = [sentence] if isinstance(sentence, str) else [*sentence.values()]
    names = {name for text in texts for _, name, _, _ in string.Formatter().parse(text) if name}
    return names if isinstance(sentence, str) else names | {"n"}


def _finite(value: str | float) -> bool:
    return isinstance(value, str) or abs(value) < 1e15
