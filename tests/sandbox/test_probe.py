import json
from dataclasses import replace

import numpy as np
import pytest
from running import Run, ask

from graders.artifacts import read_arrays
from graders.sandbox import ProbeStep

# What is handed over does not depend on the tier; `test_limits` and `test_isolation` ask the probe in each.
pytestmark = pytest.mark.parametrize("tier", ["namespaces"], indirect=True, scope="session")

CELL = """
def predict(x):
    return x * 2

class Unkind(Exception):
    def __str__(self):
        raise RuntimeError("no")

def broken():
    inner = [1, 2]
    return inner[5]
"""


@pytest.fixture(scope="module")
def steps(run: Run):
    asked = (
        ProbeStep("good", "double", {"x": np.arange(6.0).reshape(2, 3)}, {"a": [1, None]}, 10),
        ask("known", "contract", code="contract.missing_name", params={"name": "x" * 1000}),
        ask("unknown", "contract", code="contract.no_such_thing", params={}),
        ask("foreign", "contract", code="run.cell_error", params={"cell": 1, "type": "x"}),
        ask("bare", "contract", code="contract.missing_name", params={}),
        ask("student"),
        ask("missing", "no_such_function"),
        ProbeStep("slow", "forever", {}, {}, 1),
        ask("after", "own"),
        ask("die"),
        ask("late", "own"),
    )
    return run([CELL, "1/0"], asked).steps


def test_arrays_go_in_and_come_out(steps):
    assert steps["good"].status == "ok"
    assert read_arrays(steps["good"].files["good.npz"], 1)["y"].tolist() == [[0, 2, 4], [6, 8, 10]]


def test_parameters_and_json_too(steps):
    assert json.loads(steps["good"].files["good.json"]) == {"parameters": {"a": [1, None]}, "names": ["x"]}


def test_a_broken_contract_becomes_its_message_capped(steps):
    assert steps["known"].status == "failed"
    assert steps["known"].message.code == "contract.missing_name"
    assert len(steps["known"].message.params["name"]) == 200


@pytest.mark.parametrize("name", ["unknown", "foreign", "bare"])
def test_a_made_up_contract_becomes_a_general_message(steps, name):
    assert steps[name].message.code == "step.failed"


def test_a_step_is_not_repeated_whose_contract_is_broken(run: Run) -> None:
    once, again, other = ask("once", "count"), ask("again", "count"), ask("other", "count")
    found = run(["counted = []"], (once, replace(again, repeats="once"), other)).steps
    said = {name: step.message.params["name"] for name, step in found.items()}
    assert said == {"once": "1", "again": "1", "other": "2"}
    assert {step.name for step in found.values()} == set(found)


def test_an_exception_of_the_student_is_a_fault_with_their_frames_only(steps):
    fault = steps["student"].fault
    assert (fault.type, fault.message) == ("IndexError", "list index out of range")
    assert "inner[5]" in fault.traceback
    assert "probe.py" not in fault.traceback


def test_a_missing_function_fails(steps):
    assert steps["missing"].status == "failed"


def test_a_slow_step_is_ended_and_the_next_one_runs(steps):
    assert steps["slow"].status == "timed_out"
    assert steps["slow"].message.code == "step.timed_out"
    assert steps["after"].status == "ok"


def test_a_death_spares_what_was_done_before(steps):
    assert steps["die"].status == "killed"
    assert steps["late"].status == "not_run"
    assert steps["good"].files


PLANT = {
    "link": "os.symlink('/etc/passwd', box + '/link.npz')",
    "pipe": "os.mkfifo(box + '/pipe.npz')",
    "folder": "os.mkdir(box + '/folder.npz')",
    "twice": "open(box + '/x', 'w').close(); os.link(box + '/x', box + '/twice.npz')",
    "large": "open(box + '/large.npz', 'wb').write(bytes(3 * 2**20))",
    "sparse": "open(box + '/sparse.npz', 'wb').truncate(2**40)",
}


@pytest.fixture(scope="module")
def planted(run: Run):
    cells = [
        "import os",
        "def plant(box):\n    "
        + "\n    ".join(
            f"try: {line}\n    except OSError: pass" if name == "sparse" else line.replace("; ", "\n    ")
            for name, line in PLANT.items()
        ),
    ]
    asked = (ask("plant"), *(ask(name, "own") for name in PLANT))
    return run(cells, asked, artifact_mib=1).steps


@pytest.mark.parametrize("name", [name for name in PLANT if name != "sparse"])
def test_nothing_but_an_ordinary_small_file_is_taken(planted, name):
    assert planted[name].status == "failed"
    assert planted[name].message.code in ("artifact.not_regular", "artifact.too_large")


def test_a_file_of_holes_is_not_taken(planted):
    assert not planted["sparse"].files.get("sparse.npz")


def test_random_numbers_repeat(run):
    cell = "import random, numpy, torch\nfound = [random.random(), numpy.random.rand(), torch.rand(1).item()]"
    one, two, other = (
        run([cell], (ask("findings"),), seed=seed).steps["findings"].files["findings.json"]
        for seed in (1, 1, 2)
    )
    assert one == two != other


def test_a_patched_kernel_does_not_shake_the_host(run):
    cells = [
        "import json\njson.dumps = lambda *a, **k: '[1'",
        "import zmq.utils.jsonapi as j\nj.dumps = lambda *a, **k: b'{}'\n"
        "get_ipython().kernel.session.pack = lambda o: b'nonsense'",
        "print('after')",
    ]
    ended = run(cells, (ask("own"),), cell_seconds=2)
    assert ended.run.status in ("timed_out", "killed", "completed")
    assert len(ended.run.cells) == 3


def test_no_sandbox_runs_the_same(run, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    cells = [CELL, "import os\nfound = [os.getuid()]"]
    good = ProbeStep("good", "double", {"x": np.ones(2)}, {}, 10)
    ended = run(cells, (good,), sandbox="none")
    assert ended.run.status == "completed"
    assert ended.run.sandbox == "none"
    assert ended.steps["good"].status == "ok"
    assert not list(tmp_path.iterdir())


def test_a_later_step_cannot_rewrite_what_an_earlier_one_handed_over(run: Run):
    cell = """
found = {"said": "first"}
def plant(folder):
    import pathlib
    path = pathlib.Path(folder, "early.json")
    path.unlink(missing_ok=True)
    path.write_text('{"said": "second"}')
"""
    steps = run([cell], (ask("early", "findings"), ask("late", "plant"))).steps
    assert json.loads(steps["early"].files["early.json"]) == {"said": "first"}
