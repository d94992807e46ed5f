"""Own data through the real sandboxes: honest work is compared, cheats earn nothing, mistakes are told."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from graders.edits import effective
from graders.errors import UsageError
from graders.grading import Setting, make_record, mark_work, run_submission
from graders.grading.own_trial import Examined
from graders.i18n import sentence
from graders.mirror import Mirrored
from graders.model import OWN_KINDS, Mark, OwnData, OwnDataTask, OwnKind, Submission, Text, say
from graders.own.alike import find_alike
from graders.own.intake import read_loaded
from graders.own.loaded import Declared, Loaded
from graders.report.student import student_report
from graders.review.approval import approve, brought

Judge = Callable[..., Mark]

TABLE = """
import numpy as np
own_kind = "classification"
def load_all():
    random = np.random.default_rng(3)
    X = random.normal(size=(1200, 4))
    warm = X[:, 0] * X[:, 1] + 0.1 * random.normal(size=1200) > 0
    return X, np.where(warm, "warm", "cold"), None
"""
FOREST = """
from sklearn.ensemble import ExtraTreesClassifier
def train(X, y, budget):
    return ExtraTreesClassifier(100, random_state=0).fit(X, y)
def predict(model, X):
    return model.predict(X)
"""
PICTURES = """
import numpy as np
own_kind = "classification"
def drawn(count, seed=3):
    random = np.random.default_rng(seed)
    down, right = np.mgrid[:24, :24]
    pictures, labels = [], []
    for at in range(count):
        y, x, size = random.uniform(8, 16, 2).tolist() + [random.uniform(3, 6)]
        if at % 2:
            shape = np.hypot(down - y, right - x) < size
        else:
            shape = np.maximum(abs(down - y), abs(right - x)) < size * 0.9
        ground = random.normal(0, 0.12, (24, 24)) + random.uniform(0.1, 0.4) + 0.02 * random.normal() * right
        pictures.append(np.clip(ground + shape * random.uniform(0.3, 0.5), 0, 1))
        labels.append(at % 2)
    return np.array(pictures, np.float32), np.array(labels)
"""
GUESS = """
def train(X, y, budget):
    return y[0]
def predict(model, X):
    return [model] * len(X)
