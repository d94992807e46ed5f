import base64
import hashlib
from itertools import pairwise

import builders
import pytest
from reading import Page, read

from graders.model import CellError, CellResult, Edit, Language, Record
from graders.report import student_report

RECORDS = {
    "good": builders.record(),
    "broken": builders.broken_record(),
    "reviewed": builders.reviewed_record(),
    "ungradable": builders.ungradable_record(),
    "hostile": builders.hostile_record(),
}
LANGUAGES: tuple[Language, ...] = ("ru", "en")


def page(record: Record, language: Language = "en") -> Page:
    return read(student_report(record, builders.assignment(), builders.course(), language))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", RECORDS)
def test_every_kind_of_record_renders(name: str, language: Language) -> None:
    shown = page(RECORDS[name], language)
    assert len(shown.all("h1")) == 1
    assert shown.all("html") == [{"lang": language}]


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_that_a_student_wrote_becomes_html(language: Language) -> None:
    shown = page(RECORDS["hostile"], language)
    tags = {tag for tag, _ in shown.elements}
    attributes = {name for _, found in shown.elements for name in found}
    links = [
        value
        for _, found in shown.elements
        for name, value in found.items()
        if name in ("href", "src", "xlink:href", "action", "data", "poster", "srcset")
    ]
    assert tags.isdisjoint({"script", "iframe", "img", "object", "embed", "form", "base", "video"})
    assert not [name for name in attributes if name.startswith("on") or name == "style"]
    assert all(link.startswith(("#", "data:,")) for link in links)


def test_a_students_template_code_is_shown_and_not_run() -> None:
    text = page(RECORDS["hostile"]).text
    assert "{{7*7}}" in text
    assert "<script>alert(1)</script>" in text


def test_control_characters_are_spelled_out() -> None:
    html = student_report(RECORDS["hostile"], builders.assignment(), builders.course(), "en")
    assert "⟨U+202E⟩" in html
    assert not [found for found in html if found != "\n" and (ord(found) < 32 or found == "\u202e")]


def test_the_policy_names_the_hash_of_the_only_style_sheet() -> None:
    shown = page(RECORDS["good"])
    digest = base64.b64encode(hashlib.sha256(shown.style.encode()).digest()).decode()
    policies = [found["content"] for found in shown.all("meta") if "http-equiv" in found]
    assert policies == [
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    ]


def test_headings_go_down_one_level_at_a_time() -> None:
    for record in RECORDS.values():
        levels = [int(tag[1]) for tag, _ in page(record).elements if tag in ("h1", "h2", "h3", "h4")]
        steps = [after - before for before, after in pairwise(levels)]
        assert levels[0] == 1
        assert max(steps) == 1


def test_ids_are_unique_and_every_link_finds_its_own() -> None:
    shown = page(RECORDS["good"])
    ids = [found["id"] for _, found in shown.elements if "id" in found]
    targets = [found["href"][1:] for found in shown.all("a")]
    labels = [name for _, found in shown.elements for name in found.get("aria-labelledby", "").split()]
    assert len(ids) == len(set(ids))
    assert set(targets + labels) <= set(ids)


def test_every_drawing_has_a_name_or_is_hidden_from_readers() -> None:
    for drawing in page(RECORDS["good"]).all("svg"):
        assert drawing.get("aria-hidden") == "true" or drawing.get("role") == "img"


def test_numbers_follow_the_language() -> None:
    assert "0,921" in page(RECORDS["good"], "ru").text
    assert "0.921" in page(RECORDS["good"], "en").text


def test_settled_and_provisional_points_stand_apart() -> None:
    assert "6.5 stand and 1.375 are provisional" in page(RECORDS["good"]).text


def test_a_task_that_could_not_be_measured_is_said_to_be_no_zero() -> None:
    assert "1 task worth 1.5 could not be measured. That is not a zero" in page(RECORDS["reviewed"]).text


def test_an_ungradable_record_shows_a_reason_and_no_total() -> None:
    text = page(RECORDS["ungradable"]).text
    assert "There is no notebook l04_cnn.ipynb in the submission." in text
    assert "—" in text


def test_what_earned_points_is_highlighted_and_numbered() -> None:
    html = student_report(RECORDS["good"], builders.assignment(), builders.course(), "en")
    assert (
        '<mark>**одним и тем же фильтром**<sup><span class="hidden">key point </span>1</sup></mark>' in html
    )
    assert "the same weights everywhere" in html


def test_a_self_check_names_no_key_points() -> None:
    shown = page(RECORDS["good"].model_copy(update={"public": True}))
    assert "A self-check, not a mark." in shown.text
    assert "the same weights everywhere" not in shown.text
    assert not shown.all("mark")


def test_a_run_without_a_sandbox_is_said_in_red() -> None:
    html = student_report(
        builders.record(run=builders.run(sandbox="none")), builders.assignment(), builders.course(), "en"
    )
    assert 'class="banner danger"' in html
    assert "Do not rely on these marks." in html
    assert "Do not rely" not in page(RECORDS["good"]).text


def test_a_failed_cell_is_shown_with_its_source() -> None:
    text = page(RECORDS["broken"]).text
    assert "for x, y in train_loader:" in text
    assert "NameError: name 'train_loader' is not defined" in text
    assert "Code cell 6 was stopped after 300.1 s" in text


@pytest.mark.parametrize("status", ["error", "timed_out", "killed"])
def test_a_cell_can_fail_in_every_way(status: str) -> None:
    error = CellError(type="E", message="", traceback="")
    cell = CellResult.model_validate(
        {"number": 3, "index": 3, "status": status, "seconds": 1.0, "error": error}
    )
    assert "ode cell 3" in page(builders.record(run=builders.run(cells=(cell,)))).text


def test_claimed_and_recounted_numbers_stand_side_by_side() -> None:
    text = page(RECORDS["good"]).text
    assert "168,010" in text
    assert "167,946" in text
    assert "claimed 0.880, retrained to 0.862 (95 % interval 0.846 to 0.876), tolerance ±0.031" in text


def test_an_edit_names_its_author_and_reason() -> None:
    edit = Edit(
        task="theory", earned=2.0, author="a.b.", at="2026-03-02T08:00:00Z", reason="Said <b>in class</b>"
    )
    text = page(builders.record(edits=(edit,))).text
    assert "Theory: 2 points, a.b., 2 March 2026, 08:00 UTC. Said <b>in class</b>" in " ".join(text.split())


def test_the_same_record_gives_the_same_page() -> None:
    first, second = (
        student_report(RECORDS["good"], builders.assignment(), builders.course(), "ru") for _ in range(2)
    )
    assert first == second


def test_a_task_or_question_that_the_assignment_has_no_more_keeps_its_id() -> None:
    older = builders.assignment(tasks=builders.assignment().tasks[:1], rubric=None)
    html = student_report(RECORDS["good"], older, builders.course(older), "en")
    assert "dense_baseline" in html
    assert "Question 1" in html


def test_only_where_the_run_went_on_are_the_other_cells_said_to_be_run() -> None:
    rest = "The other cells were run all the same"
    assert rest in page(RECORDS["broken"]).text
    ended = CellResult(number=1, index=0, status="killed", seconds=1.0, source="while True: pass")
    never = CellResult(number=2, index=1, status="not_run", seconds=0.0)
    text = page(builders.record(run=builders.run(status="out_of_memory", cells=(ended, never)))).text
    assert "1 cell failed." in text
    assert rest not in text
