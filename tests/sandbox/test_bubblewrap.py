"""The options of bubblewrap, and the way of an ordinary user, which root takes by becoming one."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from nbformat.v4 import new_notebook

from graders.errors import SandboxError
from graders.i18n import sentence
from graders.model import Limits, Runtime
from graders.sandbox import Job, open_sandbox
from graders.sandbox.bubblewrap import arguments, drop_to, isolation, show
from graders.sandbox.opening import remedy
from graders.sandbox.stage import Stage
from graders.sandbox.view import Device, system, view

PYTHON = Path("/usr/bin/python3")
LOOK = """
import json, os, socket, subprocess
found = {"uid": os.getuid(), "home": os.path.exists("/home"), "tmp": os.path.exists("/tmp")}
for line in open("/proc/self/status"):
    key, _, value = line.partition(":")
    if key.startswith("Cap") or key == "NoNewPrivs":
        found[key] = int(value, 16)
found["namespace"] = subprocess.run(["unshare", "--user", "true"], capture_output=True).returncode
found["interfaces"] = [name for _, name in socket.if_nameindex()]
print(json.dumps(found))
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_an_ordinary_user_is_sealed_off_too(tmp_path):
    become = ["setpriv", "--reuid=65531", "--regid=65531", "--clear-groups"]
    seen = show(list(system(PYTHON, "cpu")), None, tmp_path)
    command = [*become, "bwrap", *isolation(None), *seen, "--", str(PYTHON), "-c", LOOK]
    ran = subprocess.run(command, capture_output=True, text=True, env={"PATH": os.defpath}, check=False)
    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout)
    assert found["uid"] == 65531
    assert all(found[f"Cap{kind}"] == 0 for kind in ("Inh", "Prm", "Eff", "Bnd", "Amb"))
    assert found["NoNewPrivs"] == 1
    assert found["namespace"] != 0
    assert found["interfaces"] == ["lo"]
    assert not found["home"]
    assert not found["tmp"]


def options(probe, uid):
    job = Job(new_notebook(), (), probe, (), Limits(), "cpu", 1, "mini")
    with Stage() as stage:
        return arguments(list(view(job, stage, PYTHON, 65001)), stage, {"A": "1"}, uid)


@pytest.mark.parametrize("uid", [None, 65001])
def test_every_namespace_is_unshared_whoever_runs_it(probe, uid):
    found = options(probe, uid)
    for option in ("pid", "net", "ipc", "uts"):
        assert f"--unshare-{option}" in found
    assert {"--die-with-parent", "--new-session", "--clearenv"} <= set(found)
    assert ("--unshare-user" in found) == ("--disable-userns" in found) == (uid is None)


def test_root_becomes_somebody_else():
    assert "--reuid=65001" in drop_to(65001)
    assert "--no-new-privs" in drop_to(65001)
    assert drop_to(None) == []


def test_nothing_of_a_gpu_is_shown_on_the_cpu():
    assert not [entry for entry in system(PYTHON, "cpu") if isinstance(entry, Device)]


def test_a_missing_bubblewrap_is_refused_with_what_to_do(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    with pytest.raises(SandboxError, match=r"apt install bubblewrap.*--sandbox none"):
        open_sandbox("bubblewrap", Runtime()).__enter__()


def test_a_bubblewrap_that_may_not_is_refused_with_what_to_do(monkeypatch, tmp_path):
    fake = tmp_path / "bwrap"
    fake.write_text("#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n")
    fake.chmod(0o755)
    monkeypatch.setattr(shutil, "which", lambda _name: str(fake))
    with pytest.raises(SandboxError, match=r"No permissions.*--sandbox none") as refused:
        open_sandbox("bubblewrap", Runtime()).__enter__()
    assert sentence(remedy(), "en") in str(refused.value)  # where the doctor cuts its reason off


def test_none_is_only_for_those_who_ask():
    with open_sandbox("none", Runtime()) as sandbox:
        assert sandbox.tier == "none"
