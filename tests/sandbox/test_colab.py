"""Notebooks in the manner of Colab's, each in the real sandbox: what they ask for, and what they get."""

import os
import socket
from pathlib import Path
from typing import get_args

import pytest
import torch
from colab_lessons import PICTURES, SCRIPTS, SERIES, TRANSFER, TRANSFER_REFUSED
from habits import HONEST, REFUSED, Habit
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from offline import Tried, make_files, make_mirror
from running import printed, statuses

from graders.i18n import catalogue
from graders.model import Limits, RefusedKind, Runtime, SandboxName
from graders.sandbox import Execution, Job, Mount, Sandbox, execute, open_sandbox
from graders.sandbox.mounts import WEIGHTS
from graders.sandbox.offline import MOST_OWN
from graders.sandbox.refusals import MOST_NOTES


@pytest.fixture(scope="module")
def tried(probe: Path, zygote: socket.socket, tmp_path_factory: pytest.TempPathFactory) -> Tried:
    """Runs cells with a mirror and with files of a student's, in the strongest tier that works here."""
    folder = tmp_path_factory.mktemp("course")
    mirror, files = make_mirror(folder / "mirror"), make_files(folder / "student")
    with open_sandbox("auto", Runtime()) as strongest:
        usual = strongest.tier

    def run(*cells: str, mounts: tuple[Mount, ...] = (), sandbox: SandboxName = usual) -> Execution:
        made = [new_markdown_cell(cell) if cell.startswith("## ") else new_code_cell(cell) for cell in cells]
        notebook = new_notebook(cells=made)
        job = Job(notebook, (*files, *mounts), probe, (), Limits(), "cpu", None, "mini", mirror=mirror)
        return execute(job, Sandbox(sandbox, Runtime(), zygote), lambda _: None)

    return run


@pytest.mark.parametrize(
    "habit",
    (SERIES, *HONEST, *(pytest.param(one, marks=pytest.mark.slow) for one in (PICTURES, SCRIPTS))),
    ids=lambda habit: habit.name,
)
def test_a_habit_is_served(tried: Tried, habit: Habit) -> None:
    ended = tried(*habit.cells)
    assert set(statuses(ended)) == {"ok"}, [cell.error for cell in ended.run.cells]
    said = printed(ended, len(habit.cells)).split("\n")
    assert habit.says in [line.strip() for line in said]
    assert ended.run.refused == ()


def test_a_notebook_that_goes_on_without_what_is_not_here_is_told_what_that_was(tried: Tried) -> None:
    ended = tried(*TRANSFER)
    assert set(statuses(ended)) == {"ok"}, [cell.error for cell in ended.run.cells]
    assert printed(ended, len(TRANSFER)) == "(8, 2)\n"
    assert {(one.kind, one.what) for one in ended.run.refused} == set(TRANSFER_REFUSED)


def test_it_is_the_same_in_a_cold_kernel_of_every_tier(
    tried: Tried, tier: SandboxName, tmp_path: Path
) -> None:
    (tmp_path / "random.py").write_text("def random():\n    return 0.5\n")  # nothing warm may have loaded it
    names = [
        "random.py",
        *(f"{number:03}{'ж' * 120}" for number in range(MOST_OWN)),
    ]  # more than an argument holds
    for name in names[1:]:
        (tmp_path / name).touch()
    own = tuple(Mount(tmp_path / name, name, copy=True) for name in names)
    wanted = ("wget_and_unzip", "urllib_with_an_opener", "mounts_the_drive", "requirements_file")
    cells = [cell for habit in HONEST if habit.name in wanted for cell in habit.cells]
    ended = tried(*cells, mounts=own, sandbox=tier)
    assert ended.run.kernel == "cold"
    assert statuses(ended) == ["ok"] * len(cells), [cell.error for cell in ended.run.cells]


@pytest.fixture(scope="module")
def refusals(tried: Tried) -> Execution:
    """All of them in one notebook."""
    return tried(*(cell for cell, _ in REFUSED), "import cv2_of_colab, cv2")


@pytest.mark.parametrize("refused", [refused for _, refused in REFUSED])
def test_what_is_not_there_is_refused_with_its_name(refusals: Execution, refused: tuple[str, str]) -> None:
    found = [one for one in refusals.run.refused if one.kind == refused[0]]
    assert any(one.what.startswith(refused[1]) for one in found)


def test_nothing_else_is_noted(refusals: Execution) -> None:
    assert len(refusals.run.refused) == len({refused for _, refused in REFUSED})


def test_a_secret_that_is_missing_is_an_error_of_colabs_own_type(tried: Tried) -> None:
    ended = tried(
        "from google.colab import userdata\ntry:\n    userdata.get('KEY')\n"
        "except userdata.SecretNotFoundError as error:\n    print(error)"
    )
    assert printed(ended, 1) == "Secret KEY does not exist.\n"


def test_a_refused_download_says_the_file_of_the_weights(refusals: Execution) -> None:
    errors = [cell.error.message for cell in refusals.run.cells if cell.error is not None]
    assert any("the weights resnet18-f37072fd.pth" in error for error in errors)