"""


@pytest.fixture
def lesson(setting_of: Callable[[str], Setting]) -> Setting:
    """A lesson whose only task is own data of any kind, with little time to train."""
    setting = setting_of("l06_unet")
    task = OwnDataTask(
        id="own",
        kind="own_data",
        title=Text(ru="Свои", en="Own"),
        points=4,
        accepts=OWN_KINDS,
        budget_seconds=2,
    )
    return replace(
        setting, assignment=setting.assignment.model_copy(update={"tasks": (task,), "possible": 4})
    )


@pytest.fixture
def judge(lesson: Setting, submitted: Callable[..., Submission]) -> Judge:
    """Grades cells and returns the mark."""

    def judged(*cells: str, stretch: float = 1, **changed: float) -> Mark:
        (task,) = lesson.assignment.tasks
        assignment = lesson.assignment.model_copy(update={"tasks": (task.model_copy(update=changed),)})
        changed_lesson = replace(lesson, assignment=assignment, stretch=stretch)
        work = run_submission(changed_lesson, submitted(*cells), lambda step: None)
        (mark,) = mark_work(work).marks
        return mark

    return judged


def own_data(mark: Mark) -> OwnData:
    return next(item for item in mark.evidence if isinstance(item, OwnData))


def test_honest_work_is_compared_with_the_reference_and_waits_for_a_person(judge: Judge) -> None:
    mark = judge(TABLE, FOREST, stretch=1.5)
    assert (mark.status, mark.settled, mark.reason.code) == ("needs_review", False, "own.compared")
    assert mark.earned is not None
    assert mark.earned > 0
    found = own_data(mark)
    names = [rival.name for rival in found.rivals]
    assert names[:2] == ["yours", "reference"]
    assert "majority" in names
    assert found.budget == 1.5 * 2
    assert (found.examples, found.trained_on + found.rivals[0].measured.n) == (1200, 1200)


@pytest.mark.slow
def test_a_person_approves_once_and_the_points_stand(
    lesson: Setting, submitted: Callable[..., Submission]
) -> None:
    work = run_submission(lesson, submitted(TABLE, FOREST), lambda step: None)
    record = make_record(work, mark_work(work))
    assert record.status == "needs_review"
    assert record.provisional == record.earned > 0
    seen = approve(brought([record])[0], None, author="t", reason="")
    assert (seen.status, seen.earned, seen.provisional) == ("graded", record.earned, 0)
    again = record.model_copy(update={"edits": seen.edits})
    assert effective(again).marks[0].settled
    less = approve(brought([record])[0], 1.5, author="t", reason="labels of noise")
    assert (less.earned, effective(less).marks[0].status) == (1.5, "partial")
    page = student_report(effective(seen), lesson.assignment, lesson.course, "ru")
    assert "эталон курса" in page
    assert "Данные посмотрел(а) t" in page


def test_a_model_that_learned_nothing_earns_next_to_nothing(judge: Judge) -> None:
    mark = judge(TABLE, GUESS)
    assert mark.reason.code == "own.compared"
    assert mark.earned is not None
    assert mark.earned < 1  # the upper end of its interval may reach beyond the best baseline


@pytest.mark.parametrize(
    "cheat",
    [
        pytest.param(
            "def load_all():\n"
            "    X, y = drawn(10)\n"
            "    cut = [(x, a, b) for x in X for a in range(4) for b in range(4)]\n"
            "    crops = [np.pad(x[a:, b:], ((0, a), (0, b)), mode='edge') for x, a, b in cut]\n"
            "    return np.array(crops), np.repeat(y, 16), None",
            id="the same pictures under slight crops",
        ),
        pytest.param(
            "def load_all():\n    X, y = drawn(300)\n    X[:, 0, 0] = y\n    return X, y, None",
            id="the label in a corner",
        ),
        pytest.param(
            "def load_all():\n    X, y = drawn(10)\n"
            "    return np.tile(X, (100, 1, 1)), np.tile(y, 100), None",
            id="a hundred copies of ten",
        ),
        pytest.param("def load_all():\n    X, y = drawn(300)\n    return X, 0 * y, None", id="one class"),
        pytest.param("def load_all():\n    X, y = drawn(12)\n    return X, y, None", id="twelve examples"),
    ],
)
def test_data_on_which_nothing_can_be_measured_is_told_and_is_no_zero(judge: Judge, cheat: str) -> None:
    mark = judge(PICTURES, cheat, GUESS)
    assert (mark.status, mark.earned) == ("not_run", None)
    assert mark.reason.code.startswith("own.leak")
    assert mark.hint is not None


def test_windows_of_one_series_are_split_by_time_also_if_each_is_called_a_group_of_its_own() -> None:
    series = np.random.RandomState(0).randn(200).cumsum()
    cut = np.stack([series[at : at + 30] for at in range(170)])
    arrays = {"X": cut[:, :24], "y": cut[:, 24:], "groups": np.arange(170)}
    loaded = read_loaded(arrays, Declared(forms=dict.fromkeys(arrays, "array")), ["forecasting"])
    assert isinstance(loaded, Loaded)
    brought = Examined(loaded, 0, find_alike(loaded.examples), ())
    assert brought.by_time
    assert len(np.unique(brought.groups)) == 170


def test_what_is_wrong_with_the_data_is_told(judge: Judge) -> None:
    mark = judge("def load_all():\n    return [[1, 2], [3]], [1, 2], None", GUESS)
    assert (mark.status, mark.reason.code) == ("failed", "contract.own_ragged")
    assert mark.hint is not None


MILLION = """
import numpy as np
own_kind = "classification"
def load_all():
    random = np.random.default_rng(1)
    X = random.normal(size=(1_000_000, 3))
    wrong = random.random(1_000_000) < 0.1
    return X, ((X[:, 0] * X[:, 1] > 0) ^ wrong).astype(int), None
"""


@pytest.mark.slow
def test_a_million_rows_are_read(judge: Judge) -> None:
    assert own_data(judge(MILLION, GUESS)).examples == 20_000


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ("def train(X, y, budget):\n    return 1", "contract.missing_function"),
        (
            "def train(X, y, budget):\n    return 1\ndef predict(model, X):\n    return model(X)",
            "probe.exception",
        ),
        ("def train(X, y, budget):\n    1 / 0\ndef predict(model, X):\n    return X", "probe.exception"),
        ("def train(X, y, budget):\n    pass\ndef predict(model, X):\n    return 1", "contract.wrong_length"),
        (
            "def train(X, y, budget):\n    pass\ndef predict(model, X):\n    return ['?'] * len(X)",
            "own.unknown_class",
        ),
    ],
)
def test_what_is_wrong_with_train_or_predict_is_told(judge: Judge, cells: str, code: str) -> None:
    mark = judge(TABLE, cells)
    assert mark.status == "failed"
    assert mark.reason.code == code


@pytest.mark.slow
def test_a_training_that_does_not_end_is_no_zero(judge: Judge) -> None:
    forever = "def train(X, y, budget):\n    while True: pass\ndef predict(model, X):\n    return X"
    mark = judge(TABLE, forever, budget_seconds=0.5)
    assert (mark.status, mark.earned, mark.reason) == ("not_run", None, say("own.too_long", budget=0.5))


def test_the_student_files_are_not_there_while_it_learns(
    lesson: Setting, submitted: Callable[..., Submission], tmp_path: Path
) -> None:
    random = np.random.default_rng(3)
    inputs = random.normal(size=(300, 4))
    np.savez(tmp_path / "mine.npz", X=inputs, y=(inputs[:, 0] * inputs[:, 1] > 0).astype(int))
    cells = (
        'import numpy as np\nown_kind = "classification"',
        'def load_all():\n    data = np.load("mine.npz")\n    return data["X"], data["y"], None',
        "def train(X, y, budget):\n    return load_all()\ndef predict(model, X):\n    return [0] * len(X)",
    )
    work = run_submission(lesson, replace(submitted(*cells), folder=tmp_path), lambda step: None)
    (mark,) = mark_work(work).marks
    assert (mark.reason.code, mark.reason.params["type"]) == ("probe.exception", "FileNotFoundError")


ADDRESS = "https://data.example.org/plants.npz"
LOOKS_UP = f"""
import os, urllib.request
import numpy as np
own_kind = "classification"
def download():
    urllib.request.urlretrieve("{ADDRESS}", "plants.npz")
    found = np.load("plants.npz")
    return found["X"], found["y"]
