from dataclasses import dataclass

import pytest

from graders.i18n import sentence
from graders.model import GuardFlag, KeyPoint, KeyPointFinding, Question, Text, say
from graders.theory.routing import Scored, differ, route
from graders.theory.ruling import Ruling

EMPTY = Text(ru="", en="")
QUESTION = Question(
    id="1", points=2, text=EMPTY, answer=EMPTY, key_points=(KeyPoint(id="p", weight=1, title=EMPTY),)
)
MADE = KeyPointFinding(id="p", probability=0.9, evidence="patterns")
DENIED = KeyPointFinding(id="p", probability=0.2, evidence="denied")
WRONG = KeyPointFinding(id="m", probability=0.75, evidence="pattern")
FLAG = GuardFlag(kind="salad", message=say("route.guard", n=1))


@dataclass(frozen=True)
class Expected:
    """A prediction as the routes see it."""

    median: float
    sure: float
    settles: bool
    marks: int

    def sureness(self, share):
        return self.sure

    def is_sure(self, share):
        return self.settles


SURE = Expected(1.0, 0.98, True, 10)
UNSURE = Expected(1.0, 0.7, False, 10)
UNMARKED = Expected(1.0, 0.7, False, 0)


def routed(
    prediction=SURE, *, findings=(MADE,), wrong=(), ruled=1.0, share=1.0, guards=(), note=None, garbled=""
):
    ruling = Ruling(findings, wrong, ruled, ruled, say("theory.all_points", n=1))
    way, why = route(
        Scored(QUESTION, ruling, prediction, share=share, guards=guards, note=note, garbled=garbled)
    )
    return way, why.code


REVIEWED = {
    "route.note": {"note": say("theory.too_long", read=1)},
    "route.guard": {"guards": (FLAG,)},
    "route.wrong": {"wrong": (WRONG,)},
    "route.denied": {"findings": (DENIED,)},
    "route.garbled": {"garbled": "огорошт", "share": 0.5},
    "route.nothing_found": {"share": 0.0},
    "route.disagree": {"prediction": Expected(0.2, 0.9, True, 0)},
}
"""What sends an answer to a person, in the order in which the reasons are given."""


@pytest.mark.parametrize("code", REVIEWED)
def test_what_stands_out_goes_to_a_person_however_sure_the_models_are(code):
    assert routed(**REVIEWED[code]) == ("review", code)


@pytest.mark.parametrize("code", list(REVIEWED)[:-1])
def test_the_first_of_several_reasons_is_given(code):
    later = list(REVIEWED)[list(REVIEWED).index(code) :]
    everything = {}
    for name in reversed(later):
        everything.update(REVIEWED[name])
    assert routed(**everything) == ("review", code)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ({}, ("settled", "route.sure")),
        ({"garbled": "огорошт", "share": 1.0}, ("settled", "route.sure")),
        ({"share": 0.25}, ("settled", "route.sure")),
        ({"prediction": Expected(0.2, 0.97, True, 10)}, ("settled", "route.sure")),
        ({"prediction": UNSURE}, ("provisional", "route.unsure")),
        ({"prediction": UNMARKED}, ("provisional", "route.nobody_marked")),
        ({"prediction": Expected(0.8, 0.7, False, 0)}, ("provisional", "route.nobody_marked")),
        ({"prediction": None}, ("provisional", "route.rubric_alone")),
        ({"prediction": None, "share": 0.5, "ruled": 0.5}, ("provisional", "route.rubric_alone")),
        ({"findings": (KeyPointFinding(id="p", probability=0.05), MADE)}, ("settled", "route.sure")),
    ],
)
def test_an_answer_where_nothing_stands_out_is_not_sent_to_a_person(found, expected):
    assert routed(**found) == expected


@pytest.mark.parametrize("prediction", [None, SURE, UNSURE, UNMARKED])
@pytest.mark.parametrize("share", [0.25, 0.5, 1.0])
def test_only_a_sure_prediction_settles(prediction, share):
    assert (routed(prediction, share=share)[0] == "settled") == (prediction is SURE)


def test_nothing_is_said_to_be_certain():
    certain = Expected(1.0, 1.0, True, 10)
    ruling = Ruling((MADE,), (), 1.0, 1.0, say("theory.all_points", n=1))
    why = route(Scored(QUESTION, ruling, certain, share=1.0, guards=(), note=None, garbled=""))[1]
    assert why.params["percent"] == 99


def test_a_disagreement_is_told_in_points():
    ruling = Ruling((MADE,), (), 1.0, 1.0, say("theory.all_points", n=1))
    why = route(
        Scored(QUESTION, ruling, Expected(0.2, 0.9, False, 0), share=0.2, guards=(), note=None, garbled="")
    )[1]
    assert (why.params["points"], why.params["likely"]) == (2, 0.4)


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize(
    "code", [*REVIEWED, "route.sure", "route.unsure", "route.nobody_marked", "route.rubric_alone"]
)
def test_every_reason_is_a_sentence(code, language):
    message = say(code, n=2, word="огорошт", percent=97, points=1, likely=0.5)
    assert sentence(message, language).strip()


@pytest.mark.parametrize(
    ("one", "other", "different"), [(0.5, 0.7, False), (0.3, 0.1, False), (0.5, 0.75, True)]
)
def test_marks_within_a_fifth_are_no_disagreement(one, other, different):
    assert differ(one, other) is different