def test_weights_of_the_course_are_found(tried: Tried, tmp_path: Path) -> None:
    checkpoints = tmp_path / "weights" / "hub" / "checkpoints"
    checkpoints.mkdir(parents=True)
    torch.save({"weight": torch.full((1,), 6.0)}, checkpoints / "net-12ab34cd.pth")
    for folder in (tmp_path, *tmp_path.rglob("*")):
        folder.chmod(0o755)
    ended = tried(
        "import torch\nurl = 'https://d.example.org/models/net-12ab34cd.pth'\n"
        "print(torch.hub.load_state_dict_from_url(url)['weight'].item())",
        mounts=(Mount(tmp_path / "weights", WEIGHTS),),
    )
    assert printed(ended, 1) == "6.0\n"
    assert ended.run.refused == ()


FORGED = "import json, os\npath = json.loads(os.environ['GRADE_OFFLINE'])['refused']\n"


def test_forged_notes_of_a_gigabyte_are_no_notes(tried: Tried) -> None:
    ended = tried(
        FORGED + "with open(path, 'wb') as file:\n    file.truncate(2**30)", "!pip install torchvista"
    )
    assert ended.run.refused == ()


@pytest.mark.parametrize(
    "forge",
    [
        "os.symlink('/etc/passwd', path)",
        "os.mkfifo(path)",
        "os.mkdir(path)",
        "open(path, 'w').close(); os.link(path, path + '2')",
    ],
)
def test_notes_that_are_no_plain_file_are_none(tried: Tried, forge: str) -> None:
    ended = tried(FORGED + forge, "import pip\npip.main(['install', 'torchvista'])", "print('on')")
    assert ended.run.refused == ()
    assert printed(ended, 3) == "on\n"


def test_odd_notes_are_left_out_and_the_rest_is_plain(tried: Tried) -> None:
    odd = [
        "not json",
        "[" * 100_000,
        '["url"]',
        '["points", "10"]',
        '["url", 5]',
        '[{"a": 1}, "x"]',
        '["url", ""]',
    ]
    lines = [
        *odd,
        r'["url", "a\u202eb\u001b[31m<script>\nnext\ud800"]',
        *(f'["url", "u{n}"]' for n in range(40)),
    ]
    ended = tried(FORGED + f"open(path, 'w').write({chr(10).join(lines)!r})")
    assert [one.what for one in ended.run.refused][:2] == ["a?b?[31m<script>?next?", "u0"]
    assert len(ended.run.refused) == MOST_NOTES


def test_an_address_is_never_a_path(tried: Tried) -> None:
    urls = (
        "https://data.example.org/sets/../sets/rain.csv",
        "https://data.example.org/../../grade/probe.py",
        "file:///grade/mirror/../probe.py#.csv",
        "https://[bad/rain.csv",
    )
    ended = tried("\n".join(f"!wget -q -O got '{url}'; ls got" for url in urls))
    assert printed(ended, 1).count("cannot access") == len(urls)


def test_arguments_of_commands_reach_no_shell(tried: Tried) -> None:
    ended = tried("""!pip install 'x; touch /tmp/made' '$(touch /tmp/made)'; ls /tmp""")
    assert "made" not in printed(ended, 1).splitlines()
    assert [one.what for one in ended.run.refused] == ["x"]


def test_the_mirror_cannot_be_written(tried: Tried) -> None:
    ended = tried("open('/grade/mirror/0', 'w')", "open('/grade/mirror/index.json', 'a')")
    assert statuses(ended) == ["error", "error"]


def test_a_drive_that_the_student_names_leads_nowhere_else(tried: Tried) -> None:
    ended = tried(
        "from google.colab import drive\ndrive.mount('/content/drive')\n"
        "path = '/content/drive/MyDrive/../../../grade/x'\n"
        "import os\nprint(os.path.exists('/grade/x'), os.path.realpath('/content'))"
    )
    assert printed(ended, 1).splitlines()[-1] == "False /home/student"


def test_without_a_file_system_of_its_own_the_working_folder_is_colabs(tried: Tried) -> None:
    wanted = ("works_in_content", "mounts_the_drive", "saves_to_the_drive", "curl_two_ways")
    cells = [cell for habit in HONEST if habit.name in wanted for cell in habit.cells]
    there = os.path.lexists("/content")
    ended = tried(*cells, "import helper\nopen(helper.WHERE)", "1 / 0  # /content", sandbox="none")
    assert statuses(ended) == ["ok"] * len(cells) + ["error"] * 2, [cell.error for cell in ended.run.cells]
    assert [(one.kind, one.what) for one in ended.run.refused] == [("path", "/content")]
    assert ended.run.cells[-1].source == "1 / 0  # /content"
    assert os.path.lexists("/content") == there


def test_every_kind_of_refusal_has_its_sentences() -> None:
    for kind in get_args(RefusedKind):
        assert {f"refused.{kind}", f"refused.task.{kind}", f"refused.hint.{kind}"} <= catalogue("en").keys()
