import pytest
from nbformat.v4 import new_code_cell, new_notebook
from running import Run, ask, printed, statuses

from graders.model import Limits, Runtime
from graders.sandbox import Job, Sandbox, execute, find_once

SWALLOW = """
import time
while True:
    try:
        time.sleep(0.01)
    except BaseException:
        pass
"""
FLOOD = "while True: print('x' * 1000)"
ONE_HUGE = "from IPython.display import display, HTML\ndisplay(HTML('x' * 60_000_000))"


@pytest.fixture(scope="module")
def soft(run: Run):
    """Cells that break a limit and can be stopped without ending the run."""
    cells = ["1/0", "while True: pass", FLOOD, "print('still here')", ONE_HUGE, "found = {'alive': True}"]
    return run(cells, (ask("findings"),), cell_seconds=2, output_mib=2)


def test_an_error_lets_the_later_cells_run(soft):
    assert statuses(soft)[0] == "error"
    assert soft.run.cells[0].error.type == "ZeroDivisionError"
    assert statuses(soft)[3] == "ok"


def test_an_endless_loop_is_interrupted(soft):
    assert statuses(soft)[1] == "timed_out"


def test_a_flood_of_printing_ends_its_cell(soft):
    assert statuses(soft)[2] == "killed"
    assert sum(len(printed(soft, number)) for number in (3, 4)) < 3_000_000


def test_the_first_trouble_names_the_run(soft):
    assert soft.run.status == "timed_out"
    assert soft.run.message.params == {"cell": 2, "limit": 2.0}


def test_one_huge_message_is_not_kept(soft):
    assert len(str(soft.notebook.cells[4].outputs)) < 10_000


def test_the_probe_is_asked_in_the_end(soft):
    assert soft.steps["findings"].status == "ok"
    assert soft.steps["findings"].files["findings.json"] == b'{"alive": true}'


def test_a_loop_that_swallows_interrupts_ends_the_run(run):
    ended = run(["x = 1", SWALLOW, "x = 2"], (ask("own"),), cell_seconds=1)
    assert statuses(ended) == ["ok", "killed", "not_run"]
    assert ended.run.status == "timed_out"
    assert ended.steps["own"].status == "not_run"


def test_all_cells_together_have_a_limit(run):
    ended = run(["import time\ntime.sleep(1.5)"] * 3, (ask("own"),), cell_seconds=10, total_seconds=2)
    assert statuses(ended) == ["ok", "timed_out", "not_run"]
    assert ended.run.message.code == "limit.total_seconds"
    assert ended.steps["own"].status == "ok"


def test_output_over_the_limit_is_said_with_numbers(run):
    ended = run(["import time\nwhile True: print('x' * 10000); time.sleep(0.001)"], output_mib=1)
    assert ended.run.status == "output_limit"
    assert ended.run.message.params["cell"] == 1
    assert ended.run.message.params["printed"] > 1


def test_memory_of_all_processes_is_limited(run):
    hog = """
import os, time
for _ in range(4):
    if os.fork() == 0:
        block = bytearray(300 * 2**20)
        time.sleep(60)
time.sleep(60)
"""
    ended = run([hog], memory_mib=1000)
    assert ended.run.status == "out_of_memory"
    assert statuses(ended) == ["killed"]
    assert ended.run.message.params["used"] >= 1000


def test_too_large_an_array_is_an_error_of_its_cell(run):
    ended = run(["import numpy as np\nx = np.ones(3 * 2**30, dtype='uint8')", "y = 1"], memory_mib=1000)
    assert ended.run.status == "out_of_memory"
    assert statuses(ended) == ["error", "ok"]


def test_a_fork_bomb_is_contained(run):
    ended = run(["import os\nwhile True: os.fork()", "z = 1"], cell_seconds=1, processes=32)
    assert ended.run.status != "completed"


def test_the_disk_is_limited(run):
    filler = "with open('{}', 'wb') as f:\n    for _ in range(100): f.write(b'x' * 2**20)"
    places = ("big", "/tmp/big", "/dev/shm/big", "/grade/outbox/big")  # noqa: S108 - the sandbox's own
    cells = [filler.format(path) for path in places]
    ended = run([*cells, "import os; os.remove('/tmp/big')"], disk_mib=32, artifact_mib=16)
    assert ended.run.status == "disk_limit"
    assert statuses(ended) == ["error", "error", "error", "error", "ok"]


def test_every_folder_may_be_filled_at_the_same_time(probe, tier, zygote):
    hierarchy = find_once()
    if hierarchy is None:
        pytest.skip("no groups can be made here")
    filler = "with open('{}', 'wb') as f:\n    for _ in range(270): f.write(b'x' * 2**20)"
    places = ("big", "/tmp/big", "/dev/shm/big")  # noqa: S108 - the sandbox's own
    notebook = new_notebook(cells=[new_code_cell(filler.format(path)) for path in places])
    limits = Limits(memory_mib=400, disk_mib=300)
    job = Job(notebook, (), probe, (), limits, "cpu", None, "mini")
    ended = execute(job, Sandbox(tier, Runtime(), zygote, hierarchy), lambda _progress: None)
    assert ended.run.status == "completed", ended.run.message


def test_many_files_in_the_outbox_end_the_run(run):
    ended = run(["for i in range(20000): open(f'/grade/outbox/{i}', 'w')\nimport time; time.sleep(5)"])
    assert ended.run.status == "disk_limit"


def test_a_kernel_that_exits_is_told_apart(run):
    ended = run(["a = 1", "import os; os._exit(0)", "b = 1"], (ask("own"),))
    assert statuses(ended) == ["ok", "killed", "not_run"]
    assert ended.run.status == "killed"
    assert ended.steps["own"].status == "not_run"


def test_only_the_first_failing_cells_keep_their_tracebacks(run):
    """Otherwise thousands of them would fill the record."""
    ended = run(["1/0"] * 22)
    errors = [cell.error for cell in ended.run.cells]
    assert {error.type for error in errors} == {"ZeroDivisionError"}
    assert [bool(error.traceback) for error in errors] == [True] * 20 + [False] * 2
    assert [cell.source is not None for cell in ended.run.cells] == [True] * 20 + [False] * 2


def test_a_kernel_that_takes_its_time_to_quit_is_not_one_with_too_large_a_message(run):
    slow = "libc = ctypes.CDLL(None)\nlibc.__cxa_atexit(libc.sleep, ctypes.c_void_p(1), None)"
    # it stops a tenth of a second after it was told to
    ended = run([f"import ctypes, time\n{slow}", "quit()", "time.sleep(0.3)", "b = 1"])
    assert "killed" in statuses(ended)
    assert ended.run.status == "killed"
