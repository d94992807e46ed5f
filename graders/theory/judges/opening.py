"""Opens the judge that a course or the environment names, or none."""

from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError

from graders.errors import UsageError
from graders.model.judge import JudgeConfig
from graders.theory.judges.protocol import Judge

URL, MODEL = "GRADE_JUDGE_URL", "GRADE_JUDGE_MODEL"
"""Environment variables that override `base_url` and `model`."""


def judge_of(config: JudgeConfig | None, environ: Mapping[str, str], cache_folder: Path) -> Judge | None:
    """The judge to ask, or None where none is switched on. Nothing is sent anywhere yet.

    Args:
        config: the table `[judge]` of the course; None where it has none.
        environ: the environment: an address, a model, and the key.
        cache_folder: where verdicts are kept; made when the first one is.

    Raises:
        UsageError: see `chosen`.
    """
    named = chosen(config, environ)
    if named is None:
        return None
    from graders.theory.judges.chat import ChatJudge

    return ChatJudge(named, environ.get(named.key_variable, "").strip(), cache_folder)


def chosen(config: JudgeConfig | None, environ: Mapping[str, str]) -> JudgeConfig | None:
    """How the judge is reached once the environment has had its say; None where none is switched on.

    Args:
        config: the table `[judge]` of the course; None where it has none.
        environ: the environment: an address and a model.

    Raises:
        UsageError: an address without a model or the reverse, or an address in the environment that is none.
    """
    values = (config or JudgeConfig()).model_dump()
    for key, variable in (("base_url", URL), ("model", MODEL)):
        values[key] = environ.get(variable, "").strip() or values[key]
    try:
        found = JudgeConfig.model_validate(values)
    except ValidationError as error:
        said = error.errors(include_url=False, include_input=False)[0]["msg"].removeprefix("Value error, ")
        raise UsageError(f"{URL}: {said}.") from None
    if not (found.base_url or found.model):
        return None
    if not (found.base_url and found.model):
        has, lacking = ("an address", MODEL) if found.base_url else ("a model", URL)
        key = "model" if found.base_url else "base_url"
        raise UsageError(
            f"The judge has only {has}; expected an address and a model. "
            f"Give `{key}` in [judge] of course.toml or set {lacking}, or remove both to go without a judge."
        )
    return found
