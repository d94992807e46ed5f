import re
import string
import tomllib
from pathlib import Path
from typing import get_args

import pytest

from graders.i18n import LOCALES
from graders.model import OWN_KINDS, Criterion, Layer, Layers, MarkStatus, Profile, Record, Run, RunStatus
from graders.own.kinds import KINDS

REPORT = Path(__file__).parents[2] / "graders" / "report"
SENTENCE = re.compile(r'"((?:report|class|terminal)\.(?!css|html)[a-z0-9_.]*)"')

BASELINES = {name for kind in KINDS.values() for name in kind.baselines}

# What a code that ends in a dot is completed with.
ENDINGS = {
    "report.status.": get_args(MarkStatus),
    "report.own.data.": OWN_KINDS,
    "report.own.rival.": ("yours", "reference", *BASELINES),
    "report.criterion.": get_args(Criterion.model_fields["status"].annotation),
    "report.check.": ("met", "missed"),
    "report.point.": ("met", "missed", "wrong"),
    "report.profile.": get_args(Profile),
    "report.record.": ("needs_review.title", "needs_review.text", "ungradable.title", "ungradable.text"),
    "report.run.": get_args(RunStatus),
    "report.run.kernel.": get_args(Run.model_fields["kernel"].annotation),
    "report.cell.": ("error", "timed_out", "killed"),
    "report.scale.": ("zero", "full"),
    "report.op.": tuple(op for op in get_args(Layer.model_fields["op"].annotation) if op != "other"),
    "report.layers.found_by.": get_args(Layers.model_fields["found_by"].annotation),
    "report.study.title.": ("width", "depth"),
    "report.study.axis.": ("width", "depth"),
    "class.": tuple(
        status for status in get_args(Record.model_fields["status"].annotation) if status != "graded"
    ),
}


def catalogue(language: str) -> dict[str, str | dict[str, str]]:
    texts = [path.read_text(encoding="utf-8") for path in sorted((LOCALES / language).glob("report*.toml"))]
    return tomllib.loads("\n".join(texts))


def placeholders(sentence: str | dict[str, str]) -> set[str]:
    forms = sentence.values() if isinstance(sentence, dict) else [sentence]
    return {name for form in forms for _, name, _, _ in string.Formatter().parse(form) if name}


def used() -> set[str]:
    sources = [*REPORT.glob("*.py"), *REPORT.glob("templates/*.jinja")]
    found = {
        code
        for path in sources
        for code in SENTENCE.findall(
            re.sub(r'\{(?:mark|record)\.\w+\}"', '"', path.read_text(encoding="utf-8"))
        )
    }
    whole = {code for code in found if not code.endswith(".")}
    return whole | {start + end for start in found - whole for end in ENDINGS[start]}


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_sentence_is_used_and_every_used_code_has_a_sentence(language: str) -> None:
    assert used() == set(catalogue(language))


def test_both_languages_fill_the_same_placeholders() -> None:
    russian, english = catalogue("ru"), catalogue("en")
    assert {code: placeholders(text) for code, text in russian.items()} == {
        code: placeholders(text) for code, text in english.items()
    }


@pytest.mark.parametrize(
    ("language", "forms"), [("ru", {"one", "few", "many", "other"}), ("en", {"one", "other"})]
)
def test_what_is_counted_has_every_plural_form(language: str, forms: set[str]) -> None:
    counted = [sentence for sentence in catalogue(language).values() if isinstance(sentence, dict)]
    assert counted
    assert all(set(sentence) == forms for sentence in counted)
