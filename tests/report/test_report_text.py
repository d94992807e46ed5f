from hypothesis import given
from hypothesis import strategies as st

from graders.model import Span
from graders.report.text import measured, pieces, visible

spans = st.builds(Span, start=st.integers(-5, 60), end=st.integers(-5, 60))


@given(st.text(max_size=50), st.dictionaries(st.integers(1, 4), st.lists(spans, max_size=3)))
def test_pieces_together_are_the_text(text: str, found: dict[int, list[Span]]) -> None:
    assert "".join(piece.text for piece in pieces(text, found)) == text


@given(st.text(max_size=50), st.dictionaries(st.integers(1, 4), st.lists(spans, max_size=3)))
def test_a_character_is_marked_exactly_where_a_span_covers_it(
    text: str, found: dict[int, list[Span]]
) -> None:
    marked = [piece.points for piece in pieces(text, found) for _ in piece.text]
    expected = [
        tuple(sorted(key for key, of in found.items() if any(span.start <= at < span.end for span in of)))
        for at in range(len(text))
    ]
    assert marked == expected


def test_overlapping_spans_keep_both_numbers() -> None:
    cut = pieces("abcdef", {1: [Span(start=0, end=4)], 2: [Span(start=2, end=6)]})
    assert [(piece.text, piece.points, piece.ends) for piece in cut] == [
        ("ab", (1,), ()),
        ("cd", (1, 2), (1,)),
        ("ef", (2,), (2,)),
    ]


@given(st.text())
def test_what_is_left_of_any_text_can_be_written_to_a_file(text: str) -> None:
    assert visible(visible(text)) == visible(text)
    assert "\x1b" not in visible(text)
    visible(text).encode()


def test_a_lone_surrogate_is_spelled_out() -> None:
    assert visible("a\ud800") == "a⟨U+D800⟩"


def test_huge_values_stay_short() -> None:
    assert len(measured(-1e308, "ru")) < 10
