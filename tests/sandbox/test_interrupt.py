"""Ctrl-C and SIGTERM in the host end every process of a run and leave nothing behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from graders.sandbox.watch import descendants

SCRIPT = """
import sys
from pathlib import Path
from nbformat.v4 import new_code_cell, new_notebook
from graders.model import Limits, Runtime
from graders.sandbox import Job, Sandbox, execute

def told(progress):
    print(progress.stage, flush=True)

cells = [new_code_cell("import subprocess, time\\nsubprocess.Popen(['sleep', '500'])\\ntime.sleep(500)")]
job = Job(new_notebook(cells=cells), (), Path(sys.argv[1]), (), Limits(), "cpu", 1, "mini")
try:
    execute(job, Sandbox(sys.argv[2], Runtime()), told)
except KeyboardInterrupt:
    print("interrupted", flush=True)
    raise
"""


def is_running(pid):
    """A zombie whose new parent has not looked yet has ended all the same."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("sandbox", ["bubblewrap", "none"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_nothing_is_left(tmp_path, probe, sandbox, number):
    command = [sys.executable, "-c", SCRIPT, str(probe), sandbox]
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as driver:
        for line in driver.stdout:
            if line == "cell\n":
                break
        time.sleep(1)
        below = descendants(driver.pid)[1:]
        assert len(below) >= 2
        driver.send_signal(number)
        began = time.monotonic()
        rest = driver.stdout.read()
        driver.wait(10)
    assert time.monotonic() - began < 5
    assert "interrupted" in rest or number == signal.SIGTERM
    assert driver.returncode in (-number, 130, 1)
    assert not [pid for pid in below if is_running(pid)]
    assert not list(tmp_path.iterdir())
