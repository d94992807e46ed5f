"""One notebook tries everything; each test looks at one thing that it found."""

import json
import os
import socket
import sys
from pathlib import Path

import pytest
from running import Run, ask

import graders
from graders.sandbox import Mount

LOOK = """
import errno, json, os, pathlib, socket, subprocess, sys
found = {}

def attempt(name, action):
    try:
        found[name] = str(action())[:300] or "nothing"
    except BaseException as error:
        found[name] = type(error).__name__

attempt("loopback", lambda: socket.create_connection(("127.0.0.1", %(port)d), 2))
attempt("dns", lambda: socket.getaddrinfo("example.com", 80))
attempt("toolkit", lambda: __import__("graders.artifacts"))
attempt("toolkit_file", lambda: open("%(toolkit)s/errors.py").read())
attempt("course", lambda: open("%(root)s/course.toml").read())
attempt("other_student", lambda: os.listdir("%(other)s"))
attempt("hidden", lambda: open("%(hidden)s").read())
attempt("root_home", lambda: os.listdir("/root"))
attempt("home", lambda: os.listdir("/home"))
attempt("host_tmp", lambda: os.listdir("/tmp"))
attempt("first_process", lambda: open("/proc/1/cmdline").read())
attempt("first_environment", lambda: open("/proc/1/environ").read())
attempt("uid", os.getuid)
status = open("/proc/self/status").read()
for line in status.splitlines():
    key, _, value = line.partition(":")
    if key.startswith("Cap") or key == "NoNewPrivs":
        found[key] = value.strip()
attempt("processes", lambda: len([p for p in os.listdir("/proc") if p.isdigit()]))
quiet = {"capture_output": True, "text": True}
attempt("new_namespace", lambda: subprocess.run(["unshare", "--user", "true"], **quiet).returncode)
attempt("write_usr", lambda: open("/usr/x", "w"))
attempt("write_root", lambda: open("/x", "w"))
attempt("write_etc", lambda: open("/etc/passwd", "a"))
attempt("write_dev", lambda: open("/dev/x", "w"))
attempt("write_python", lambda: open(sys.prefix + "/x", "w"))
attempt("write_inside", lambda: open("/grade/inside/x", "w"))
attempt("write_inbox", lambda: open("/grade/inbox/x", "w"))
attempt("write_data", lambda: open("data/points.csv", "a"))
attempt("add_data", lambda: os.makedirs("data/mine/raw"))
attempt("read_data", lambda: open("data/points.csv").read())
attempt("write_own", lambda: open("helper.py", "a").write("# mine now"))
attempt("import_own", lambda: __import__("helper").VALUE)
attempt("write_home", lambda: open("new.txt", "w").write("abc"))
attempt("big_file", lambda: open("big.bin").read(3))
found["environment"] = sorted(os.environ)
found["device"] = os.environ["GRADE_DEVICE"] + os.environ["GRADE_SEED"] + os.environ["GRADE_PROFILE"]
attempt("shell", lambda: subprocess.run("echo shell works", shell=True, **quiet).stdout)
import multiprocessing
attempt("shared_memory", lambda: multiprocessing.Array("i", 4)[:])
attempt("memory_of_init", lambda: open("/proc/1/mem", "rb").read(1))
attempt("kill_init", lambda: os.kill(1, 9))
attempt("mount", lambda: subprocess.run(["mount", "-t", "tmpfs", "x", "/tmp"], **quiet).returncode)
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A course with a student, another student, and hidden targets."""
    root = tmp_path_factory.mktemp("course")
    for name in ("mine", "other", "public", "private"):
        (root / name).mkdir()
    (root / "mine" / "helper.py").write_text("VALUE = 42\n")
    (root / "other" / "secret.ipynb").write_text("{}")
    (root / "public" / "points.csv").write_text("1,2\n")
    (root / "private" / "targets.npz").write_text("hidden")
    return root


