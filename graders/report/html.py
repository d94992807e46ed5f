"""The Jinja2 environment of the HTML views and the policy that keeps their pages still.

A page holds no script, loads nothing, and takes only the one style sheet whose hash its policy names. All
values are escaped by Jinja2, after `visible` has spelled out control characters; nothing is marked as safe
but the project's own style sheet.
"""

import base64
import hashlib
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from babel.dates import format_datetime
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from graders.i18n import number, sentence
from graders.model import Language, Message, say
from graders.report.text import measured, visible

TEMPLATES = Path(__file__).parent / "templates"


def render(template: str, language: Language, **values: Any) -> str:
    """The page that `template` makes of `values`."""
    return environment(language).get_template(template).render(values)


@cache
def environment(language: Language) -> Environment:
    """Templates whose sentences and numbers are in `language`."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    css = (TEMPLATES / "report.css").read_text(encoding="utf-8")
    made.globals.update(
        language=language,
        css=Markup(css),  # noqa: S704 - the project's own file, without which the page has no style
        csp=policy(css),
        t=partial(_translate, language),
    )
    made.filters.update(
        figure=partial(_figure, language),
        measured=partial(measured, language=language),
        say=partial(_say, language),
        moment=partial(moment, language=language),
        quoted=partial(quote, safe=""),
    )
    return made


def policy(css: str) -> str:
    """The Content-Security-Policy of a page whose only style sheet is `css`."""
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    )


def moment(iso: str, language: Language) -> str:
    """A time such as `2026-03-01T10:00:00Z` as people write it; text that is no time stays as it is."""
    try:
        when = datetime.fromisoformat(iso)
    except ValueError:
        return iso
    return f"{format_datetime(when, 'd MMMM y, HH:mm', locale=language)} UTC"


def _shown(value: Any) -> Any:
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _translate(language: Language, code: str, **params: str | int | float) -> str:
    return sentence(say(code, **params), language)


def _figure(language: Language, value: float, digits: int = 3) -> str:
    return number(value, language, digits)


def _say(language: Language, message: Message) -> str:
    return sentence(message, language)
