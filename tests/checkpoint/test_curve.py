import pytest
from hypothesis import given
from hypothesis import strategies as st

from graders.checkpoint import Curve, read_curve
from graders.checkpoint.curve import MOST_BYTES, MOST_ROWS
from graders.model import Message

NAME = "l06_unet.curve.csv"
PLAIN = "epoch,train_loss,validation_loss\n1,0.9,1.0\n2,0.5,0.6\n3,0.4,0.55\n"


def read(text: str | bytes) -> Curve | Message:
    return read_curve(text.encode() if isinstance(text, str) else text, NAME)


WAYS: dict[str, str | bytes] = {
    "plain": PLAIN,
    "BOM": b"\xef\xbb\xbf" + PLAIN.encode(),
    "UTF-16": PLAIN.encode("utf-16"),
    "Windows": PLAIN.replace("\n", "\r\n"),
    "semicolons": PLAIN.replace(",", ";"),
    "decimal commas": PLAIN.replace(",", ";").replace(".", ","),
    "tabs and decimal commas": PLAIN.replace(",", "\t").replace(".", ","),
    "other names": PLAIN.replace("train_loss", "loss").replace("validation_loss", "Val Loss"),
    "pandas": ",train_loss,validation_loss\n1,0.9,1.0\n2,0.5,0.6\n3,0.4,0.55\n",
    "quotes": '"epoch","train_loss","validation_loss"\n"1","0.9","1.0"\n"2","0.5","0.6"\n"3","0.4","0.55"\n',
    "powers": "epoch,train_loss,validation_loss\n1,9e-1,1e0\n2,5.0E-1,0.6\n3,0.4,0.55\n",
    "blank lines": PLAIN.replace("\n", "\n\n"),
    "own columns": "time,epoch,note,train_loss,validation_loss\n"
    "12:01,1,a,0.9,1.0\n12:02,2,,0.5,0.6\n12:03,3,b,0.4,0.55\n",
    "whole epochs as floats": PLAIN.replace("\n1,", "\n1.0,"),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_curve_is_read_as_programs_write_it(way: str) -> None:
    found = read(WAYS[way])
    assert isinstance(found, Curve), found
    assert found.epochs == (1, 2, 3)
    assert found.columns["train_loss"] == (0.9, 0.5, 0.4)
    assert found.columns["validation_loss"] == (1.0, 0.6, 0.55)
    assert found.problems == ()


def test_columns_of_the_students_own_are_kept_where_they_are_numbers() -> None:
    found = read("epoch,train_loss,lr,note\n0,1.5,0.1,first\n1,1.25,0.01,last\n")
    assert isinstance(found, Curve)
    assert found.columns == {"train_loss": (1.5, 1.25), "lr": (0.1, 0.01)}
    assert found.digits == {"train_loss": 2, "lr": 2}


BAD: dict[str, tuple[str, str | bytes]] = {
    "empty": ("curve.short", ""),
    "only a header": ("curve.short", "epoch,train_loss\n"),
    "one row": ("curve.short", "epoch,train_loss\n1,0.5\n"),
    "no header": ("curve.no_header", "1,0.9,1.0\n2,0.5,0.6\n"),
    "other columns": ("curve.columns", "step,accuracy\n1,0.9\n2,0.5\n"),
    "words": ("curve.not_number", PLAIN.replace("0.5,", "about a half,")),
    "a word that Python reads as a number": ("curve.not_number", PLAIN.replace("0.5,", "1_0,")),
    "digits of another script": ("curve.not_number", PLAIN.replace("0.5,", "٣,")),
    "decimal commas between commas": (
        "curve.decimal_comma",
        "epoch,train_loss,val_loss\n1,0,9,1,0\n2,0,5,0,6\n",
    ),
    "a word for an epoch": ("curve.epoch", PLAIN.replace("\n2,", "\nEpoch 2,")),
    "two rows for one epoch": ("curve.twice", PLAIN.replace("\n2,", "\n1,")),
    "half an epoch": ("curve.epoch", PLAIN.replace("\n2,", "\n1.5,")),
    "no epoch": ("curve.epoch", PLAIN.replace("\n2,", "\n,")),
    "two trainings": ("curve.order", PLAIN + PLAIN.partition("\n")[2]),
    "no losses": ("curve.empty", "epoch,train_loss\n1,nan\n2,\n"),
    "a row for every batch": (
        "curve.long",
        "epoch,train_loss\n" + "".join(f"{n},1\n" for n in range(MOST_ROWS + 1)),
    ),
    "a million rows": ("curve.too_large", b"epoch,train_loss\n" + b"1,0.5\n" * 10**6),
    "too large": ("curve.too_large", bytes(MOST_BYTES + 1)),
    "binary": ("curve.columns", bytes(range(1, 256)) * 20),
    "a cell without end": ("curve.not_csv", 'epoch,train_loss\n1,"' + "x" * 200_000),
}


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_read_says_what_to_change(case: str) -> None:
    code, text = BAD[case]
    found = read(text)
    assert isinstance(found, Message)
    assert found.code == code
    assert found.params["name"] == NAME


@pytest.mark.parametrize("beyond", ["inf", "1e300"])
def test_gaps_are_told_and_not_filled(beyond: str) -> None:
    found = read(f"epoch,train_loss,validation_loss\n1,0.9,\n2,0.8,0.9\n3,nan,\n5,{beyond},0.7\n6,0.5,\n")
    assert isinstance(found, Curve)
    assert found.columns["train_loss"] == (0.9, 0.8, None, None, 0.5)
    assert found.columns["validation_loss"] == (None, 0.9, None, 0.7, None)
    codes = {message.code: message.params for message in found.problems}
    assert codes["curve.gap"]["epoch"] == 4
    assert (codes["curve.holes"]["n"], codes["curve.holes"]["epoch"]) == (2, 3)


def test_a_row_every_fifth_epoch_is_no_gap_and_a_validation_now_and_then_neither() -> None:
    rows = "".join(
        f"{epoch},{1 / epoch:.3f},{'0.5' if epoch % 10 == 0 else ''}\n" for epoch in range(5, 60, 5)
    )
    found = read("epoch,train_loss,validation_loss\n" + rows)
    assert isinstance(found, Curve)
    assert found.problems == ()


@given(st.binary(max_size=400))
def test_no_bytes_raise(data: bytes) -> None:
    assert isinstance(read(data), (Curve, Message))


@given(st.text(alphabet="0123456789.,;\t\n\"'eE+-naif lossepochtr_", max_size=300))
def test_no_table_raises(text: str) -> None:
    assert isinstance(read("epoch,train_loss\n" + text), (Curve, Message))