@pytest.fixture(scope="module")
def found(run: Run, folder: Path):
    with socket.create_server(("127.0.0.1", 0)) as server:
        names = {
            "port": server.getsockname()[1],
            "toolkit": Path(graders.__file__).parent,
            "root": Path(graders.__file__).parent.parent,
            "other": folder / "other",
            "hidden": folder / "private" / "targets.npz",
        }
        os.environ["GRADE_TEST_MARK"] = "hush"
        try:
            mounts = (
                Mount(folder / "mine" / "helper.py", "helper.py", copy=True),
                Mount(folder / "public", "data", open=True),
            )
            ended = run([LOOK % names], (ask("findings"),), mounts, seed=7)
        finally:
            del os.environ["GRADE_TEST_MARK"]
    assert ended.run.status == "completed", ended.run
    return json.loads(ended.steps["findings"].files["findings.json"])


@pytest.mark.parametrize(
    ("what", "refused"),
    [
        ("loopback", ("ConnectionRefusedError",)),
        ("dns", ("gaierror",)),
        ("toolkit", ("ModuleNotFoundError",)),
        ("toolkit_file", ("FileNotFoundError",)),
        ("course", ("FileNotFoundError",)),
        ("other_student", ("FileNotFoundError",)),
        ("hidden", ("FileNotFoundError",)),
        ("write_usr", ("OSError",)),
        ("write_root", ("OSError",)),
        ("write_etc", ("OSError", "PermissionError")),
        ("write_dev", ("OSError", "PermissionError")),
        ("write_python", ("OSError",)),
        ("write_inside", ("OSError",)),
        ("write_inbox", ("OSError",)),
        ("write_data", ("OSError", "PermissionError")),
        ("memory_of_init", ("PermissionError", "OSError")),
        ("first_environment", ("PermissionError", "nothing")),
        ("kill_init", ("PermissionError", "None")),  # process 1 hears no signal from inside
    ],
)
def test_refused(found, what, refused):
    assert found[what] in refused


def test_the_toolkit_is_not_even_a_name(found):
    assert str(Path(graders.__file__).parent) not in found["root_home"] + found["host_tmp"]


def test_the_home_of_the_host_is_not_there(found):
    python = Path(sys.base_prefix)
    allowed = {"FileNotFoundError", "PermissionError"}
    if python.is_relative_to("/root"):
        allowed.add(str([python.relative_to("/root").parts[0]]))
    assert found["root_home"] in allowed
    assert found["home"] == "['student']" or "student" in found["home"]


def test_not_root_and_without_capabilities(found):
    assert found["uid"] != "0"
    for kind in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
        assert int(found[kind], 16) == 0
    assert found["NoNewPrivs"] == "1"


def test_no_new_capabilities_through_a_namespace(found):
    assert found["mount"] != "0"
    assert found["new_namespace"] != "0" or os.geteuid() == 0


def test_only_its_own_processes_are_visible(found):
    assert int(found["processes"]) < 10
    assert "ro-bind" not in found["first_process"]


def test_the_environment_is_built_from_nothing(found):
    assert "GRADE_TEST_MARK" not in found["environment"]
    assert found["device"] == "cpu7mini"


def test_data_is_there_to_read_and_more_can_be_put_beside_it(found):
    assert found["read_data"] == "1,2\n"
    assert found["add_data"] == "None"


def test_own_files_are_copies(found, folder):
    assert found["write_own"] != "OSError"
    assert found["import_own"] == "42"
    assert (folder / "mine" / "helper.py").read_text() == "VALUE = 42\n"


def test_ordinary_things_work(found):
    assert found["shell"] == "shell works\n"
    assert found["shared_memory"] == "[0, 0, 0, 0]"
    assert found["write_home"] == "3"


def test_a_module_with_the_name_of_what_runs_beside_it_does_not_come_between(run, tmp_path):
    (tmp_path / "inside.py").write_text("value = 5\n")
    own = Mount(tmp_path / "inside.py", "inside.py", copy=True)
    ended = run(["import inside"], (ask("own"),), (own,), seed=1)
    assert ended.run.status == "completed"
    assert ended.steps["own"].status == "ok"
