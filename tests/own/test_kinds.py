"""What holds for every kind of own data, and what each refuses in words."""

import numpy as np
import pytest

from graders.i18n import sentence
from graders.model import OWN_KINDS, Message
from graders.own.examples import Examples
from graders.own.kind import Asked
from graders.own.kinds import KINDS

N = 12
RANDOM = np.random.RandomState(3)
PICTURES = RANDOM.uniform(size=(2 * N, 1, 9, 11)).astype(np.float32)
TABLE = RANDOM.normal(size=(2 * N, 4)).astype(np.float32)
TEXTS = tuple("".join(RANDOM.choice(list("abc "), 60)) for _ in range(2 * N))
LABELS = np.arange(2 * N) % 3
GROUPS = np.arange(2 * N)

EVERYTHING = {
    "classification": Examples("classification", TABLE, LABELS, GROUPS, ("a", "b", "c")),
    "segmentation": Examples("segmentation", PICTURES, (PICTURES[:, 0] > 0.5).astype(np.uint8), GROUPS),
    "regression": Examples("regression", TABLE, TABLE[:, 0] * 2, GROUPS),
    "forecasting": Examples("forecasting", TABLE, TABLE[:, :2], GROUPS),
    "text": Examples("text", TEXTS, None, GROUPS),
    "reconstruction": Examples("reconstruction", PICTURES, None, GROUPS),
    "sampling": Examples("sampling", PICTURES, None, GROUPS),
}


def parts(kind):
    everything = EVERYTHING[kind]
    return everything.take(np.arange(N)), everything.take(np.arange(N, 2 * N))


def asked(kind, seed=1):
    known, hidden = parts(kind)
    return KINDS[kind].ask(hidden, known, seed)


def right(kind, question):
    """The best answer there is."""
    truth = question.truth
    match kind:
        case "text":
            found = np.full((len(truth["next"]), int(truth["sizes"][1])), -np.inf)
            found[np.arange(len(found)), truth["next"]] = 0.0
            return found
        case "sampling":
            return parts(kind)[1].inputs[truth["rows"]]
        case "classification" | "regression":
            return truth[{"classification": "labels", "regression": "numbers"}[kind]]
        case _:
            return truth[{"segmentation": "masks", "forecasting": "future", "reconstruction": "clean"}[kind]]


def valued(kind, question, answer):
    checked = KINDS[kind].read(np.asarray(answer), question)
    assert not isinstance(checked, Message), checked
    rows = KINDS[kind].statistics(checked, question)
    assert rows.shape[0] == N
    return KINDS[kind].value(rows)


PERFECT = {"classification": 1.0, "segmentation": 1.0, "reconstruction": 60.0}


def test_every_kind_has_its_row():
    assert set(KINDS) == set(OWN_KINDS)


@pytest.mark.parametrize("kind", OWN_KINDS)
def test_the_truth_is_worth_the_best_value(kind):
    question = asked(kind)
    assert valued(kind, question, right(kind, question)) == pytest.approx(PERFECT.get(kind, 0.0), abs=1e-6)


WORSE = {
    "classification": lambda best: (best + 1) % 3,
    "segmentation": lambda best: ~best,
    "text": lambda best: np.full(best.shape, -np.log(best.shape[1])),
    "reconstruction": lambda best: 1 - best,
    "sampling": lambda best: best**4,
}


@pytest.mark.parametrize("kind", OWN_KINDS)
def test_a_worse_answer_is_worth_less(kind):
    question = asked(kind)
    best = right(kind, question)
    worse = valued(kind, question, WORSE.get(kind, lambda best: best + 1)(best))
    better = valued(kind, question, best)
    assert worse < better if KINDS[kind].better == "higher" else worse > better


@pytest.mark.parametrize("kind", OWN_KINDS)
def test_the_same_seed_asks_the_same_and_rows_of_one_answer_repeat(kind):
    one, other = asked(kind), asked(kind)
    for name, array in one.truth.items():
        assert np.array_equal(array, other.truth[name])
    if isinstance(one.inputs, np.ndarray):
        assert np.array_equal(one.inputs, other.inputs)
    else:
        assert one.inputs == other.inputs


@pytest.mark.parametrize("kind", OWN_KINDS)
def test_what_is_asked_holds_no_truth_in_its_inputs(kind):
    question = asked(kind)
    if isinstance(question.inputs, np.ndarray):
        best = right(kind, question)
        assert question.inputs.shape != best.shape or not np.allclose(question.inputs, best)


def broken(answer):
    """Ways to be wrong that every kind must tell in words."""
    floats = np.asarray(answer, np.float64)
    nan = floats.copy()
    nan.flat[0] = np.nan
    huge = floats.copy()
    huge.flat[-1] = np.inf
    return {
        "one too few": answer[:-1],
        "nothing": answer[:0],
        "no array": np.float64(3),
        "an axis more": floats[..., None, None, None],
        "another shape": floats.reshape(len(floats), -1)[:, :1].repeat(7, axis=1),
        "texts": np.full(answer.shape, "cat"),
        "complex": floats.astype(np.complex128),
        "NaN": nan,
        "infinite": huge,
        "dates": np.full(answer.shape, np.datetime64("2026-01-01")),
    }


