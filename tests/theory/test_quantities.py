import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graders.model import Quantity
from graders.theory.numerals import numerals
from graders.theory.quantities import find_quantity
from graders.theory.reading import read


def found(value, text, tolerance=0.0, near=""):
    quantity = Quantity(value=value, tolerance=tolerance, near=near)
    return [text[span.start : span.end] for span in find_quantity(quantity, text)]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (28, "28"),
        (28, "Размер будет 28."),
        (28, "answer: **28**"),
        (28, "$28$"),
        (28, "=28"),
        (28, "28px"),
        (28, "28x28"),
        (26, "26×26×32"),
        (32, "26×26×32"),
        (26, r"$26 \times 26$"),
        (26, "26 на 26"),
        (28, "двадцать восемь"),
        (28, "twenty-eight"),
        (28, "Twenty eight"),
        (3, "три вентиля"),
        (3, "с тремя вентилями"),
        (1152, "1 152"),
        (1152, "1,152 weights"),
        (1.152, "1,152"),
        (1152, "1\u00a0152 параметра"),
        (1152, r"$1\,152$"),
        (1152, "1.152e3"),
        (1152, "1152 = 3·3·128"),
        (1152, "3*3*128"),
        (1234567, "1 234 567"),
        (1234567, "1,234,567"),
        (0.5, "0,5"),
        (0.5, "0.5"),
        (0.5, "$0{,}5$"),
        (0.5, "½"),
        (0.5, r"$\frac12$"),
        (0.5, "1/2"),
        (0.5, "половину"),
        (0.25, "25%"),
        (0.25, r"25\%"),
        (0.25, "25 процентов"),
        (25, "25 %"),
        (0.25, r"$\frac{1}{4}$"),
        (0.001, "10^{-3}"),
        (0.001, "1e-3"),
        (0.001, "10⁻³"),
        (0.001, "10**-3"),
        (0.001, "lr = 0.001"),
        (0.0003, r"$3 \cdot 10^{-4}$"),
        (0.0003, "3e-4"),
        (1024, "2^10"),
        (60000, "60 тыс"),
        (60000, "60k"),
        (1.5e6, "1.5 million"),
        (3, "3-5"),
        (5, "3-5"),
        (5, "3–5 эпох"),
        (-1, "от -1 до 1"),
        (-1, "(−1, 1)"),
        (1, "(-1, 1)"),
        (1, "значения в (0,1)"),
        (0, "[0,1]"),
        (-1, "(-1,1)"),
        (0.1, "(0,1)"),
        (784, "28*28 = 784"),
        (10, "слой на 10 классов"),
        (200, "3 200"),
    ],
)
def test_a_number_is_found_in_whatever_way_it_is_written(value, text):
    assert found(value, text)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (28, "280"),
        (28, "128"),
        (28, "0.28"),
        (28, "28.5"),
        (28, "resnet28"),
        (2, "conv2d"),
        (2, "nn.Conv2d"),
        (1, "h_{1}"),
        (1, "W_1"),
        (2, "2D"),
        (3, "3. Третий ответ"),
        (1, "**1.** Answer"),
        (2, "x^2"),
        (2, "x^{2}"),
        (5, "-5"),
        (0.5, "5"),
        (28, "восемь"),
        (28, "twenty and eight"),
        (3, "потри"),
        (1, "someone"),
        (10, "10^{-3}"),
    ],
)
def test_another_number_or_a_digit_of_a_name_is_not_found(value, text):
    assert not found(value, text)


def test_the_span_is_the_number_in_the_original_text():
    assert found(28, "Было 32, стало 28 точек, то есть 28 в ряду") == ["28", "28"]


def test_tolerance_holds_on_both_sides_and_includes_its_end():
    assert [bool(found(0.97, text, tolerance=0.01)) for text in ("0.96", "0.98", "0.95", "0.99", "97%")] == [
        True,
        True,
        False,
        False,
        True,
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Размер выхода равен 28.", True),
        ("The output has 28 pixels.", True),
        ("На входе 28. Выход другой.", False),
        ("28", False),
    ],
)
def test_with_near_the_number_must_stand_in_the_sentence_of_the_pattern(text, expected):
    assert bool(found(28, text, near="выход*|output")) is expected


def test_a_number_that_is_struck_out_or_in_a_comment_does_not_count():
    assert not found(28, "Размер ~~28~~ 26.")
    assert not found(28, "Размер <!-- 28 --> 26.")


def test_what_the_given_reading_leaves_out_does_not_count():
    text = "Is it 28? It is 26."
    quantity = Quantity(value=28)
    assert find_quantity(quantity, text)
    assert not find_quantity(quantity, text, read(text, without=[(0, 9)]))


@given(st.text(max_size=200), st.sampled_from([0.0, 1.0, 28.0, 0.5]))
def test_spans_lie_in_any_text(text, value):
    for span in find_quantity(Quantity(value=value, tolerance=1), text):
        assert 0 <= span.start < span.end <= len(text)


@given(st.text(alphabet="0123456789 .,xe^{}-/%\\frac½²·", max_size=60))
def test_anything_like_a_number_is_read_or_left(text):
    for numeral in numerals(text):
        assert numeral.values is not None
        assert 0 <= numeral.start < numeral.end <= len(text)


@given(st.integers(-(10**9), 10**9))
def test_every_whole_number_is_found_as_python_writes_it(value):
    assert found(value, f"it is {value} here")
    assert found(value, f"it is {value:,} here")


@given(st.integers(1, 10**6), st.integers(1, 6))
@settings(max_examples=50)
def test_decimal_comma_and_point_are_the_same(digits, places):
    value = digits / 10**places
    text = f"{value:.{places}f}"
    assert found(value, text)
    assert found(value, text.replace(".", ","))


@pytest.mark.parametrize(
    "text",
    [
        "1" * 12_000,
        "1 " * 6_000,
        "1," * 6_000,
        "111 " * 3_000,
        "1x" * 6_000,
        "9^9" * 4_000,
        "9^999 " * 2_000,
        "1e999 " * 2_000,
        "\\frac{1}{0} " * 1_000,
        "1/0 " * 3_000,
        "двадцать " * 1_300,
        "^{" * 6_000,
        "-" * 12_000,
    ],
)
def test_hostile_text_is_read_in_a_moment(text):
    began = time.perf_counter()
    found(28, text)
    assert time.perf_counter() - began < 1.0
