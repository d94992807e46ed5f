import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graders.model import Formula
from graders.theory.formulas import find_formulas, readable

CELL = Formula(latex=r"c_t = f_t c_{t-1} + i_t g_t")
CHAIN = Formula(latex=r"\frac{\partial c_{n+1}}{\partial c_k} = \prod_{i=k+1}^{n+1} f_i")
SIZE = Formula(latex="(n + 2p - k)/s + 1")
SOFTMAX = Formula(latex=r"\frac{e^{x_i}}{\sum_{j=1}^{K} e^{x_j}}")
TAUTOLOGY = r"$\frac{\partial c_{n+1}}{\partial c_k}=\prod_{i=k}^{n}\frac{\partial c_{i+1}}{\partial c_i}$"
ALL = [CELL, CHAIN, SIZE, SOFTMAX]


def status(formula, text, without=()):
    return find_formulas([formula], text, without)[0].status


def shown(formula, text):
    return [text[span.start : span.end] for span in find_formulas([formula], text)[0].spans]


def test_the_span_is_the_formula_in_the_original_text():
    text = "Состояние ячейки: c_t = f_t * c_{t-1} + i_t*g_t, а выход другой."
    assert shown(CELL, text) == ["c_t = f_t * c_{t-1} + i_t*g_t"]


@pytest.mark.parametrize("marks", [("$", "$"), ("$$", "$$"), (r"\(", r"\)"), (r"\[", r"\]"), ("`", "`")])
def test_the_span_lies_within_the_marks(marks):
    text = f"so {marks[0]}f_t c_{{t-1}} + i_t g_t{marks[1]} is it"
    assert shown(CELL, text) == [r"f_t c_{t-1} + i_t g_t"]


def test_each_wanted_formula_has_its_own_finding_in_order():
    found = find_formulas(ALL, "(n+2p-k)/s+1 and $f_t c_{t-1} + i_t g_t$")
    assert [finding.formula for finding in found] == ALL
    assert [finding.status for finding in found] == ["same", "different", "same", "absent"]


@pytest.mark.parametrize(
    "text", ["", "   ", "The cell forgets.", "Ячейка: забывает и помнит.", "7", "e.g. this"]
)
def test_prose_has_no_formula(text):
    assert [finding.status for finding in find_formulas(ALL, text)] == ["absent"] * 4


@pytest.mark.parametrize("text", ["end-systems and/or p = 0.5", "trade-off: 3*4 = 12", "1/2 * 3^4 = (5"])
def test_a_formula_about_other_things_is_no_attempt(text):
    assert [finding.status for finding in find_formulas([CELL, CHAIN], text)] == ["absent"] * 2


@pytest.mark.parametrize("text", ["$c_t$ хранит память, $f_t$ забывает", "`f_t`", "∂c_{n+1}/∂c_k растёт"])
def test_a_mere_name_says_nothing(text):
    assert [finding.status for finding in find_formulas([CELL, CHAIN], text)] == ["absent"] * 2


@pytest.mark.parametrize(
    "text",
    [
        r"$c_t = \begin{cases} 1 & x \\ 0 \end{cases}$",
        r"$c_t = \int_0^1 f(x) dx$",
        "$c_t = f_t c_{t-1} + $",
        "$c_t = f_t c_{t-1} + i_t g_t + \\foo{x} y$",
        "c_t = f_t * c_{t-1} + (i_t * g_t",
        "$c_t! = 120$",
        r"$\frac{\partial^2 c}{\partial x^2} = 0$",
    ],
)
def test_what_cannot_be_read_is_unread_and_never_wrong(text):
    assert status(CELL, text) == "unread"


def test_the_same_formula_beside_an_unreadable_one_still_counts():
    assert status(CELL, r"$\int f dx$ and $c_t = f_t c_{t-1} + i_t g_t$") == "same"


def test_a_formula_whose_end_cannot_be_read_is_not_taken_by_its_beginning():
    wanted = Formula(latex="a + b")
    assert status(wanted, "$a + b$") == "same"
    assert status(wanted, r"$a + b + \int f$") == "unread"


def test_what_is_left_out_does_not_count_and_spans_stay():
    text = "~~(n+2p-k)/s~~ (n+2p-k)/s+1"
    assert status(SIZE, text, [(15, len(text))]) == "different"
    assert [span.start for span in find_formulas([SIZE], text, [(0, 14)])[0].spans] == [15]


@pytest.mark.parametrize(
    "text",
    [
        TAUTOLOGY,
        "∂c_{n+1}/∂c_k = ∂c_{n+1}/∂c_n · ∂c_n/∂c_{n-1} · ... · ∂c_{k+1}/∂c_k",
    ],
)
def test_a_chain_rule_without_the_forget_gate_is_another_formula(text):
    assert status(CHAIN, text) == "different"


def test_a_tautology_that_goes_on_to_the_gates_counts():
    text = TAUTOLOGY[:-1] + r" = \prod_{i=k}^{n} f_{i+1}$"
    assert status(CHAIN, text) == "same"


