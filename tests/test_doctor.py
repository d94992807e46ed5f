"""`grade doctor`: its detectors fire, the tiers hold what they claim, and what it says is right.

One examination as root and one as an ordinary user are made at the same time, and most tests look at them.
"""

import json
import os
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest

pytest.importorskip("pyseccomp", exc_type=ImportError)

from rich.console import Console

from graders.doctor import Checkup, Finding, TierReport, around, examine, exit_code, shown
from graders.doctor.attacks import EXCESS, REACH, known_gaps
from graders.doctor.checkup import Around
from graders.doctor.findings import Machine
from graders.doctor.machine import look_at_interpreter, look_at_machine
from graders.doctor.targets import Targets
from graders.i18n import LANGUAGES, catalogue
from graders.model import SandboxName, say

ROOT = Path(__file__).parent.parent
MACHINE = Machine(
    cgroups=0,
    controllers=(),
    seccomp="",
    landlock=7,
    gpus=(),
    cores=2,
    memory_mib=None,
    disk_mib=1,
    temporary="somewhere",
)
ORDINARY = 65534


def report(tier: SandboxName, **odd: Finding) -> TierReport:
    """A tier that holds everything but what is given."""
    names = (*REACH, *EXCESS)
    found = tuple(odd.get(name, Finding(attack=name, outcome="held")) for name in names)
    return TierReport(tier=tier, opened=True, findings=found)


def checkup_of(*tiers: TierReport) -> Checkup:
    auto = next((tier.tier for tier in tiers if tier.opened and tier.tier != "none"), None)
    return Checkup(tiers=tiers, auto=auto, machine=MACHINE, course=None)


CLOSED = TierReport(tier="landlock", opened=False, reason="Why.", remedy=say("doctor.remedy.readable"))
PLAIN = report("none", file=Finding(attack="file", outcome="not_held", known=True))


@pytest.mark.parametrize(
    ("tiers", "code"),
    [
        ((report("bubblewrap"), PLAIN), 0),
        ((CLOSED, PLAIN), 2),
        ((report("bubblewrap", tcp=Finding(attack="tcp", outcome="not_held")), PLAIN), 1),
        ((report("bubblewrap", tcp=Finding(attack="tcp", outcome="not_tried")), PLAIN), 1),
        ((report("landlock", unix=Finding(attack="unix", outcome="not_held", known=True)), PLAIN), 0),
        ((report("bubblewrap", mount=Finding(attack="mount", outcome="held", proven=False)), PLAIN), 0),
        ((report("namespaces"), report("bubblewrap", tcp=Finding(attack="tcp", outcome="not_held"))), 0),
    ],
)
def test_the_exit_code_is_that_of_the_tier_that_auto_takes(tiers: tuple[TierReport, ...], code: int) -> None:
    assert exit_code(checkup_of(*tiers)) == code


