"""The arena of both batteries, in the tier that `GRADE_TEST_TIER` names."""

import gc
import hashlib
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import honest
import numpy as np
import pytest
import zmq
from arena import LIMITS, SLUG, Arena
from battery import Case, Marks

from graders import data
from graders.errors import SandboxError
from graders.grading import prepare
from graders.sandbox import Sandbox, open_sandbox
from graders.spec import limits_for, read_course, secret_of

ROOT = Path(__file__).parent.parent.parent
TIER = os.environ.get("GRADE_TEST_TIER", "auto")
HIDDEN, VALIDATION = 500, 300
"""Pictures that the batteries measure on: few, since what is measured is known."""


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """The sandbox of the whole session."""
    course, _ = read_course(ROOT)
    assert course is not None
    try:
        with open_sandbox(TIER, course.runtime, warm=True) as opened:
            yield opened
    except SandboxError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def arena(sandbox: Sandbox, data_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Arena]:
    """A course with a canary beside it, and everything that hostile cells need to know of it."""
    course, problems = read_course(ROOT)
    assert course is not None, problems
    assignment = course.assignment(SLUG)
    assert assignment is not None
    setting = prepare(
        course,
        assignment,
        profile="mini",
        limits=limits_for(course, assignment, LIMITS),
        device="cpu",
        sandbox=sandbox,
        secret=secret_of(course),
    )
    hidden, validation = setting.hidden.first(HIDDEN), setting.validation.first(VALIDATION)
    setting = replace(setting, splits={assignment.dataset: data.Splits(hidden, validation)})
    host = Path(tempfile.mkdtemp(prefix="hostile-"))
    session = tmp_path_factory.mktemp("hostile")
    (session / "tmp").mkdir()
    start_threads()
    number, canary = str(secrets.randbelow(10**9)), f"canary{secrets.token_hex(8)}"
    (host / "other").mkdir()
    (host / "other" / "answer.txt").write_text(canary)
    bystander = subprocess.Popen(["sleep", f"86400.{number}"], env={"CANARY": canary})
    fillings = {
        "TOKEN": f"token{secrets.token_hex(6)}",
        "NUMBER": number,
        "CANARY": canary,
        "HOST": str(host),
        "PLACES": f"{host.parent}/hostile-*/**/answer.txt",
        "ROOT": str(ROOT),
        **memorised(hidden),
    }
    with (
        socket.create_server(("127.0.0.1", 0)) as tcp,
        listener(f"\0{fillings['TOKEN']}"),
        listener(f"{host}/listener") as unix,
    ):
        fillings["PORT"] = str(tcp.getsockname()[1])
        yield Arena(setting, honest.cells(setting.data_folder), fillings, session, unix)
    gc.unfreeze()  # `look` froze it; at the end of the process all of it must go
    bystander.kill()
    bystander.wait()
    shutil.rmtree(host)


def start_threads() -> None:
    """Start the thread that pyzmq keeps for as long as the process lives, once a message is over 64 KiB."""
    with zmq.Context() as context, context.socket(zmq.PAIR) as one, context.socket(zmq.PAIR) as other:
        one.bind("inproc://once")
        other.connect("inproc://once")
        one.send(bytes(2**20), copy=False)
        other.recv()


def listener(address: str) -> socket.socket:
    """A Unix socket of the host that nothing in a sandbox may reach."""
    made = socket.socket(socket.AF_UNIX)
    made.bind(address)
    made.listen(16)
    made.setblocking(False)
    return made


def memorised(hidden: data.Hidden) -> dict[str, str]:
    """What a student who has the secret could write into a notebook."""
    keys = [
        int.from_bytes(hashlib.sha256(image.tobytes()).digest()[:8], "little", signed=True)
        for image in hidden.inputs["images"]
    ]
    return {
        "HASHES": honest.text_of(np.array(keys, dtype="i8")),
        "LABELS": honest.text_of(hidden.targets["labels"].astype("u1")),
        "PICTURES": honest.text_of(np.round(hidden.inputs["images"] * 255).astype("u1")),
    }


@pytest.fixture(scope="session")
def fair(arena: Arena) -> dict[str, Marks]:
    """Points of each honest part, graded once."""
    return {name: arena.grade(Case(f"honest_{name}", "benign", honest=name)).marks for name in arena.honest}
