from urllib.parse import unquote

import builders
from reading import read

from graders.i18n import sentence
from graders.model import Flag, say
from graders.report import class_report


def test_each_student_links_to_the_report_beside_the_class_folder() -> None:
    records = [builders.record(student=name) for name in ("student42", "Анна Ли", "a/b?c#d%")]
    links = [found["href"] for found in read(class_report(records, builders.course(), "en")).all("a")]
    reports = [link for link in links if not link.startswith("#")]
    assert "../student42/l04_cnn.html" in reports
    assert "../a%2Fb%3Fc%23d%25/l04_cnn.html" in reports
    assert {unquote(link) for link in reports} == {f"../{record.student}/l04_cnn.html" for record in records}


def test_who_needs_a_person_and_who_could_not_be_graded_stand_apart_with_reasons() -> None:
    records = [builders.record(), builders.reviewed_record(), builders.ungradable_record()]
    text = " ".join(read(class_report(records, builders.course(), "en")).text.split())
    assert "Could not be graded student99: There is no notebook l04_cnn.ipynb in the submission." in text
    assert "A person should look at student23 The notebook shows an accuracy of 0.95" in text
    assert "How accuracy depends on width: This could not be measured" in text


def test_an_ungradable_record_is_no_zero_in_the_mean() -> None:
    records = [builders.record(builders.metric_mark(0.95)), builders.ungradable_record()]
    assert "mean 4, median 4" in class_report(records, builders.course(), "en")


def test_each_assignment_has_its_section_in_the_order_of_the_course() -> None:
    first, second = builders.assignment(slug="l05_rnn"), builders.assignment()
    records = [builders.record(assignment=slug) for slug in ("l04_cnn", "gone", "l05_rnn")]
    html = class_report(records, builders.course(first, second), "en")
    places = [html.index(f"../student42/{slug}.html") for slug in ("l05_rnn", "l04_cnn", "gone")]
    assert places == sorted(places)


def test_thresholds_are_drawn_over_the_values() -> None:
    records = [builders.record(builders.metric_mark(0.6 + i / 50), student=f"s{i}") for i in range(20)]
    html = class_report(records, builders.course(), "en")
    assert "Distribution: Accuracy on hidden pictures" in html
    assert "zero: 0.700. full: 0.900. dense: 0.820." in html


def test_no_records_is_a_page_that_says_so() -> None:
    assert "There are no records yet" in class_report([], builders.course(), "en")


def test_a_hostile_student_adds_no_element() -> None:
    calm = builders.record(builders.metric_mark())
    attack = builders.hostile_record().model_copy(update={"marks": calm.marks, "run": builders.run()})
    shown = [
        [tag for tag, _ in read(class_report([record], builders.course(), "en")).elements]
        for record in (calm, attack.model_copy(update={"earned": calm.earned, "provisional": 0.0}))
    ]
    assert shown[0] == shown[1]


def test_students_without_a_sandbox_are_named() -> None:
    exposed = builders.record(run=builders.run(sandbox="none"))
    assert "Run without a sandbox." in class_report([exposed], builders.course(), "en")
    assert "Run without a sandbox." not in class_report([builders.record()], builders.course(), "en")


def test_theory_answers_alone_fill_one_line_and_hide_nobody_else() -> None:
    waiting = [
        builders.record(builders.theory_mark(), student=f"s{i}", status="needs_review") for i in range(3)
    ]
    html = class_report([*waiting, builders.reviewed_record()], builders.course(), "en")
    text = " ".join(read(html).text.split())
    assert "Only answers, essays and pictures await a person: s0, s1, s2" in text
    assert "4 await a person" in text


def test_tasks_that_were_not_measured_for_one_reason_share_a_line_after_what_ended_the_run() -> None:
    reason, ended = say("step.not_run"), say("limit.memory.cell", cell=4, used=2100, limit=2048)
    unmeasured = [
        builders.metric_mark(0.5).model_copy(
            update={"task": task, "status": "not_run", "earned": None, "value": None, "reason": reason}
        )
        for task in ("accuracy", "architecture")
    ]
    killed = builders.record(
        *unmeasured, status="needs_review", run=builders.run(status="out_of_memory", message=ended)
    )
    text = " ".join(read(class_report([killed], builders.course(), "en")).text.split())
    assert text.count(sentence(reason, "en")) == 1
    assert 0 < text.index(sentence(ended, "en")) < text.index(sentence(reason, "en"))


def test_weights_that_were_scored_without_the_training_and_flags_of_settled_marks_are_seen_at_once() -> None:
    weighed = builders.record(student="ann", run=builders.run(mode="checkpoint")).model_copy(
        update={"flags": (Flag(kind="checkpoint", message=say("checkpoint.flag_tied")),)}
    )
    text = " ".join(
        read(class_report([weighed, builders.record(student="bob")], builders.course(), "en")).text.split()
    )
    assert "ann weights scored" in text
    assert "bob weights scored" not in text
    assert "weights scored: the training of 1 submission was not repeated" in text
    assert f"Graded, with something to look at ann {sentence(say('checkpoint.flag_tied'), 'en')}" in text
    plain = class_report([builders.record()], builders.course(), "en")
    assert "weights scored" not in plain
    assert "something to look at" not in plain