def text_of(checkup: Checkup, language: str) -> str:
    console = Console(file=StringIO(), width=160)
    console.print(shown(checkup, language))
    return " ".join(console.file.getvalue().split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_word_of_the_table_is_said_in_the_language(language: str) -> None:
    odd = {
        "file": Finding(attack="file", outcome="not_held"),
        "tcp": Finding(attack="tcp", outcome="not_tried", detail="infrastructure"),
        "mount": Finding(attack="mount", outcome="held", proven=False),
        "unix": Finding(attack="unix", outcome="not_held", known=True),
    }
    said = text_of(checkup_of(report("bubblewrap", **odd), CLOSED), language)
    words = catalogue(language)
    for code in ("held", "not_held", "not_tried", "not_proven", "known", "remedy.readable"):
        assert words[f"doctor.{code}"] in said
    assert "infrastructure" in said


def test_a_machine_without_a_tier_is_told_so() -> None:
    assert str(catalogue("en")["doctor.auto.none"]) in text_of(checkup_of(CLOSED, PLAIN), "en")


@pytest.fixture
def targets() -> Iterator[Targets]:
    with Targets() as planted:
        yield planted


def test_nothing_is_reached_where_nobody_tries(targets: Targets) -> None:
    assert set(targets.reached().values()) == {False}


def test_a_stranger_at_a_port_is_not_the_notebook(targets: Targets) -> None:
    for word in (b"", b"hello", targets.token.encode()[:-1]):
        with socket.create_connection(("127.0.0.1", targets.port)) as near:
            near.sendall(word)
    assert not targets.reached()["tcp"]
    with socket.create_connection(("127.0.0.1", targets.port)) as near:
        near.sendall(targets.token.encode())
    assert targets.reached()["tcp"]


def test_a_secret_is_not_among_what_the_notebook_is_told(targets: Targets) -> None:
    told = (
        f"{targets.secret} {targets.token} {targets.abstract} {targets.behind} {targets.apart} {targets.pid}"
    )
    for attack in ("file", "process", "environment", "other_memory"):
        assert not targets.came_out(attack, [told])
    assert targets.came_out("file", ["x", f"<{targets.secret.read_text()}>"])


def test_a_process_is_missed_only_after_it_was_seen(targets: Targets) -> None:
    assert "left_behind" not in targets.reached()
    with subprocess.Popen(["sh", "-c", "read x; :", targets.behind], stdin=subprocess.PIPE) as stays:
        targets.look()
        assert targets.reached()["left_behind"]
        stays.kill()
        stays.wait()
        assert not targets.reached()["left_behind"]


def test_what_is_planted_is_taken_away_again() -> None:
    with Targets() as planted:
        stays = subprocess.Popen(["sh", "-c", "sleep 60; :", planted.behind], start_new_session=True)
        while not Path(f"/proc/{stays.pid}/cmdline").read_bytes():
            time.sleep(0.01)  # its words appear a moment after it has begun
    assert not planted.secret.parent.exists()
    assert not Path(f"/proc/{planted.pid}").exists()
    assert stays.wait(5) != 0


def test_landlock_holds_signals_from_the_version_on_that_can() -> None:
    assert "signal" in known_gaps("landlock", 5)
    assert "signal" not in known_gaps("landlock", 6)
    assert known_gaps("namespaces", 7) == known_gaps("bubblewrap", 7) == set()


def test_a_package_that_is_there_and_broken_is_not_listed(tmp_path: Path) -> None:
    python = tmp_path / "python"
    (tmp_path / "pandas.py").write_text("raise RuntimeError('built for another NumPy')")
    (tmp_path / "sklearn.py").write_text("__version__ = '9.9'")
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); exec(sys.argv.pop(1))"
    python.write_text(f'#!/bin/sh\nexec {sys.executable} -S -c "{code}" "$5" "$6" "$7" "$8" "$9" "${{10}}"\n')
    python.chmod(0o755)
    assert look_at_interpreter("", python).packages == {"sklearn": "9.9"}


def test_an_interpreter_that_does_not_start_is_a_problem_and_no_crash(tmp_path: Path) -> None:
    assert look_at_interpreter("", tmp_path / "missing").problem
    assert look_at_interpreter("", Path("/bin/false")).problem


def test_a_broken_course_is_no_reason_to_fail(tmp_path: Path) -> None:
    (tmp_path / "course.toml").write_text("title = 3")
    assert around(tmp_path).problems
    assert around(tmp_path).course is None


def test_outside_a_course_there_is_none(tmp_path: Path) -> None:
    assert around(tmp_path) == Around()


