"""Reads a loss curve: a table as students' programs write it, or a sentence about what to change.

Taken are commas, semicolons and tabs between values, decimal commas where the separator is another sign, a
byte order mark, UTF-16, the usual other names of the columns, a column without a name as pandas writes it,
and columns of the student's own. What is missing in a row is a gap, which is told and not made up.

Not taken are more rows than `MOST_ROWS`, epochs that do not rise, and words where a loss should be.
"""

import csv
import io
import itertools
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from graders.model import Message, say

MOST_BYTES = 4 * 2**20
MOST_ROWS = 20_000
"""Epochs of a curve; more are iterations, which nobody can look at."""
MOST_COLUMNS = 40
MOST_TEXT = 60
"""Characters of the student's that a sentence repeats."""
MOST_VALUE = 1e12
LEAST_ROWS = 2
NAMES = {
    "epoch": "epoch",
    "epochs": "epoch",
    "эпоха": "epoch",
    "train_loss": "train_loss",
    "training_loss": "train_loss",
    "loss_train": "train_loss",
    "loss": "train_loss",
    "validation_loss": "validation_loss",
    "val_loss": "validation_loss",
    "valid_loss": "validation_loss",
    "loss_val": "validation_loss",
    "loss_validation": "validation_loss",
}
"""What columns are called, with what they are."""
EMPTY = ("", "nan", "none", "null", "na", "n/a", "-", "inf", "+inf", "-inf", "infinity")
NUMBER = re.compile(r"[+-]?(\d{1,40}\.?\d{0,40}|\.\d{1,40})([eE][+-]?\d{1,3})?", re.ASCII)
"""`float` would take underscores and the digits of other scripts."""
LOSSES = ("train_loss", "validation_loss")


@dataclass(frozen=True, slots=True)
class Curve:
    """A loss curve, a value an epoch in each column."""

    file: str
    epochs: tuple[int, ...]
    """Rising; some may be left out."""
    columns: dict[str, tuple[float | None, ...]]
    """By name: `train_loss`, `validation_loss` and the student's own numbers; None is a gap."""
    digits: dict[str, int]
    """Most digits after the decimal sign in a column, which says how finely it was written down."""
    problems: tuple[Message, ...] = ()
    """Gaps, and what to change."""

    def values(self, name: str) -> list[float]:
        """A column without its gaps; empty where there is none."""
        return [value for value in self.columns.get(name, ()) if value is not None]


class _BadCurveError(Exception):
    """The table cannot be read; `message` says what to change."""

    def __init__(self, message: Message) -> None:
        self.message = message
        super().__init__(message.code)


