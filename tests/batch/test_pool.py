"""Workers that hang or find the machine exhausted."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from classroom import Class

from graders.batch import Began, Done, GaveUp, Orders, Pool, Retried
from graders.batch.interrupt import Stop
from graders.batch.pool import longest_run
from graders.grading import Setting
from graders.model import OwnDataTask
from graders.submissions import Found


@pytest.fixture
def orders(room: Class, setting: Setting) -> Orders:
    """One submission that grades in no time."""
    folder = room.submit("ann")
    (folder / "l04_cnn.ipynb").write_text("no notebook", encoding="utf-8")
    return Orders((Found(folder, "l04_cnn"),), {"l04_cnn": setting}, room.root / "reports", "en")


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="pool-") as made:
        yield Path(made)


def test_a_worker_that_does_not_answer_is_replaced_and_the_submission_given_up_in_the_end(
    orders: Orders, folder: Path
) -> None:
    with Pool(orders, 1, folder, Stop(), own_seconds=0.001) as pool:
        happened = [happening for _, happening in pool.run([0])]
    assert [type(one) for one in happened] == [Began, Retried, Began, Retried, Began, GaveUp]
    assert not (orders.out / "ann").exists()
    assert list(folder.iterdir()) == []


def test_a_worker_that_answers_is_left_alone(orders: Orders, folder: Path) -> None:
    with Pool(orders, 1, folder, Stop()) as pool:
        happened = [happening for _, happening in pool.run([0])]
    assert [type(one) for one in happened] == [Began, Done]
    assert (orders.out / "ann/l04_cnn.json").is_file()


def test_nothing_begins_once_a_stop_is_asked(orders: Orders, folder: Path) -> None:
    with Pool(orders, 1, folder, Stop(asked=True)) as pool:
        assert list(pool.run([0])) == []
        assert [item for item, _ in pool.waiting] == [0]


def test_learning_from_own_data_may_take_longer_than_the_notebook(setting: Setting) -> None:
    task = OwnDataTask(
        id="own",
        kind="own_data",
        title={"ru": "x", "en": "x"},
        points=1,
        accepts=("regression",),
        budget_seconds=3600,
    )
    own = replace(setting, assignment=setting.assignment.model_copy(update={"tasks": (task,)}))
    assert longest_run(own) > 4 * task.budget_seconds > longest_run(setting)


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user's notebooks run as that user")
def test_notebooks_of_another_user_are_let_through_a_workers_folder(orders: Orders, folder: Path) -> None:
    with Pool(orders, 1, folder, Stop()) as pool:
        modes = [(folder / "w1").stat().st_mode & 0o777 for _, one in pool.run([0]) if isinstance(one, Done)]
    assert modes == [0o711]


def test_the_main_process_leaves_pytorch_to_its_workers() -> None:
    script = "import sys, graders.commands.whole; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