def as_ordinary_user(folder: Path) -> subprocess.Popen[str]:
    """The command as an ordinary user, who sees the interpreter even where it lies in root's home."""
    prefix, home = shlex.quote(sys.base_prefix), Path.home()
    script = "cd " + shlex.quote(str(folder))
    if Path(sys.base_prefix).is_relative_to(home):
        script = f"mkdir py && mount --bind {prefix} py && mount -t tmpfs -o mode=755 t {home}; "
        script += f"mkdir -p {prefix} && mount --bind py {prefix}; "
    user = f"setpriv --reuid={ORDINARY} --regid={ORDINARY} --clear-groups"
    environment = f"env HOME={folder} TMPDIR={folder} PATH={os.environ['PATH']}"
    script += f"exec {user} {environment} {sys.executable} -m graders doctor --json --language en"
    return subprocess.Popen(
        ["unshare", "--mount", "bash", "-ec", script],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture(scope="module")
def examined() -> Iterator[tuple[Checkup, tuple[int, str, str] | None]]:
    """What comes out here, and, where root tests, for an ordinary user: exit code, output, messages."""
    folder = Path(tempfile.mkdtemp(prefix="grade-test-doctor-"))
    folder.chmod(0o777)
    other = as_ordinary_user(folder) if os.geteuid() == 0 else None
    try:
        here = examine(around(ROOT))
        if other is None:
            yield here, None
        else:
            said, told = other.communicate(timeout=300)
            yield here, (other.returncode, said, told)
    finally:
        if other is not None and other.poll() is None:
            other.kill()
            other.wait()
        shutil.rmtree(folder, ignore_errors=True)


Examined = tuple[Checkup, tuple[int, str, str] | None]


@pytest.fixture(scope="module")
def here(examined: Examined) -> Checkup:
    return examined[0]


@pytest.fixture(scope="module")
def ordinary(examined: Examined) -> Checkup:
    if examined[1] is None:
        pytest.skip("only root can become another user")
    code, said, told = examined[1]
    assert code == 0, told[-2000:] + said[-2000:]
    return Checkup.model_validate_json(said)


def tier_of(checkup: Checkup, tier: str) -> TierReport:
    return next(found for found in checkup.tiers if found.tier == tier)


def outcomes(tier: TierReport) -> dict[str, str]:
    return {found.attack: found.outcome for found in tier.findings}


@pytest.mark.slow
@pytest.mark.parametrize("tier", ["namespaces", "bubblewrap", "landlock"])
def test_a_tier_holds_all_that_it_claims(here: Checkup, tier: str) -> None:
    found = tier_of(here, tier)
    if not found.opened:
        pytest.skip(found.reason)
    assert {one.attack: one.detail for one in found.findings if one.outcome != "held" and not one.known} == {}


@pytest.mark.slow
def test_without_a_sandbox_every_attack_succeeds(here: Checkup) -> None:
    found = outcomes(tier_of(here, "none"))
    held = {attack for attack in REACH if found[attack] != "not_held"}
    assert held <= {"left_behind"}  # a control group ends what left its parent


@pytest.mark.slow
def test_every_detector_was_proven(here: Checkup) -> None:
    assert [one.attack for tier in here.tiers for one in tier.findings if not one.proven] == []


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="what root is told")
@pytest.mark.skipif(not Path(sys.base_prefix).is_relative_to("/root"), reason="Python is for all to read")
def test_landlock_cannot_be_had_where_only_root_may_read_python(here: Checkup) -> None:
    if look_at_machine().landlock < 3:
        pytest.skip("Landlock is missing or too old")
    found = tier_of(here, "landlock")
    assert not found.opened
    assert "Permission denied" in found.reason
    assert found.remedy == say("doctor.remedy.readable")


@pytest.mark.slow
def test_the_course_is_looked_at(here: Checkup) -> None:
    assert here.course is not None
    assert here.course.interpreters[0].packages.keys() >= {"torch", "sklearn"}
    assert {found.profile for found in here.course.data} == {"mini", "full"}


@pytest.mark.slow
def test_the_document_is_json_and_comes_back_the_same(here: Checkup) -> None:
    text = here.model_dump_json()
    assert Checkup.model_validate(json.loads(text)) == here


@pytest.mark.slow
@pytest.mark.parametrize("tier", ["namespaces", "bubblewrap", "landlock"])
def test_a_tier_holds_all_that_it_claims_for_an_ordinary_user(ordinary: Checkup, tier: str) -> None:
    found = tier_of(ordinary, tier)
    if not found.opened:
        pytest.skip(found.reason)
    assert {one.attack: one.detail for one in found.findings if one.outcome != "held" and not one.known} == {}


@pytest.mark.slow
def test_an_ordinary_user_is_outside_a_course(ordinary: Checkup) -> None:
    assert ordinary.course is None


@pytest.mark.slow
def test_what_landlock_does_not_cover_is_really_not_held(ordinary: Checkup) -> None:
    found = tier_of(ordinary, "landlock")
    if not found.opened:
        pytest.skip(found.reason)
    gaps = known_gaps("landlock", ordinary.machine.landlock)
    assert {attack for attack, outcome in outcomes(found).items() if outcome == "not_held"} == gaps


@pytest.mark.slow
def test_a_process_is_left_behind_where_nothing_ends_it(ordinary: Checkup) -> None:
    if ordinary.machine.cgroups:
        pytest.skip("a control group ends it")
    assert outcomes(tier_of(ordinary, "none"))["left_behind"] == "not_held"
