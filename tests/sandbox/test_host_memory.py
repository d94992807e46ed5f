"""What a notebook sends does not fill the memory of the process that grades it."""

import os
import threading
from pathlib import Path

import pytest
from running import ask, statuses

from graders.model import Limits
from graders.sandbox.host import HostMemory, most_growth

MIB = 2**20
MOST_BEYOND = 250
"""MiB that may come in between two looks and until the run is dead, on a busy machine."""
MANY_FRAMES = """
import time, zmq
socket, block = get_ipython().kernel.iopub_thread.socket, bytes(3_900_000)
for _ in range(400):
    socket.send(block, zmq.SNDMORE, copy=False)
socket.send(b'')
time.sleep(20)
"""
UNREAD_CHANNEL = """
import time, zmq
from ipykernel.kernelapp import IPKernelApp
client = get_ipython().kernel.get_parent()['header']['session'].encode()
socket, block = IPKernelApp.instance().control_socket, bytes(3_900_000)
def send():
    try:
        socket.send_multipart([client] + [block] * 20, zmq.NOBLOCK, copy=False)
    except zmq.ZMQError:
        pass
def flood(seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        send()
        time.sleep(0.005)
flood(1)
"""
THROUGH_INTERRUPTS = "try: flood(3)\nexcept KeyboardInterrupt: flood(1)"
RESULTS = """
def plant(folder):
    for name, ending, size in (("long", "json", 17), ("first", "npz", 15), ("second", "npz", 15)):
        open(f"{folder}/{name}.{ending}", "wb").write(bytes(size * 2**20))
"""


def status(name: str) -> int:
    """MiB that a line of this process's status tells."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) // 1024


@pytest.fixture
def growth():
    """Tells by how many MiB this process had grown at its largest since the test began."""
    Path("/proc/self/clear_refs").write_text("5")
    before = status("VmRSS")
    return lambda: status("VmHWM") - before


def test_a_message_of_many_frames_ends_the_run(run, growth):
    ended = run([MANY_FRAMES, "x = 1"], output_mib=1, artifact_mib=8)
    most = most_growth(Limits(output_mib=1, artifact_mib=8))
    assert ended.run.status == "output_limit"
    assert ended.run.message.code == "limit.host_memory.cell"
    assert ended.run.message.params["used"] > most == ended.run.message.params["limit"]
    assert statuses(ended) == ["killed", "not_run"]
    assert growth() < most + MOST_BEYOND


def test_no_channel_is_open_that_nobody_reads(run, growth):
    ended = run([UNREAD_CHANNEL, THROUGH_INTERRUPTS], output_mib=1, artifact_mib=200, cell_seconds=1.5)
    assert statuses(ended) == ["ok", "timed_out"]
    assert growth() < 50


@pytest.mark.parametrize("tier", ["namespaces"], indirect=True, scope="session")
def test_results_of_all_steps_share_one_limit(run):
    asked = (ask("plant"), *(ask(name, "own") for name in ("long", "first", "second")))
    steps = run([RESULTS], asked, artifact_mib=24).steps
    assert steps["long"].message.params == {"name": "long.json", "size": 17.0, "limit": 16.0}
    assert len(steps["first"].files["first.npz"]) == 15 * MIB
    assert steps["second"].message.code == "artifact.too_large_together"
    assert steps["second"].message.params == {"size": 30.0, "limit": 24.0}


def test_growth_is_told_once_and_from_another_thread():
    told, called = threading.Event(), []

    def passed(grown, most):
        called.append((threading.get_ident(), grown, most))
        told.set()

    memory = HostMemory(50, passed)
    block = bytearray(os.urandom(MIB) * 80)
    assert told.wait(5)
    memory.stop()
    [(thread, grown, most)] = called
    assert thread != threading.get_ident()
    assert grown > most == 50
    assert len(block) == 80 * MIB