def load_all():
    return *download(), None
def train(X, y, budget):
    assert os.listdir(os.environ["TORCH_HOME"]) == ["hub"]
    assert "index" not in os.environ["GRADE_OFFLINE"] and not os.path.exists("/grade/mirror")
def predict(model, X):
    known, answers = download()
    return answers[np.abs(X[:, None] - known).sum(2).argmin(1)]
"""


def test_answers_cannot_be_looked_up_in_the_mirror_that_the_data_is_from(
    lesson: Setting, submitted: Callable[..., Submission], tmp_path: Path
) -> None:
    inputs = np.random.default_rng(3).normal(size=(300, 4))
    np.savez(tmp_path / "plants.npz", X=inputs, y=(inputs[:, 0] * inputs[:, 1] > 0).astype(int))
    (tmp_path / "weights" / "hub" / "checkpoints").mkdir(parents=True)
    runtime = lesson.course.runtime.model_copy(update={"weights": tmp_path / "weights"})
    mirrored = replace(
        lesson,
        course=lesson.course.model_copy(update={"runtime": runtime}),
        assignment=lesson.assignment.model_copy(update={"pretrained": True}),
        mirror=(Mirrored(ADDRESS, tmp_path / "plants.npz", ""),),
    )
    work = run_submission(mirrored, submitted(LOOKS_UP), lambda step: None)
    (mark,) = mark_work(work).marks
    assert own_data(mark).examples == 300
    assert (mark.status, mark.reason.code, mark.reason.params["what"]) == ("not_run", "own.refused", ADDRESS)


def test_a_line_that_fails_without_files_is_named(
    lesson: Setting, submitted: Callable[..., Submission], tmp_path: Path
) -> None:
    np.savez(tmp_path / "mine.npz", X=np.random.default_rng(0).normal(size=(300, 4)))
    cells = (
        'import numpy as np\nown_kind = "classification"\nsize = np.load("mine.npz")["X"].shape[1]',
        'def load_all():\n    X = np.load("mine.npz")["X"]\n    return X, (X[:, 0] > 0).astype(int), None',
        "train = lambda X, y, budget, size=size: size\ndef predict(model, X):\n    return [0] * len(X)",
    )
    work = run_submission(lesson, replace(submitted(*cells), folder=tmp_path), lambda step: None)
    (mark,) = mark_work(work).marks
    assert (mark.status, mark.reason.code) == ("failed", "own.lost")
    assert mark.reason.params["type"] == "FileNotFoundError"


def test_a_self_check_needs_no_reference(
    lesson: Setting, submitted: Callable[..., Submission], tmp_path: Path
) -> None:
    alone = replace(lesson, public=True, course=lesson.course.model_copy(update={"root": tmp_path}))
    work = run_submission(alone, submitted(TABLE, GUESS), lambda step: None)
    (mark,) = mark_work(work).marks
    assert (mark.status, mark.earned, mark.reason.code) == ("needs_review", None, "own.only_checked")


def test_a_person_may_give_points_where_nothing_could_be_measured(
    lesson: Setting, submitted: Callable[..., Submission]
) -> None:
    load = "def load_all():\n    X, y = drawn(12)\n    return X, y, None"
    work = run_submission(lesson, submitted(PICTURES, load, GUESS), lambda step: None)
    record = make_record(work, mark_work(work))
    (one,) = brought([record])
    with pytest.raises(UsageError, match="--points"):
        approve(one, None, author="t", reason="")
    seen = approve(one, 3, author="t", reason="hand-made and small")
    assert (seen.status, seen.earned) == ("graded", 3)
    assert effective(seen).marks[0].reason.code == "own.decided"
    other = record.model_copy(update={"edits": (seen.edits[0].model_copy(update={"answer": "0" * 64}),)})
    page = student_report(effective(other), lesson.assignment, lesson.course, "en")
    assert sentence(say("report.edit.stale"), "en") in page


def test_a_folder_that_is_too_large_is_told(
    lesson: Setting, submitted: Callable[..., Submission], tmp_path: Path
) -> None:
    (tmp_path / "large.bin").write_bytes(bytes(2 * 2**20))
    small = replace(lesson, limits=lesson.limits.model_copy(update={"own_data_mib": 1}))
    work = run_submission(small, replace(submitted(TABLE, GUESS), folder=tmp_path), lambda step: None)
    assert mark_work(work).marks[0].reason.code == "own.folder"


@pytest.mark.slow
def test_the_split_is_the_same_every_time_and_another_for_other_secrets(
    lesson: Setting, submitted: Callable[..., Submission]
) -> None:
    def hidden(secret: bytes) -> list[int]:
        work = run_submission(replace(lesson, secret=secret), submitted(TABLE, GUESS), lambda step: None)
        trial = work.own["own"]
        assert trial.lesson is not None
        return trial.lesson.split.hidden.tolist()

    assert hidden(b"one") == hidden(b"one") != hidden(b"two")


KINDS: dict[OwnKind, str] = {
    "regression": """