@pytest.mark.parametrize("how", list(broken(np.zeros((3, 2)))))
@pytest.mark.parametrize("kind", OWN_KINDS)
def test_what_is_wrong_is_said_in_both_languages(kind, how):
    question = asked(kind)
    found = KINDS[kind].read(broken(right(kind, question))[how], question)
    assert isinstance(found, Message)
    assert "{" not in sentence(found, "ru")
    assert sentence(found, "en") != sentence(found, "ru")


@pytest.mark.parametrize("kind", OWN_KINDS)
def test_units_have_a_name(kind):
    assert sentence(Message(code=KINDS[kind].unit), "ru")


@pytest.mark.parametrize("kind", OWN_KINDS)
def test_honest_answers_raise_no_doubt(kind):
    question = asked(kind)
    checked = KINDS[kind].read(np.asarray(right(kind, question)), question)
    assert KINDS[kind].doubt(checked, question) is None


@pytest.mark.parametrize("kind", ["classification", "segmentation", "regression", "forecasting"])
def test_examples_without_targets_are_the_toolkits_fault(kind):
    known, hidden = parts(kind)
    lacking = Examples(kind, hidden.inputs, None, hidden.groups)
    with pytest.raises(ValueError, match="without targets"):
        KINDS[kind].ask(lacking, known, 1)


def test_scores_and_ids_of_classes_say_the_same():
    question = asked("classification")
    ids = KINDS["classification"].read(question.truth["labels"].astype(np.float32)[:, None], question)
    scores = KINDS["classification"].read(np.eye(3)[question.truth["labels"]], question)
    assert np.array_equal(ids, scores)


@pytest.mark.parametrize(
    ("returned", "code"),
    [
        (np.full(N, 3), "own.no_such_class"),
        (np.full(N, -1), "own.no_such_class"),
        (np.full(N, 0.4), "own.broken_class"),
        (np.zeros((N, 4)), "own.shape"),
        (np.zeros((N, 2)), "own.shape"),
    ],
)
def test_classes_that_there_are_not_are_refused(returned, code):
    assert KINDS["classification"].read(returned, asked("classification")).code == code


def test_scores_may_lack_the_classes_that_training_never_saw():
    table = np.zeros((4, 2), np.float32)
    known = Examples("classification", table, np.array([0, 1, 0, 1]), np.arange(4), ("a", "b", "c"))
    hidden = Examples("classification", table, np.array([0, 1, 2, 1]), np.arange(4), ("a", "b", "c"))
    question = KINDS["classification"].ask(hidden, known, 1)
    found = KINDS["classification"].read(np.eye(2)[[0, 1, 0, 1]], question)
    assert KINDS["classification"].value(KINDS["classification"].statistics(found, question)) == 0.75


def test_one_hidden_example_can_be_asked_for():
    for kind in OWN_KINDS:
        known, hidden = parts(kind)
        question = KINDS[kind].ask(hidden.take(np.array([0])), known, 1)
        assert (question.inputs if kind == "sampling" else len(question.inputs)) <= 1


@pytest.mark.parametrize(
    ("kind", "returned", "code"),
    [
        ("segmentation", np.full((N, 9, 11), 255), "own.not_masks"),
        ("segmentation", np.full((N, 9, 11), -2.0), "own.not_masks"),
        ("reconstruction", np.full((N, 1, 9, 11), 200), "own.not_pictures"),
        ("sampling", np.full((N, 1, 9, 11), 0.5), "own.one_picture"),
    ],
)
def test_values_of_another_scale_are_named(kind, returned, code):
    assert KINDS[kind].read(returned, asked(kind)).code == code


@pytest.mark.parametrize("layout", [lambda x: x, lambda x: x[:, 0], lambda x: x.transpose(0, 2, 3, 1)])
def test_pictures_may_come_in_any_usual_layout(layout):
    question = asked("reconstruction")
    assert valued("reconstruction", question, layout(question.truth["clean"])) == 60


def test_a_history_that_never_moves_does_not_divide_by_zero():
    flat = Examples("forecasting", np.ones((N, 5), np.float32), np.ones((N, 2), np.float32), np.arange(N))
    question = KINDS["forecasting"].ask(flat, flat, 1)
    assert valued("forecasting", question, np.full((N, 2), 3.0)) == 2.0


def test_masks_without_anything_are_right_where_there_is_nothing():
    empty = Examples("segmentation", PICTURES[:N], np.zeros((N, 9, 11), np.uint8), np.arange(N))
    question = KINDS["segmentation"].ask(empty, empty, 1)
    assert valued("segmentation", question, np.zeros((N, 9, 11))) == 1.0


def test_spoiled_pictures_have_noise_and_a_third_of_black_pixels():
    bright = Examples("reconstruction", np.full((40, 3, 16, 16), 0.6, np.float32), None, np.arange(40))
    question = KINDS["reconstruction"].ask(bright, bright, 4)
    assert isinstance(question, Asked)
    black = (question.inputs == 0).all(axis=1)
    assert black.mean() == pytest.approx(0.3, abs=0.02)
    assert question.inputs.transpose(0, 2, 3, 1)[~black].std() == pytest.approx(0.15, abs=0.01)
