"""Control groups of version 1 for real where this machine has them.

Version 2 was never tried on a real hierarchy: the developers' machine mounts one without controllers, so a
tree of ordinary files stands for it here. It shows names, formats and choices, not what a kernel does with
them.
"""

import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytest.importorskip("pyseccomp", exc_type=ImportError)

from forked import become_ordinary, in_child

from graders.commands.early import early_zygote
from graders.model import Runtime
from graders.sandbox import hierarchy, open_sandbox
from graders.sandbox.cgroup import Cgroup, find, open_group, sweep
from graders.sandbox.hierarchy import HOST, Hierarchy
from graders.sandbox.process import Sealed
from graders.sandbox.watch import descendants

HERE = find() if sys.platform == "linux" else None
real = pytest.mark.skipif(HERE is None, reason="no groups can be made here")
MIB = 2**20
MEMORY = Path("/dev/shm")  # noqa: S108 - a file system in memory is what is tried


@pytest.fixture
def here():
    assert HERE is not None
    yield HERE
    left = [child for folder in HERE.folders.values() for child in folder.glob(f"grade-{os.getpid()}-*")]
    assert left == [], "a group was left behind"


def hog(group, mib):
    """A child in the group that fills memory."""
    return in_child(lambda: len(bytearray(os.urandom(1) * (mib * MIB))), lambda: group.add(os.getpid()))


@real
def test_too_much_memory_is_killed_and_told(here):
    with open_group(here, memory_mib=64, processes=50) as group:
        assert group.oom_kills() == 0
        assert hog(group, 200) == "SIGKILL"
        assert group.oom_kills() == 1
        assert group.was_full()


@real
def test_enough_memory_is_given_and_its_peak_is_told(here):
    with open_group(here, memory_mib=300, processes=50) as group:
        assert hog(group, 100) == 100 * MIB
        assert group.oom_kills() == 0
        assert not group.was_full()
        assert 100 * MIB <= group.peak_bytes() < 300 * MIB


@real
def test_files_in_memory_count(here):
    def fill():
        path = MEMORY / f"grade-test-{os.getppid()}"
        with path.open("wb") as file:
            path.unlink()
            for _ in range(200):
                file.write(os.urandom(1) * MIB)
                file.flush()
        return "written"

    with open_group(here, memory_mib=64, processes=50) as group:
        assert in_child(fill, lambda: group.add(os.getpid())) == "SIGKILL"
        assert group.oom_kills() == 1
    assert in_child(fill) == "written"


@real
def test_processes_are_limited(here):
    def fork_many():
        made = 0
        try:
            for _ in range(30):
                if os.fork() == 0:
                    os.closerange(3, 100)  # `in_child` waits for the end of a pipe
                    time.sleep(20)
                    os._exit(0)
                made += 1
        except BlockingIOError:
            pass
        return made

    with open_group(here, memory_mib=200, processes=10) as group:
        assert in_child(fork_many, lambda: group.add(os.getpid())) == 9


