"""Kernels forked from a warm zygote: each trap of a fork, and what the namespaces tier adds."""

import os
import signal
import socket
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_notebook
from running import ask, printed, statuses

from graders.model import Limits, Runtime
from graders.sandbox import Job, Mount, Sandbox, execute, open_sandbox
from graders.sandbox.watch import descendants
from graders.sandbox.zygotes import expect_several, open_zygote


@pytest.fixture(scope="module")
def fork(probe, zygote):
    """Runs cells in a forked kernel."""

    def run_cells(*cells, steps=(), mounts=(), seed=7, runtime=None, kernel=None, asked=zygote, **limits):
        notebook = new_notebook(cells=[new_code_cell(cell) for cell in cells])
        if kernel is not None:
            notebook.metadata["kernelspec"] = {"name": kernel}
        job = Job(notebook, mounts, probe, steps, Limits(**limits), "cpu", seed, "mini")
        return execute(job, Sandbox("namespaces", runtime or Runtime(), asked), lambda _progress: None)

    return run_cells


@pytest.fixture(scope="module")
def looked(fork):
    """What one run sees of itself."""
    cells = (
        "import os, socket, torch\nprint(sorted(os.environ))",
        "print(open('/proc/self/environ').read())",
        "print(torch.get_num_threads(), (torch.ones(600, 600) @ torch.ones(600, 600)).sum().item())",
        "!echo from a shell",
        "server = socket.create_server(('127.0.0.1', 0))",
        "print(socket.create_connection(server.getsockname()).getpeername()[0], socket.if_nameindex())",
        "first = open('/proc/1/status').read().split()\n"
        "print([first[first.index(f'Cap{kind}:') + 1] for kind in ('Eff', 'Bnd')])",
        "print(first[first.index('Seccomp:') + 1], os.stat('/proc/self').st_uid == os.getuid())",
        "os.write(1, b'x' * 300_000); os.write(2, b'y' * 300_000); print('not blocked')",
        "import sys; print([name for name in sys.modules if 'zygote' in name], sys.path[0] == '')",
    )
    ran = fork(*cells)
    assert statuses(ran) == ["ok"] * len(cells), ran.run
    return ran


def test_the_report_can_say_that_the_kernel_was_warm(looked):
    assert (looked.run.sandbox, looked.run.kernel) == ("namespaces", "warm")


def test_before_a_class_more_is_loaded(fork):
    with open_zygote(Path(sys.executable), 2, warm=True) as asked:
        expect_several(asked)
        ran = fork("import sys\nprint('matplotlib.pyplot' in sys.modules)", asked=asked)
    assert printed(ran, 1) == "True\n"
    assert ran.run.kernel == "warm"


def test_the_environment_of_the_host_is_nowhere(looked, monkeypatch):
    assert "PYTEST_CURRENT_TEST" in os.environ
    assert "PYTEST" not in printed(looked, 1) + printed(looked, 2)


def test_arithmetic_in_threads_does_not_hang_after_the_fork(looked):
    assert printed(looked, 3) == "2 216000000.0\n"


def test_a_shell_gets_a_terminal(looked):
    assert "from a shell" in printed(looked, 4)


def test_the_loopback_is_up_and_alone(looked):
    assert printed(looked, 6) == "127.0.0.1 [(1, 'lo')]\n"


def test_the_first_process_keeps_no_rights(looked):
    assert printed(looked, 7) == "['0000000000000000', '0000000000000000']\n"
    assert printed(looked, 8) == "2 True\n"


def test_output_past_python_blocks_nothing(looked):
    assert "not blocked" in printed(looked, 9)


def test_the_zygote_leaves_no_module_behind(looked):
    assert printed(looked, 10) == "[] True\n"


def test_every_run_is_seeded_anew(fork):
    cells = (
        "import random, numpy, torch\nprint(random.random(), numpy.random.rand(), torch.rand(1).item())",
        "print(hash('a word'))",
    )
    first, again, other = (fork(*cells, seed=seed) for seed in (3, 3, 4))
    assert printed(first, 1) == printed(again, 1) != printed(other, 1)
    assert printed(first, 2) == printed(again, 2)


def test_nothing_survives_a_run(fork):
    before = set(descendants(os.getpid()))
    orphan = (
        "import subprocess\nfor _ in range(5): subprocess.Popen(['sleep', '500'], start_new_session=True)"
    )
    ran = fork(orphan)
    assert ran.run.status == "completed"
    assert set(descendants(os.getpid())) == before
    assert "grade-" not in Path("/proc/self/mountinfo").read_text()


def test_sockets_that_are_replaced_change_nothing(fork):
    replace = """
import os
for name in os.listdir('/grade/sockets'):
    os.unlink('/grade/sockets/' + name)
    os.symlink('/run/docker.sock', '/grade/sockets/' + name)
"""
    ran = fork(replace, "print('still here')", steps=(ask("own"),))
    assert printed(ran, 2) == "still here\n"
    assert ran.steps["own"].status == "ok"


