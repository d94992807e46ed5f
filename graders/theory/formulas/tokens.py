r"""From a stretch of text to tokens: LaTeX, Unicode and plain notation alike.

Covered: commands with and without arguments, super- and subscripts of Unicode, letters with marks, decimal
commas (`0,5` and `0{,}5`). In LaTeX each letter is a variable; in plain text a run of letters is a word.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from graders.theory.formulas import signs

LONGEST = 600
"""Tokens of one stretch that are read; the rest of it is dropped."""

_PART = re.compile(
    r"(?<![A-Za-z])(?:torch|np|numpy|math|nn|tf|F)\.(?=[a-z])|\\(?:begin|end)\{(?:aligned|align|equation|gather|split)\*?\}|\\tag\{[^{}]{0,20}\}"
    r"|\\(?:text|mathrm|operatorname\*?|textrm|textit|mbox|textsf|texttt)\s?\{(?P<named>[^{}\\$]{1,40})\}"
    r"|\\(?P<command>[A-Za-z]+|.)"
    r"|(?P<number>(?<=max\(|min\(|eft\(|ax\\\{)\d{1,40}(?=,)|\d{1,40}(?:(?:[.,]|\{,\})\d{1,40})?(?:[eE][+-]?\d{1,4}(?![\w^]))?)"
    r"|(?P<letters>[A-Za-z\u00c0-\u024f\u0370-\u03ff\u03d5\u03f5∇][\u0300-\u036f]*)"
    r"|(?P<vulgar>[¼½¾⅓⅔⅛])|(?P<raised>[⁰¹²³⁴-⁹⁺⁻⁽⁾ⁿⁱᵀᵗᵏ]+)|(?P<lowered>[₀-₉₊₋₍₎ₐₑₒₓₕₖₗₘₙₚₛₜᵢⱼᵣ]+)"
    r"|(?P<prose>[\u0400-\u04ff]+)|(?P<dots>\.{2,}|…)|(?P<equals>:=|==|<-)|(?P<floor>//)|(?P<power>\*\*)"
    r"|(?P<break>\\\\|\n)|\s+|(?P<other>.)",
    re.DOTALL,
)
_SIDED = re.compile(r"[A-Z](?:in|out)")


@dataclass(frozen=True, slots=True)
class Token:
    """A sign, a number or a name."""

    kind: str
    """A sign by itself (`+`, `(`, `sum`); `num`, `name`, `function`, `decoration`, `sep`, `rel`, `prose`."""
    text: str
    """What it says: the digits, the name, the function."""
    start: int
    end: int
    plain: bool = False
    """Whether it is written without LaTeX, so that `/` and `_t-1` are open to two readings."""


def tokens(text: str, start: int, end: int, *, latex: bool) -> list[Token]:
    """Tokens of `text[start:end]` with offsets in `text`."""
    found: list[Token] = []
    word: list[Token] = []
    for token in _split(text, start, end, latex=latex):
        letter = token.kind == "letter"
        if word and not (letter and word[-1].end == token.start):
            found.extend(_words(word))
            word = []
        if letter:
            word.append(token)
        else:
            found.append(token)
        if len(found) + len(word) > LONGEST:
            break
    found.extend(_words(word))
    return found[:LONGEST]


def _split(text: str, start: int, end: int, *, latex: bool) -> Iterator[Token]:
    for match in _PART.finditer(text, start, end):
        group, at, to = match.lastgroup, match.start(), match.end()
        part = match[group] if group else ""
        plain = not latex
        match group:
            case None:
                continue
            case "number":
                yield Token("num", part.replace("{,}", ".").replace(",", "."), at, to, plain)
            case "letters":
                yield from _letter(part, at, to, plain=plain)
            case "raised" | "lowered":
                inner = unicodedata.normalize("NFKC", part).replace("−", "-")
                yield Token("^" if group == "raised" else "_", "", at, to)
                yield Token("{", "", at, to)
                yield from (
                    Token(token.kind, token.text, at, to)
                    for token in tokens(inner, 0, len(inner), latex=True)
                )
                yield Token("}", "", at, to)
            case "named":
                yield _named(part.strip(), at, to)
            case "command":
                yield from _command(part, at, to)
            case "other":
                kind = signs.SIGNS.get(part)
                yield Token(kind or "prose", part, at, to, plain)
            case "equals" | "dots" | "prose":
                yield Token({"equals": "="}.get(group, group), part, at, to)
            case "vulgar":
                yield Token("num", str(unicodedata.numeric(part)), at, to)
            case "floor" | "power":
                yield Token("/" if group == "floor" else "^", part, at, to)
            case _:
                yield Token("sep" if not latex or part != "\n" else "space", part, at, to)


def _letter(part: str, at: int, to: int, *, plain: bool) -> Iterator[Token]:
    letter, *marks = list(unicodedata.normalize("NFD", part))
    for mark in marks:
        if mark in signs.DECORATIONS:
            yield Token("decoration", signs.DECORATIONS[mark], at, to)
    greek = signs.GREEK.get(letter, letter)
    if greek in ("sum", "prod"):
        yield Token(greek, "", at, to)
    elif len(greek) > 1 or marks:
        yield Token("name", greek, at, to)
    else:
        yield Token("letter", letter, at, to, plain)


def _command(name: str, at: int, to: int) -> Iterator[Token]:
    if name in signs.LETTER_COMMANDS:
        yield Token("name", signs.LETTER_COMMANDS[name], at, to)
    elif name in signs.FUNCTIONS and name not in ("sqrt", "int"):
        yield Token("function", signs.FUNCTIONS[name], at, to)
    elif name in signs.SKIPPED:
        return
    elif name == "|":
        yield Token("|", "", at, to)
    elif name in ("\\", "newline"):
        yield Token("sep", "", at, to)
    elif name in signs.DECORATIONS:
        yield Token("decoration", signs.DECORATIONS[name], at, to)
    elif name in ("top", "intercal"):
        yield Token("name", "T", at, to)
    elif name in ("{", "}"):
        yield Token("(" if name == "{" else ")", "", at, to)
    elif name in signs.SIGNS:
        yield Token(signs.SIGNS[name], name, at, to)
    elif name in signs.TRANSPARENT:
        yield Token("transparent", name, at, to)
    else:
        yield Token("prose", name, at, to)


def _named(name: str, at: int, to: int) -> Token:
    if name in signs.FUNCTIONS:
        return Token("function", signs.FUNCTIONS[name], at, to)
    return Token("name" if name.isalnum() and name.isascii() else "prose", name, at, to)


def _words(letters: list[Token]) -> Iterator[Token]:
    """A run of letters: a function, a name, or in LaTeX and in short runs a product of its letters."""
    if not letters:
        return
    word = "".join(letter.text for letter in letters)
    first, last, plain = letters[0].start, letters[-1].end, letters[0].plain
    shortest = 3 if plain else 5
    if plain and _SIDED.fullmatch(word):
        word = f"{word[0]}_{word[1:]}"
    if word in signs.FUNCTIONS and len(word) > 1:
        yield Token("sqrt" if word == "sqrt" else "function", signs.FUNCTIONS[word], first, last, plain)
    elif plain and word in ("sum", "prod", "product"):
        yield Token("sum" if word == "sum" else "prod", "", first, last, plain)
    elif word in signs.NAMES or len(word) >= shortest or (plain and word in signs.LETTER_COMMANDS):
        yield Token("name", signs.LETTER_COMMANDS.get(word, word), first, last, plain)
    elif len(word) == 2 and plain:
        yield Token("pair", word, first, last, plain)
    else:
        for letter in letters:
            yield Token("name", letter.text, letter.start, letter.end, plain)