def test_a_side_that_contradicts_the_right_one_spoils_it():
    assert status(SIZE, "(n+2p-k)/s+1 = n/s") == "different"


def test_an_index_may_be_shifted_on_both_sides_but_not_on_one():
    shifted = r"$\frac{\partial c_n}{\partial c_k} = \prod_{i=k+1}^{n} f_i$"
    assert status(CHAIN, shifted) == "same"
    assert status(CHAIN, shifted.replace("c_n", "c_{n+1}", 1)) == "different"


def test_a_step_as_in_a_program_is_the_recurrence():
    assert status(CELL, "c = f*c + i*g") == "same"
    assert status(CELL, "c = f*c - i*g") == "different"
    assert status(CELL, "h = f*c + i*g") == "different"
    assert status(CELL, "c = f*c + i*h") == "different"


@pytest.mark.parametrize(
    ("latex", "text", "expected"),
    [
        (r"\tanh(W_{xh} x_t + W_{hh} h_{t-1} + b)", "tanh(W x_t + U h_{t-1} + b)", "same"),
        (r"k^2 C_{in} C_{out}", "k^2 * C_in * H", "different"),
        ("(n + 2p - k)/s + 1", "(h + 2p - f)/s + 1", "same"),
        ("(n + 2p - k)/s + 1", "(a + 2b - c)/d + 1", "absent"),
    ],
)
def test_few_variables_may_go_by_other_names(latex, text, expected):
    assert status(Formula(latex=latex), text) == expected


def test_a_variable_is_tried_in_its_range():
    wanted = Formula(latex=r"\sqrt{x - 5}", variables={"x": (6.0, 9.0)})
    assert readable(wanted)
    assert not readable(Formula(latex=r"\sqrt{x - 5}"))
    assert status(wanted, "(x-5)^(1/2)") == "same"


@pytest.mark.parametrize("latex", ["", "c_t = ", r"\int f", "{", "a b }", r"\begin{matrix}1\end{matrix}"])
def test_a_wanted_formula_that_cannot_be_read_makes_no_answer_wrong(latex):
    assert not readable(Formula(latex=latex))
    assert status(Formula(latex=latex), "$a = b + c$") == "unread"


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('id') + 1",
        "$eval(open('/etc/passwd')) = f_t$",
        "().__class__.__bases__[0] * 2",
        "`lambda: 0 = exec(x)`",
    ],
)
def test_code_in_place_of_a_formula_is_only_text(text):
    assert all(finding.status != "same" for finding in find_formulas(ALL, text))


HOSTILE = {
    "tower": "9^9^9^9 = x",
    "huge sum": r"$\sum_{i=1}^{10^9} x_i$",
    "huge digits": r"$\sum_{i=1}^{1000000000} x_i$",
    "nested sums": "$" + r"\sum_{i=1}^{20}" * 8 + "x_i$",
    "factorials": "n!!!!!! = 9999999!",
    "braces": "{" * 10_000,
    "braces in marks": "$" + "{" * 900 + "x" + "}" * 900 + "$",
    "open brackets": "a=(" * 4_000,
    "open sums": "(a+" * 4_000,
    "subscripts": "a_{" * 4_000,
    "calls": "f(" * 6_000,
    "exponents": "x^{" * 2_000 + "}" * 2_000,
    "fractions": "$" + r"\frac{" * 300 + "$",
    "dollars": "$" * 12_000,
    "signs": "+-*/=" * 2_400,
    "bars": "a|" * 6_000,
    "backquotes": "`" * 12_000,
    "long": "x+" * 6_000 + "x",
    "many": "$c_t = f_t c_{t-1} + i_t*o_t$ " * 400,
    "equations": "a=" * 6_000,
    "lines": "a=b\n" * 3_000,
    "dots": r"f_1 \cdots f_{9999}",
    "marks": "c\u0303" * 6_000,
    "infinite": "1e9999+x=2",
    "digits": "1" * 12_000 + "+1",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_is_read_in_a_moment_and_is_not_the_same(text):
    began = time.process_time()
    found = find_formulas(ALL, text)
    assert time.process_time() - began < 1.0
    assert all(finding.status != "same" for finding in found)


PIECES = [
    *"abcfnktx0129+-*/=^_(){}[]|$` ,.·∏Σ√²₁'\\",
    r"\frac",
    r"\sum_{i=1}^{n}",
    r"\partial ",
    "c_{t-1}",
    "Ы",
]


@settings(max_examples=150, deadline=1000)
@given(st.lists(st.sampled_from(PIECES), max_size=80).map("".join))
def test_anything_like_a_formula_is_read_or_left_with_spans_in_the_text(text):
    for finding in find_formulas(ALL, text):
        assert all(0 <= span.start < span.end <= len(text) for span in finding.spans)


@settings(max_examples=50, deadline=1000)
@given(st.text(max_size=200))
def test_any_text_is_read(text):
    assert find_formulas(ALL, text) == find_formulas(ALL, text)
