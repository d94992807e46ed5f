"""The attack suite: made from every lesson's rubric, in both languages, the same each time."""

from collections import Counter

import pytest
from attacks import attacks, flags_of, scored, taught_course
from honest_answers import honest

from graders.theory import load_prior, untaught

NOT_FOR_GUARDS = ("struck_out", "other_reference", "tautology")
"""What these say earns nothing or is not asked for: the scorer's work."""
FEWEST = 0.95


@pytest.fixture(scope="module")
def made():
    return attacks()


@pytest.fixture(scope="module")
def flagged(made):
    """A fifth of the attacks, every kind among them, each with its flags."""
    return [(attack, {flag.kind for flag in flags_of(attack.question, attack.text)}) for attack in made[::5]]


def share(found):
    return sum(map(bool, found)) / len(found)


def test_there_are_at_least_120_attacks_in_both_languages_on_every_lesson(made):
    assert len(made) >= 120
    assert min(Counter(attack.language for attack in made).values()) >= 60
    assert len({attack.lesson for attack in made}) == 8


def test_attacks_are_the_same_each_time(made):
    assert attacks() == made


def test_the_flagged_part_of_the_suite_has_every_kind(made, flagged):
    assert {attack.kind for attack, _ in flagged} >= {attack.kind for attack in made} - {"tautology"}


def test_salads_are_flagged(flagged):
    assert share([kinds for attack, kinds in flagged if attack.kind.startswith("salad")]) >= FEWEST


def test_copies_of_the_question_are_flagged(flagged):
    assert share([kinds for attack, kinds in flagged if attack.kind.startswith("copy")]) >= FEWEST


def test_verbatim_references_are_flagged_as_such(flagged):
    found = ["verbatim_reference" in kinds for attack, kinds in flagged if attack.kind.startswith("verbatim")]
    assert all(found)


def test_negated_references_are_flagged_as_such(flagged):
    assert share(["negation" in kinds for attack, kinds in flagged if attack.kind == "negated"]) >= 0.9


def test_every_other_attack_is_flagged(flagged):
    passed = [
        (attack.kind, attack.text[:80])
        for attack, kinds in flagged
        if not kinds and not attack.kind.startswith(("salad", "copy")) and attack.kind not in NOT_FOR_GUARDS
    ]
    assert passed == []


@pytest.mark.slow
def test_no_attack_is_settled_as_right_even_where_the_grader_has_learned_300_marks(made):
    taught = taught_course()
    found = [(attack, scored(attack, taught)) for attack in made[::7]]
    settled = [(attack.kind, score.earned) for attack, score in found if score.settled and score.earned > 0]
    assert settled == []


def test_tautologies_and_struck_out_references_earn_nothing_for_what_they_leave_out(made):
    taught = untaught(load_prior())
    for attack in made:
        if attack.kind == "struck_out":
            assert scored(attack, taught).earned == 0, attack
        if attack.kind == "tautology":
            assert scored(attack, taught).earned < attack.question.points / 2, attack


def test_honest_answers_of_the_course_and_the_submissions_are_rarely_flagged(monkeypatch):
    monkeypatch.delenv("GRADE_MIRROR", raising=False)
    found = [bool(flags_of(one.question, one.text)) for one in honest()]
    assert len(found) >= 390
    assert share(found) <= 0.04
