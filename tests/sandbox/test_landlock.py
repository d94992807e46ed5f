"""Landlock: each thing is tried in a child that is restricted, and in one that is not."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

pytest.importorskip("pyseccomp", exc_type=ImportError)

from forked import become_ordinary, in_child

from graders.sandbox.seccomp import program
from graders.sandbox.zygote import confine
from graders.sandbox.zygote.confine import LEAST_ABI, landlock_abi, load_seccomp, restrict

ABI = landlock_abi()
pytestmark = pytest.mark.skipif(ABI < LEAST_ABI, reason="this system has no Landlock, or an old one")

READABLE = ["/usr", "/lib", "/lib64", "/bin", "/etc", "/proc", "/no/such/folder"]
DEVICES = ["/dev/null", "/dev/zero", "/dev/urandom", "/dev/shm"]  # noqa: S108 - Python's semaphores


@pytest.fixture
def places():
    """Folders that every user may reach: `shown`, read-only; `own`, to write; `hidden`."""
    root = Path(tempfile.mkdtemp(prefix="grade-test-"))
    root.chmod(0o755)
    for name in ("shown", "own", "hidden"):
        (root / name).mkdir()
        (root / name).chmod(0o777)
        (root / name / "file").write_text(name)
        (root / name / "file").chmod(0o666)
        (root / name / "run").write_text("#!/bin/sh\nexit 7\n")
        (root / name / "run").chmod(0o755)
    yield root
    shutil.rmtree(root)


@pytest.fixture(params=["root", "ordinary user"])
def who(request):
    """Steps that make the child who it is."""
    if request.param == "root" and os.geteuid() != 0:
        pytest.skip("this is an ordinary user")
    return () if request.param == "root" else (become_ordinary,)


def fence(places):
    return lambda: restrict([*READABLE, str(places / "shown")], [*DEVICES, str(places / "own")])


def read(path):
    return lambda: Path(path).read_text()


def outcomes(places, name):
    """What each way to touch a folder comes to."""
    folder = places / name
    ways = {
        "list": lambda: list(folder.iterdir()),
        "read": read(folder / "file"),
        "write": lambda: (folder / "file").write_text("x"),
        "empty": lambda: os.truncate(folder / "file", 0),
        "make": lambda: (folder / "new").write_text("x"),
        "make folder": (folder / "newer").mkdir,
        "link": lambda: (folder / "link").symlink_to("file"),
        "rename": lambda: (folder / "file").rename(folder / "renamed"),
        "remove": (folder / "run").unlink,
    }
    found = {}
    for way, attempt in ways.items():
        try:
            attempt()
            found[way] = "ok"
        except PermissionError:
            found[way] = "refused"
    return found


def test_a_hidden_folder_is_out_of_reach(places, who):
    found = in_child(lambda: outcomes(places, "hidden"), *who, fence(places))
    assert set(found.values()) == {"refused"}
    assert set(in_child(lambda: outcomes(places, "hidden"), *who).values()) == {"ok"}


def test_a_read_only_folder_is_only_read(places, who):
    found = in_child(lambda: outcomes(places, "shown"), *who, fence(places))
    assert {way for way, came in found.items() if came == "ok"} == {"list", "read"}
    assert set(in_child(lambda: outcomes(places, "shown"), *who).values()) == {"ok"}


def test_the_own_folder_is_free(places, who):
    assert set(in_child(lambda: outcomes(places, "own"), *who, fence(places)).values()) == {"ok"}


def test_programs_run_from_shown_and_own_folders_only(places, who):
    def run(name):
        return lambda: subprocess.call([str(places / name / "run")])

    assert in_child(run("own"), *who, fence(places)) == 7
    assert in_child(run("shown"), *who, fence(places)) == 7
    assert in_child(run("hidden"), *who, fence(places)) == "EACCES"
    assert in_child(run("hidden"), *who) == 7


def test_a_hidden_file_is_not_moved_into_the_open(places, who):
    def move():
        os.link(places / "hidden" / "file", places / "own" / "stolen")
        return (places / "own" / "stolen").read_text()

    assert in_child(move, fence(places)) in {"EACCES", "EXDEV"}
    assert in_child(move) == "hidden"


def test_there_is_no_way_around_through_links_or_proc(places, who):
    def around():
        (places / "own" / "link").symlink_to(places / "hidden" / "file")
        ways = [
            places / "own" / "link",
            f"/proc/self/root{places}/hidden/file",
            places / "own/../hidden/file",
        ]
        found = []
        for way in ways:
            try:
                found.append(Path(way).read_text())
            except PermissionError:
                found.append("refused")
        return found

    assert in_child(around, *who, fence(places)) == ["refused"] * 3
    (places / "own" / "link").unlink()
    assert in_child(around, *who) == ["hidden"] * 3


def test_children_are_restricted_too(places, who):
    def child():
        return subprocess.call(["cat", str(places / "hidden" / "file")], stderr=subprocess.DEVNULL)

    assert in_child(child, *who, fence(places)) == 1
    assert in_child(child, *who) == 0


def test_it_cannot_be_undone(places, who):
    steps = (*who, fence(places), lambda: restrict(["/"], ["/"]))
    assert in_child(read(places / "hidden" / "file"), *steps) == "EACCES"


def test_devices_work(places, who):
    def use():
        Path("/dev/null").write_text("x")
        return len(os.read(os.open("/dev/urandom", os.O_RDONLY), 4))

    assert in_child(use, *who, fence(places)) == 4


def test_the_environment_of_other_processes_stays_hidden(places):
    with _sleeper() as other:
        try:
            environment = read(f"/proc/{other.pid}/environ")
            assert in_child(environment, become_ordinary, fence(places)) in {"EACCES", "EPERM"}
            assert "PATH=" in in_child(environment, become_ordinary)
        finally:
            other.kill()


def _sleeper():
    """A process of the ordinary user."""
    started = subprocess.Popen(["sleep", "60"], preexec_fn=become_ordinary)  # noqa: PLW1509 - no threads here
    time.sleep(0.05)
    return started


@pytest.mark.skipif(ABI < 6, reason="signals are from version 6 on")
def test_no_signal_to_a_process_outside(places, who):
    with subprocess.Popen(["sleep", "60"]) if not who else _sleeper() as other:
        try:
            assert in_child(lambda: os.kill(other.pid, signal.SIGTERM), *who, fence(places)) == "EPERM"
            assert in_child(lambda: os.kill(other.pid, 0), *who) is None
        finally:
            other.kill()


def test_signals_to_own_children_work(places, who):
    def end():
        with subprocess.Popen(["sleep", "60"]) as other:
            other.terminate()
        return other.returncode

    assert in_child(end, *who, fence(places)) == -signal.SIGTERM


@pytest.mark.skipif(ABI < 6, reason="abstract sockets are from version 6 on")
def test_no_abstract_socket_of_a_process_outside(places, who):
    name = f"\0grade-test-{os.getpid()}"

    def connect():
        with socket.socket(socket.AF_UNIX) as near:
            near.connect(name)
        return "ok"

    with socket.socket(socket.AF_UNIX) as server:
        server.bind(name)
        server.listen()
        assert in_child(connect, *who, fence(places)) == "EPERM"
        assert in_child(connect, *who) == "ok"


@pytest.mark.skipif(ABI < 4, reason="TCP is from version 4 on")
def test_no_tcp(places, who):
    with socket.create_server(("127.0.0.1", 0)) as server:

        def connect():
            with socket.socket() as near:
                near.connect(server.getsockname())
            return "ok"

        def bind():
            with socket.socket() as near:
                near.bind(("127.0.0.1", 0))
            return "ok"

        for attempt in (connect, bind):
            assert in_child(attempt, *who, fence(places)) == "EACCES"
            assert in_child(attempt, *who) == "ok"


def test_a_socket_with_a_path_is_not_held_back(places, who):
    """What `confine` says it cannot do; when this fails, the text and the tier can say more."""
    path = str(places / "hidden" / "socket")

    def connect():
        with socket.socket(socket.AF_UNIX) as near:
            near.connect(path)
        return "ok"

    with socket.socket(socket.AF_UNIX) as server:
        server.bind(path)
        Path(path).chmod(0o777)
        server.listen()
        assert in_child(connect, *who, fence(places)) == "ok"


def test_rights_of_files_outside_are_kept_by_the_filter(places):
    shared = program("cpu", network=False, metadata=False)

    def change():
        (places / "hidden" / "file").chmod(0)
        return oct((places / "hidden" / "file").stat().st_mode)[-3:]

    assert in_child(change, fence(places), lambda: load_seccomp(shared)) == "666"
    assert in_child(change, fence(places)) == "000"


@pytest.mark.parametrize("abi", range(LEAST_ABI, ABI + 1))
def test_older_versions_still_hide_files(places, abi, monkeypatch):
    monkeypatch.setattr(confine, "landlock_abi", lambda: abi)
    assert set(in_child(lambda: outcomes(places, "hidden"), fence(places)).values()) == {"refused"}


@pytest.mark.parametrize("abi", [0, LEAST_ABI - 1])
def test_too_old_a_version_is_refused(places, abi, monkeypatch):
    monkeypatch.setattr(confine, "landlock_abi", lambda: abi)
    assert in_child(lambda: "restricted", fence(places)) in {"EOPNOTSUPP", "ENOTSUP"}


def test_it_runs_in_an_old_interpreter():
    import ast  # noqa: PLC0415 - beside its use

    ast.parse(Path(confine.__file__).read_text(), feature_version=(3, 8))


@pytest.mark.slow
def test_training_with_workers_works(places):
    shared = program("cpu", network=False, metadata=False)
    script = places / "own" / "train.py"
    script.write_text(
        "import torch\n"
        "from torch.utils.data import DataLoader, TensorDataset\n"
        "if __name__ == '__main__':\n"
        "    model = torch.nn.Linear(8, 2); optimiser = torch.optim.Adam(model.parameters())\n"
        "    for (rows,) in DataLoader(TensorDataset(torch.randn(64, 8)), batch_size=16, num_workers=2):\n"
        "        model(rows).sum().backward(); optimiser.step()\n"
    )

    def confined():
        prefixes = [sys.base_prefix, sys.prefix]
        restrict([*READABLE, *prefixes, "/sys/devices/system"], [*DEVICES, str(places / "own")])
        load_seccomp(shared)

    ended = subprocess.run(
        [sys.executable, "-W", "error", script],
        preexec_fn=confined,
        env={"TMPDIR": str(places / "own"), "HOME": str(places / "own"), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