def load_all():
    random = np.random.default_rng(3)
    X = random.normal(size=(500, 4))
    return X, X[:, 0] * X[:, 1] + np.sin(2 * X[:, 2]) + 0.1 * random.normal(size=500), None
def train(X, y, budget):
    from sklearn.ensemble import ExtraTreesRegressor
    return ExtraTreesRegressor(100, random_state=0).fit(X, y)
def predict(model, X):
    return model.predict(X)
""",
    "forecasting": """
def load_all():
    random = np.random.default_rng(3)
    steps = np.arange(900)
    series = np.sin(steps / 3.1) + 0.6 * np.sin(steps / 7.7) + 0.1 * random.normal(size=900)
    X = np.array([series[at : at + 40] for at in range(0, 840)])
    return X, np.array([series[at + 40 : at + 46] for at in range(0, 840)]), None
def train(X, y, budget):
    return np.linalg.lstsq(X, y, rcond=None)[0]
def predict(model, X):
    return X @ model
""",
    "segmentation": """
def load_all():
    random = np.random.default_rng(3)
    X, y = [], []
    for _ in range(120):
        mask = np.zeros((24, 24), int)
        a, b = random.integers(2, 14, 2)
        mask[a : a + 8, b : b + 8] = 1
        X.append(np.clip(random.uniform(0, 0.5) + 0.25 * mask + 0.1 * random.normal(size=(24, 24)), 0, 1))
        y.append(mask)
    return X, y, list(range(120))
def train(X, y, budget):
    return 0.12
def predict(model, X):
    return [x > np.median(x) + model for x in X]
""",
    "text": """
def load_all():
    random = np.random.default_rng(3)
    words = ["cat", "dog", "sees", "runs", "home", "river", "under", "stone"]
    return [" ".join(random.choice(words, 30)) for _ in range(150)], None, None
def train(X, alphabet, budget):
    counts = np.ones((len(alphabet), len(alphabet)))
    for text in X:
        for one, other in zip(text, text[1:]):
            counts[alphabet.index(one), alphabet.index(other)] += 1
    return alphabet, np.log(counts / counts.sum(1, keepdims=True))
def predict(model, X):
    alphabet, table = model
    return np.array([table[alphabet.index(prefix[-1])] for prefix in X])
""",
    "reconstruction": PICTURES
    + """
def load_all():
    return (255 * drawn(200)[0]).astype(np.uint8), None, None
def train(X, y, budget):
    return X.mean(0)
def predict(model, X):
    return np.stack([model] * len(X)).astype(np.uint8)
""",
    "sampling": PICTURES
    + """
def load_all():
    return drawn(300)[0], None, None
def train(X, y, budget):
    return X
def predict(model, n):
    random = np.random.default_rng(0)
    return np.clip(model[random.integers(0, len(model), n)] + 0.05 * random.normal(size=(n, 24, 24)), 0, 1)
""",
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_compared_with_its_reference(judge: Judge, kind: OwnKind) -> None:
    mark = judge(f"import numpy as np\n{KINDS[kind]}\nown_kind = {kind!r}", budget_seconds=5)
    assert mark.reason.code in ("own.compared", "own.closed", "own.doubt"), mark.reason
    rivals = own_data(mark).rivals
    assert [rival.name for rival in rivals[:2]] == ["yours", "reference"]
    assert len(rivals) >= 4
