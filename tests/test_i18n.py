"""The catalogues: the same in both languages, complete for every message in the code, nothing left over."""

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from graders.i18n import catalogue, number, sentence
from graders.model import Language, say

ROOT = Path(__file__).parent.parent
SOURCES = [*ROOT.glob("graders/**/*.py"), *ROOT.glob("assignments/*/probe.py")]
BOTH: tuple[Language, ...] = ("ru", "en")


def forms(code: str, language: Language) -> list[str]:
    found = catalogue(language)[code]
    return list(found.values()) if isinstance(found, dict) else [found]


def placeholders(code: str, language: Language) -> set[str]:
    names = {
        name for form in forms(code, language) for _, name, _, _ in string.Formatter().parse(form) if name
    }
    return names | ({"n"} if isinstance(catalogue(language)[code], dict) else set())


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Calls of `say` and `ContractError` whose code is written out."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = getattr(node.func, "id", "")
            code = node.args[0]
            if name in ("say", "ContractError") and isinstance(code, ast.Constant):
                yield str(code.value), node


def test_both_languages_have_the_same_codes() -> None:
    assert set(catalogue("ru")) == set(catalogue("en"))


def test_both_languages_fill_in_the_same() -> None:
    different = [code for code in catalogue("ru") if placeholders(code, "ru") != placeholders(code, "en")]
    assert different == []


def test_every_message_in_the_code_has_its_sentence_and_all_that_it_fills_in() -> None:
    lacking = []
    for code, call in calls():
        given = {keyword.arg for keyword in call.keywords}
        if code not in catalogue("ru") or (None not in given and not placeholders(code, "ru") <= given):
            lacking.append((code, given))
    assert lacking == []


def test_no_sentence_is_left_over() -> None:
    text = "\n".join(
        path.read_text(encoding="utf-8")
        for path in (*SOURCES, *ROOT.glob("graders/report/templates/*.jinja"))
    )
    patterns = [
        re.compile(re.sub(r"\\\{[^}]*\\\}", r"[a-z_]+", re.escape(code)))
        for code in re.findall(r'f"([a-z_.]*\{[a-z_.]+\}[a-z_.{}]*)"', text)
    ]
    stems = re.findall(r'"([a-z_]+(?:\.[a-z_]+)*\.)"', text)
    unused = [
        code
        for code in catalogue("ru")
        if f'"{code}"' not in text
        and f'self.say("{code.rpartition(".")[0]}"' not in text  # the sandbox says the rest: cell or probe
        and not any(pattern.fullmatch(code) for pattern in patterns)
        and not any(code.startswith(stem) for stem in stems)
    ]
    assert unused == []


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (1, "На 1 вопрос ответа пока нет."),
        (2, "На 2 вопроса ответа пока нет."),
        (5, "На 5 вопросов ответа пока нет."),
    ],
)
def test_russian_counts_take_their_form(count: int, said: str) -> None:
    assert sentence(say("theory.hint_missing", n=count), "ru") == said


def test_numbers_take_the_decimal_sign_of_the_language() -> None:
    assert (number(0.8835, "ru", 3), number(0.8835, "en", 3)) == ("0,884", "0.884")


def test_an_unknown_code_is_an_error_and_not_an_empty_sentence() -> None:
    with pytest.raises(KeyError):
        sentence(say("no.such_code"), "en")
