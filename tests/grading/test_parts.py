"""A lesson with several notebooks, made from lesson 1: each runs by itself, and one record has them all."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from graders.grading import Setting, Work, mark_work, run_submission, running, scored_arrays
from graders.grading.record import make_record
from graders.model import Run, Submission

GRADIENTS = """
import numpy as np
def backward(params, x, y):
    hidden = np.tanh(x @ params["W1"] + params["b1"])
    out = 2 * (hidden @ params["W2"] + params["b2"] - y) / len(x)
    below = out @ params["W2"].T * (1 - hidden ** 2)
    return {"W1": x.T @ below, "b1": below.sum(0), "W2": hidden.T @ out, "b2": out.sum(0)}
"""
ANSWER = "## Вопрос 1\n\nБез нелинейности композиция линейных слоёв остаётся линейной функцией."


@pytest.fixture(scope="module")
def two(setting_of: Callable[[str], Setting]) -> Setting:
    setting = setting_of("l01_perceptron")
    named = {"price": "one", "gradients": "other", "theory": ""}
    tasks = tuple(task.model_copy(update={"notebook": named[task.id]}) for task in setting.assignment.tasks)
    return replace(setting, assignment=setting.assignment.model_copy(update={"tasks": tasks}))


def handed_in(**cells: list[str] | None) -> Submission:
    parts = tuple(
        Submission(
            student="ann",
            slug="l01_perceptron",
            folder=None,
            notebook_path=None,
            notebook=None if sources is None else notebook(sources),
            theory_path=None,
            theory="",
            name=name,
        )
        for name, sources in cells.items()
    )
    return replace(parts[0], notebook=None, name="", parts=parts)


def notebook(sources: list[str]) -> object:
    made = [new_markdown_cell(one) if one.startswith("#") else new_code_cell(one) for one in sources]
    return new_notebook(cells=made)


@pytest.fixture(scope="module")
def work(two: Setting) -> Work:
    price = "def predict_price(features): return 10 + 0 * features[:, 0]"
    return run_submission(two, handed_in(one=[price, "1 / 0"], other=[GRADIENTS, ANSWER]), lambda _: None)


def test_each_notebook_is_measured_for_its_own_tasks(work: Work) -> None:
    marks = {mark.task: mark for mark in mark_work(work).marks}
    assert list(marks) == ["price", "gradients", "theory"]
    assert marks["gradients"].earned == 3
    assert marks["price"].value is not None


def test_answers_are_read_from_both(work: Work) -> None:
    theory = next(mark for mark in mark_work(work).marks if mark.task == "theory")
    assert theory.reason.params["given"] == 1
    assert theory.evidence[0].source == "cell 2, other"


def test_one_record_has_the_cells_and_predictions_of_both(work: Work) -> None:
    record = make_record(work, mark_work(work))
    assert record.run.status == "cell_error"
    assert [(cell.notebook, cell.number, cell.status) for cell in record.run.cells] == [
        ("one", 1, "ok"),
        ("one", 2, "error"),
        ("other", 1, "ok"),
    ]
    assert {"price.own", "gradients.own"} <= set(scored_arrays(work))


def test_a_notebook_that_is_missing_costs_its_own_tasks_alone(two: Setting) -> None:
    found = run_submission(two, handed_in(one=None, other=[GRADIENTS]), lambda _: None)
    marks = {mark.task: mark for mark in mark_work(found).marks}
    assert marks["price"].reason.params["slug"] == "l01_perceptron.one"
    assert (marks["price"].earned, marks["gradients"].earned) == (0, 3)
    assert found.run.status == "completed"


def test_each_notebook_is_expected_to_take_its_share_of_what_all_take(
    two: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[float] = []

    def looked_at(setting: Setting, part: Submission, *_: object) -> Work:
        seen.append(setting.expected["ann"])
        return Work(setting, part, Run(status="not_run"), None)

    monkeypatch.setattr(running, "_run", looked_at)
    run_submission(replace(two, expected={"ann": 90.0}), handed_in(one=[], other=[]), lambda _: None)
    assert seen == [45.0, 45.0]