def read_curve(data: bytes, name: str) -> Curve | Message:
    """A loss curve from a file's bytes, or what is wrong with it; `name` is the file's."""
    if len(data) > MOST_BYTES:
        return say("curve.too_large", name=name, limit=MOST_BYTES // 2**20)
    text = _text(data)
    try:
        return _curve(text, name)
    except _BadCurveError as error:
        return error.message


def _text(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", errors="replace")
    else:
        text = data.decode("utf-8-sig", errors="replace")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")


def _curve(text: str, name: str) -> Curve:
    header, _, _ = text.lstrip("\n").partition("\n")
    separator = max(",;\t", key=header.count)
    rows = _rows(text, separator, name)
    first, body = rows[0], rows[1:]
    columns = _columns(first, name)
    if len(body) < LEAST_ROWS:
        raise _BadCurveError(say("curve.short", name=name))
    numbers = _numbers(body, columns, name, comma=separator != ",")
    epochs = _epochs(numbers.pop("epoch"), name)
    own = {key: tuple(column) for key, column in numbers.items() if column.count(None) < len(column)}
    if not any(key in own for key in LOSSES):
        raise _BadCurveError(say("curve.empty", name=name))
    digits = {
        key: max(_digits(row[index]) for row in body if index < len(row))
        for key, index in columns.items()
        if key in own
    }
    return Curve(name, epochs, own, digits, tuple(_gaps(epochs, own, name)))


def _rows(text: str, separator: str, name: str) -> list[list[str]]:
    """Lines of the table that have something in them."""
    try:
        read = csv.reader(io.StringIO(text), delimiter=separator)
        filled = (row for row in read if any(cell.strip() for cell in row))
        rows = list(itertools.islice(filled, MOST_ROWS + 2))
    except csv.Error:
        raise _BadCurveError(say("curve.not_csv", name=name)) from None
    if not rows:
        raise _BadCurveError(say("curve.short", name=name))
    if len(rows) > MOST_ROWS + 1:
        raise _BadCurveError(say("curve.long", name=name, limit=MOST_ROWS))
    return rows


def _columns(header: Sequence[str], name: str) -> dict[str, int]:
    """Where each column stands, by what it is."""
    told = [re.sub(r"[^\w]+", "_", cell.strip().lower()).strip("_") for cell in header[:MOST_COLUMNS]]
    if all(_value(cell, comma=True) is not None for cell in header if cell.strip()):
        raise _BadCurveError(say("curve.no_header", name=name))
    found: dict[str, int] = {}
    for index, word in enumerate(told):
        if word:
            found.setdefault(NAMES.get(word, word[:MOST_TEXT]), index)
    if "epoch" not in found and told and told[0] == "":
        found["epoch"] = 0  # the index that pandas writes
    if "epoch" not in found or not any(key in found for key in LOSSES):
        shown = ", ".join(cell.strip() for cell in header)[:MOST_TEXT]
        raise _BadCurveError(say("curve.columns", name=name, found=shown or "—"))
    return found


def _numbers(
    body: Sequence[Sequence[str]], columns: dict[str, int], name: str, *, comma: bool
) -> dict[str, list[float | None]]:
    """The columns as numbers; one with a word in it is refused where it is needed, and else left out."""
    widest = max(columns.values()) + 1
    found: dict[str, list[float | None]] = {}
    for line, row in enumerate(body, start=2):
        if not comma and len(row) >= 2 * widest - 1 and widest > 1:
            raise _BadCurveError(say("curve.decimal_comma", name=name, line=line))
    for key, index in columns.items():
        column: list[float | None] = []
        needed = key == "epoch" or key in LOSSES
        for line, row in enumerate(body, start=2):
            cell = row[index].strip() if index < len(row) else ""
            value = _value(cell, comma=comma)
            if value is None and not _is_gap(cell, comma=comma):
                if not needed:
                    break
                if key == "epoch":
                    raise _BadCurveError(say("curve.epoch", name=name, line=line))
                raise _BadCurveError(
                    say("curve.not_number", name=name, line=line, column=key, found=cell[:MOST_TEXT])
                )
            column.append(value)
        if len(column) == len(body):
            found[key] = column
    return found


def _value(cell: str, *, comma: bool) -> float | None:
    """A finite number of a size that losses have, or None."""
    text = _plain(cell, comma=comma)
    value = float(text) if NUMBER.fullmatch(text) else math.nan
    return value if abs(value) <= MOST_VALUE else None


def _is_gap(cell: str, *, comma: bool) -> bool:
    """Whether a cell without a value is empty, or a loss that has grown beyond all bounds."""
    return cell.lower() in EMPTY or NUMBER.fullmatch(_plain(cell, comma=comma)) is not None


def _plain(cell: str, *, comma: bool) -> str:
    text = cell.strip()
    return text.replace(",", ".") if comma else text


def _digits(cell: str) -> int:
    text = cell.strip().lower().replace(",", ".")
    mantissa, _, power = text.partition("e")
    after = len(mantissa.partition(".")[2])
    return max(0, min(20, after - (int(power) if re.fullmatch(r"[+-]?\d{1,3}", power) else 0)))


def _epochs(column: Sequence[float | None], name: str) -> tuple[int, ...]:
    epochs: list[int] = []
    for line, value in enumerate(column, start=2):
        if value is None or value != int(value) or not 0 <= value < 10**7:
            raise _BadCurveError(say("curve.epoch", name=name, line=line))
        if epochs and value <= epochs[-1]:
            code = "curve.twice" if value == epochs[-1] else "curve.order"
            raise _BadCurveError(say(code, name=name, line=line, epoch=int(value), last=epochs[-1]))
        epochs.append(int(value))
    return tuple(epochs)


def _gaps(
    epochs: Sequence[int], columns: dict[str, tuple[float | None, ...]], name: str
) -> Iterable[Message]:
    """What is missing between the first epoch and the last, and in the training loss."""
    missing = [
        epoch + 1 for epoch, after in itertools.pairwise(epochs) if after - epoch not in (1, _step(epochs))
    ]
    if missing:
        yield say("curve.gap", name=name, n=len(missing), epoch=missing[0])
    empty = [
        epoch for epoch, value in zip(epochs, columns.get("train_loss", ()), strict=False) if value is None
    ]
    if empty:
        yield say("curve.holes", name=name, n=len(empty), epoch=empty[0])


def _step(epochs: Sequence[int]) -> int:
    """Epochs between most rows: some log every fifth."""
    steps = sorted(after - epoch for epoch, after in itertools.pairwise(epochs))
    return steps[len(steps) // 2]
