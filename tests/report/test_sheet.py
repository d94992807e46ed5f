"""Texts of a student's own data are shown as text and never as markup."""

import builders

from graders.model import Sheet, SheetRow, say
from graders.report.student import student_report


def test_a_sheet_shows_its_rows_escaped() -> None:
    record = builders.record()
    row = SheetRow(text="<script>alert(1)</script>", label=say("own.sheet.plain", row=7))
    sheet = Sheet(items=(row,), title=say("own.sheet"))
    first, *others = record.marks
    marked = first.model_copy(update={"evidence": (*first.evidence, sheet)})
    shown = record.model_copy(update={"marks": (marked, *others)})
    html = student_report(shown, builders.assignment(), builders.course(), "en")
    assert "Example 7" in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<script>alert(1)" not in html