@real
def test_kill_ends_everything_even_a_fork_bomb(here):
    with open_group(here, memory_mib=200, processes=50) as group:
        bomb = subprocess.Popen(
            ["sh", "-c", "f() { f & f & }; f; sleep 60"],
            preexec_fn=lambda: group.add(os.getpid()),  # noqa: PLW1509 - this process has no other threads
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        time.sleep(0.3)
        assert group._pids()
        group.kill()
        assert group._pids() == set()
        assert bomb.wait(5) in (
            -signal.SIGKILL,
            128 + signal.SIGKILL,
        )  # or its child ended first


@real
def test_a_group_is_removed_even_after_an_error(here):
    with pytest.raises(ZeroDivisionError), open_group(here, memory_mib=64, processes=50) as group:
        folders = [Path(file).parent for file in group.files]
        assert all(folder.is_dir() for folder in folders)
        raise ZeroDivisionError
    assert not any(folder.exists() for folder in folders)


@real
def test_removing_twice_does_nothing(here):
    with open_group(here, memory_mib=64, processes=50) as group:
        group.remove()


@real
def test_a_group_that_cannot_be_made_leaves_nothing(here):
    with pytest.raises(OSError):
        open_group(here, memory_mib=-5, processes=-5)


@real
def test_groups_of_a_dead_command_are_swept_and_those_of_living_ones_are_not(here):
    def forgotten():
        group = open_group(HERE, memory_mib=64, processes=50)
        with subprocess.Popen(["sleep", "60"], start_new_session=True) as sleeper:
            group.add(sleeper.pid)
            os.write(writing, f"{sleeper.pid} {' '.join(group.files)}".encode())
            os.kill(os.getpid(), signal.SIGKILL)

    reading, writing = os.pipe()
    with open_group(here, memory_mib=64, processes=50) as living:
        assert in_child(forgotten) == "SIGKILL"
        sleeper, *files = os.read(reading, 4096).decode().split()
        assert all(Path(file).exists() for file in files)
        assert {Path(file).parent.name for file in files} <= set(sweep(here))
        assert not any(Path(file).exists() for file in files)
        status = Path(f"/proc/{sleeper}/status")
        assert not status.exists() or "zombie" in status.read_text()
        assert all(Path(file).exists() for file in living.files)
    os.close(reading)
    os.close(writing)


@real
def test_a_group_that_cannot_be_removed_costs_no_command(here, monkeypatch):
    monkeypatch.setattr("graders.sandbox.cgroup.END_SECONDS", 0.05)
    folder = here.folders["memory"]
    dead = in_child(os.getpid)
    stuck, empty = folder / f"grade-{dead}-1", folder / f"grade-{dead}-2"
    (stuck / "below").mkdir(parents=True)
    empty.mkdir()
    try:
        found = sweep(here)
        assert stuck.is_dir()
        assert not empty.exists()
        assert (stuck.name in found, empty.name in found) == (False, True)
    finally:
        (stuck / "below").rmdir()
        stuck.rmdir()


@real
def test_a_worker_makes_groups_where_its_parent_found_them(here):
    assert pickle.loads(pickle.dumps(here)) == here  # noqa: S301 - our own bytes
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.apply(_made_and_removed, (here,))


def _made_and_removed(hierarchy):
    with open_group(hierarchy, 64, 50) as group:
        return all(Path(file).exists() for file in group.files)


@real
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become someone else")
def test_an_ordinary_user_without_delegation_makes_no_groups():
    assert in_child(lambda: find() is None, become_ordinary) is True


@pytest.mark.skipif(sys.platform != "linux", reason="control groups are Linux's")
@pytest.mark.parametrize(
    "begin",
    [
        lambda: early_zygote([Path(__file__)], "auto"),
        lambda: early_zygote([], "none"),  # what starts no zygote may start workers
        lambda: open_sandbox("auto", Runtime()),
    ],
)
def test_a_place_is_looked_for_once_and_before_the_first_child(begin):
    def processes_at_each_look():
        seen = []
        hierarchy.find = lambda: seen.append(len(descendants(os.getpid())))  # this child's alone
        hierarchy.find_once.cache_clear()
        with begin(), open_sandbox("none", Runtime()):
            return seen

    assert in_child(processes_at_each_look) == [1]


FORKING = """
import os, signal
signal.signal(signal.SIGUSR1, lambda *_: os.fork())
print("ready", flush=True)
while True:
    signal.pause()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="control groups are Linux's")
def test_what_is_started_while_a_run_is_moved_is_moved_too():
    class Slow:
        """A group that takes its time, so that the process which it takes forks meanwhile."""

        def __init__(self):
            self.pids = set()

        def add(self, pid):
            if not self.pids:
                os.kill(pid, signal.SIGUSR1)
                until(lambda: len(started.pids()) > 1)
            self.pids.add(pid)

    started = Sealed(lambda _: [sys.executable, "-c", FORKING], None, b"", {}, "/")
    try:
        until(lambda: started.tail == "ready")
        group = Slow()
        started.join(group)
        assert group.pids == set(started.pids())
        assert len(group.pids) == 2
    finally:
        started.close()


def until(happened):
    deadline = time.monotonic() + 10
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.fixture
def tree(tmp_path):
    """Writes a made-up `/proc/self` and a tree of groups, and looks for a place in it."""

    def look(groups, mounts, files):
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text)
        (tmp_path / "cgroup").write_text(groups)
        lines = [f"31 23 0:28 {root} {tmp_path}/{point} rw - {kind}\n" for root, point, kind in mounts]
        (tmp_path / "mountinfo").write_text("".join(lines))
        return find(tmp_path)

    return look


ALL = "cpuset cpu io memory pids\n"
UNIFIED = [("/", "fs", "cgroup2 cgroup rw")]


def group(path, procs="", offered=ALL, handed_on=""):
    """Files of a group of version 2."""
    return {
        f"{path}/cgroup.procs": procs,
        f"{path}/cgroup.controllers": offered,
        f"{path}/cgroup.subtree_control": handed_on,
    }


def test_version_2_takes_the_nearest_group_that_hands_controllers_on(tree, tmp_path):
    files = group("fs", handed_on=ALL) | group("fs/a", handed_on="memory pids") | group("fs/a/b", "1\n2\n")
    found = tree("0::/a/b\n", UNIFIED, files)
    assert found == Hierarchy(2, {"memory": tmp_path / "fs/a", "pids": tmp_path / "fs/a"})


def test_version_2_makes_a_group_ready_that_this_process_has_to_itself(tree, tmp_path):
    (tmp_path / "fs/a" / HOST).mkdir(parents=True)
    files = group("fs") | group("fs/a", f"{os.getpid()}\n") | group(f"fs/a/{HOST}")
    found = tree("0::/a\n", UNIFIED, files)
    assert found is not None
    assert (tmp_path / "fs/a" / HOST / "cgroup.procs").read_text() == str(os.getpid())
    assert (tmp_path / "fs/a/cgroup.subtree_control").read_text() == "+memory +pids +cpu"


def test_version_2_leaves_a_group_alone_that_others_are_in(tree, tmp_path):
    assert tree("0::/a\n", UNIFIED, group("fs") | group("fs/a", f"{os.getpid()}\n77\n")) is None
    assert not (tmp_path / "fs/a" / HOST).exists()


def test_version_2_below_the_group_that_a_container_sees(tree, tmp_path):
    files = group("fs", handed_on=ALL)
    found = tree("0::/docker/x\n", [("/docker/x", "fs", "cgroup2 cgroup rw")], files)
    assert found is not None
    assert found.folders["memory"] == tmp_path / "fs"


def test_version_1_beside_a_version_2_without_controllers(tree, tmp_path):
    files = {"memory/a/cgroup.procs": "", "cpu/cgroup.procs": "", **group("fs", offered="hugetlb\n")}
    mounts = [
        *UNIFIED,
        ("/", "memory", "cgroup cgroup rw,memory"),
        ("/", "cpu", "cgroup cgroup rw,cpu,cpuacct"),
    ]
    found = tree("4:memory:/a\n1:cpu,cpuacct:/\n0::/\n", mounts, files)
    assert found == Hierarchy(1, {"memory": tmp_path / "memory/a", "cpu": tmp_path / "cpu"})


@pytest.mark.parametrize("groups", ["", "0::/\n", "4:memory:/gone\n"])
def test_nothing_to_find(tree, groups):
    assert tree(groups, [("/", "memory", "cgroup cgroup rw,memory")], {}) is None


def test_no_proc_is_no_hierarchy(tmp_path):
    assert find(tmp_path / "missing") is None


def test_version_2_figures_are_read(tmp_path):
    made = Cgroup({"memory": tmp_path})
    assert (made.peak_bytes(), made.oom_kills()) == (0, 0)
    (tmp_path / "memory.peak").write_text("4096\n")
    (tmp_path / "memory.events").write_text("low 0\nhigh 0\nmax 3\noom 0\noom_kill 1\noom_group_kill 0\n")
    assert not made.was_full(), "it was the machine that ran out of memory"
    (tmp_path / "memory.events").write_text("low 0\nhigh 0\nmax 3\noom 2\noom_kill 1\noom_group_kill 0\n")
    assert made.was_full()
    assert (made.peak_bytes(), made.oom_kills()) == (4096, 1)


def test_version_2_limits_are_written(tmp_path, monkeypatch):
    made_by_the_kernel = ("memory.max", "memory.swap.max", "pids.max", "cgroup.procs")
    make = Path.mkdir

    def mkdir(path, *arguments, **named):
        make(path, *arguments, **named)
        for name in made_by_the_kernel:
            (path / name).write_text("")

    monkeypatch.setattr(Path, "mkdir", mkdir)
    made = open_group(Hierarchy(2, dict.fromkeys(("memory", "pids", "cpu"), tmp_path)), 64, 50)
    assert len(made.files) == 1
    folder = Path(made.files[0]).parent
    written = [(folder / name).read_text() for name in made_by_the_kernel]
    assert written == [str(64 * MIB), "0", "50", ""]
