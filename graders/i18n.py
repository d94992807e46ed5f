"""Catalogues: codes and parameters become sentences, Russian or English.

A catalogue is the folder `graders/locale/<language>/`, whose TOML files map a code to a sentence with
`{placeholders}`. One that counts something is a table of CLDR plural forms, chosen by the parameter `n`:

    "cells.failed" = { one = "{n} cell failed", other = "{n} cells failed" }
"""

import tomllib
from functools import cache
from pathlib import Path

from babel import Locale
from babel.numbers import format_decimal

from graders.model import Language, Message

LOCALES = Path(__file__).parent / "locale"
LANGUAGES: tuple[Language, ...] = ("ru", "en")

POWERS_FROM = 1e12
"""From here on in powers of ten: a notebook may claim 1e300, which Babel cannot format."""

Catalogue = dict[str, str | dict[str, str]]


@cache
def catalogue(language: Language) -> Catalogue:
    """All sentences of `language` by code.

    Raises:
        ValueError: two files of the language have the same code.
    """
    sentences: Catalogue = {}
    for path in sorted((LOCALES / language).glob("*.toml")):
        for code, sentence in tomllib.loads(path.read_text(encoding="utf-8")).items():
            if code in sentences:
                raise ValueError(f"{path}: {code} stands in another file of {language} too; remove one")
            sentences[code] = sentence
    return sentences


def number(value: float, language: Language, digits: int = 2) -> str:
    """A number with the decimal sign of the language and at most `digits` digits after it.

    >>> number(0.5, "ru"), number(4.0, "en"), number(1e300, "en")
    ('0,5', '4', '1e+300')
    """
    if abs(value) >= POWERS_FROM:
        return f"{value:.3g}"
    return format_decimal(value, format=f"#,##0.{'#' * digits}", locale=language)


def sentence(message: Message, language: Language) -> str:
    """The sentence of a message; a plain text without any markup, so a view must still escape it.

    Raises:
        KeyError: the catalogue lacks the code, or the message lacks a parameter.
    """
    found = catalogue(language)[message.code]
    if isinstance(found, dict):
        form = Locale(language).plural_form(float(message.params["n"]))
        found = found.get(form, found["other"])
    shown = {
        name: number(value, language, 3) if isinstance(value, (int, float)) else value
        for name, value in message.params.items()
    }
    return found.format(**shown)