@pytest.mark.parametrize("folder", ["/grade/sockets", "/grade/outbox", "/tmp", "/dev/shm", "."])  # noqa: S108 - the sandbox's own
def test_every_writable_folder_is_small(fork, folder):
    filler = f"with open('{folder}/big', 'wb') as f:\n    for _ in range(40): f.write(b'x' * 2**20)"
    ran = fork(filler, disk_mib=16)
    assert ran.run.status == "disk_limit"
    assert ran.run.cells[0].error.type == "OSError"


def test_files_are_counted_too(fork):
    ran = fork("for number in range(30_000): open(f'/grade/outbox/{number}', 'w').close()")
    assert ran.run.status == "disk_limit"


def test_a_file_that_hides_an_installed_module_gets_a_cold_kernel(fork, tmp_path):
    (tmp_path / "colorsys.py").write_text("OWN = 'mine'\n")
    mounts = (Mount(tmp_path / "colorsys.py", "colorsys.py", copy=True),)
    ran = fork("import colorsys\nprint(colorsys.OWN)", mounts=mounts)
    assert printed(ran, 1) == "mine\n"
    assert ran.run.kernel == "cold"
    assert ran.run.kernel_note.params == {"module": "colorsys"}


def test_an_ordinary_own_module_does_not(fork, tmp_path):
    (tmp_path / "my_helper.py").write_text("OWN = 'mine'\n")
    mounts = (Mount(tmp_path / "my_helper.py", "my_helper.py", copy=True),)
    ran = fork("import my_helper\nprint(my_helper.OWN)", mounts=mounts)
    assert (printed(ran, 1), ran.run.kernel) == ("mine\n", "warm")


def test_a_notebook_can_ask_for_another_interpreter(fork):
    runtime = Runtime(kernels={"special": Path(sys.executable)})
    ran = fork("print(6 * 7)", runtime=runtime, kernel="special")
    assert printed(ran, 1) == "42\n"
    assert (ran.run.kernel, ran.run.kernel_note.code) == ("cold", "kernel.asked")


def test_an_unknown_kernel_name_is_the_usual_one(fork):
    assert fork("1", kernel="conda-env-dl-py").run.kernel == "warm"


def test_a_dead_zygote_is_no_fault_of_the_notebook_and_the_next_one_starts_cold(fork):
    with own_zygote() as (doomed, pid):
        kill = f"print('before')\nimport time; time.sleep(30)  # the zygote is {pid}"
        signalled = time.monotonic()

        def killing(progress):
            if progress.stage == "cell":
                os.kill(pid, signal.SIGKILL)

        notebook = new_notebook(cells=[new_code_cell(kill)])
        ran = execute(
            Job(notebook, (), Path(__file__), (), Limits(), "cpu", 1, "mini"),
            Sandbox("namespaces", Runtime(), doomed),
            killing,
        )
        assert ran.run.status == "infrastructure"
        assert ran.run.message.code == "run.lost"
        assert time.monotonic() - signalled < 25
        after = fork("print('cold')", asked=doomed)
    assert (printed(after, 1), after.run.kernel) == ("cold\n", "cold")


def test_a_fault_of_the_machine_counts_more_than_an_earlier_limit():
    with own_zygote() as (doomed, pid):

        def killing(progress):
            if (progress.stage, progress.name) == ("cell", "2"):
                os.kill(pid, signal.SIGKILL)

        cells = [new_code_cell("while True: pass"), new_code_cell(f"import time; time.sleep(30)  # {pid}")]
        ran = execute(
            Job(new_notebook(cells=cells), (), Path(__file__), (), Limits(cell_seconds=1), "cpu", 1, "mini"),
            Sandbox("namespaces", Runtime(), doomed),
            killing,
        )
    assert ran.run.cells[0].status == "timed_out"
    assert ran.run.status == "infrastructure"


@contextmanager
def own_zygote():
    """A zygote that a test may kill, and its process id."""
    before = descendants(os.getpid())
    with open_zygote(Path(sys.executable), 1, warm=False) as opened:
        (pid,) = [
            pid for pid in descendants(os.getpid()) if pid not in before and "zygote.serve" in command(pid)
        ]
        yield opened, pid


def command(pid):
    return Path(f"/proc/{pid}/cmdline").read_text(errors="replace")


def test_the_end_of_the_hosts_socket_ends_the_zygote():
    with own_zygote() as (zygote, pid):
        zygote.shutdown(socket.SHUT_RDWR)
        deadline = time.monotonic() + 10
        while Path(f"/proc/{pid}").exists() and command(pid):
            assert time.monotonic() < deadline
            time.sleep(0.02)


def test_auto_takes_the_strongest_tier_that_works():
    with open_sandbox("auto", Runtime()) as sandbox:
        assert sandbox.tier == "namespaces"
        assert sandbox.zygote is None  # one notebook pays for no zygote
