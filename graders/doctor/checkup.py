"""The whole examination: every tier attacked at the same time, with what the machine and the course have."""

import shutil
import sys
import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from graders.doctor.attacks import EXCESS, REACH, known_gaps
from graders.doctor.findings import Checkup, Finding, Machine, TierReport
from graders.doctor.machine import look_at_course, look_at_machine
from graders.doctor.trial import Met, control, try_tier
from graders.errors import Problem, SandboxError, UsageError
from graders.i18n import sentence
from graders.model import Course, Message, Runtime, SandboxName, say
from graders.sandbox import Sandbox, open_sandbox
from graders.sandbox.opening import remedy as usual_remedy
from graders.sandbox.signals import terminable
from graders.sandbox.zygote.confine import LEAST_ABI
from graders.spec import find_root, read_course

TIERS: tuple[SandboxName, ...] = ("namespaces", "bubblewrap", "landlock", "none")
SEALED = TIERS[:3]
"""Those that `--sandbox auto` may take, from the strongest."""
MEMORY_MIB = 2560
"""Room for one run that takes what it wants."""
SEEN_ALIVE = ("left_behind",)
"""Attacks whose detector proves itself: the host saw the process while the notebook ran."""


@dataclass(frozen=True, slots=True)
class Around:
    """The course that a folder is in."""

    root: Path | None = None
    """None outside a course."""
    course: Course | None = None
    """None too where its files are too wrong to be read."""
    problems: tuple[Problem, ...] = ()


def around(start: Path) -> Around:
    """The course that a folder is in."""
    try:
        root = find_root(start)
    except UsageError:
        return Around()
    course, problems = read_course(root)
    return Around(root, course, tuple(problems))


def examine(place: Around) -> Checkup:
    """Try everything, in the runtime of the course where there is one."""
    runtime = place.course.runtime if place.course is not None else Runtime()
    machine = look_at_machine()
    jobs, skip = _room(machine)
    with terminable(), ExitStack() as stack:
        opened = {tier: _open(tier, runtime, machine, stack) for tier in TIERS}
        with ThreadPoolExecutor(jobs) as pool:
            ran = {
                tier: pool.submit(_timed, tried, skip)
                for tier, tried in opened.items()
                if isinstance(tried, Sandbox)
            }
            plain = opened["none"]
            assert isinstance(plain, Sandbox)  # noqa: S101 - the tier "none" is never missing
            wide = pool.submit(control, plain, skip)
            facts = look_at_course(place.root, place.course, place.problems) if place.root else None
            try:
                tiers = _reports(opened, ran, wide, machine)
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
    auto = next((report.tier for report in tiers if report.opened and report.tier in SEALED), None)
    return Checkup(tiers=tiers, auto=auto, machine=machine, course=facts)


def _room(machine: Machine) -> tuple[int, tuple[str, ...]]:
    """How many tiers are tried at a time, and what this machine has too little memory for."""
    if machine.memory_mib is None:
        return 2, ()
    fits = machine.memory_mib // MEMORY_MIB
    return max(1, min(len(TIERS) + 1, fits)), () if fits else ("memory",)


def _open(tier: SandboxName, runtime: Runtime, machine: Machine, stack: ExitStack) -> Sandbox | TierReport:
    if tier != "none" and sys.platform != "linux":
        return TierReport(tier=tier, opened=False, remedy=say("doctor.remedy.linux"))
    try:
        return stack.enter_context(open_sandbox(tier, runtime))
    except SandboxError as error:
        reason = str(error).partition(f" {sentence(usual_remedy(), 'en')}")[0]
        reason = reason.removeprefix(f"The tier {tier} cannot be had here: ")
        return TierReport(tier=tier, opened=False, reason=reason, remedy=_remedy(tier, machine))


def _remedy(tier: SandboxName, machine: Machine) -> Message:
    """What to do so that a tier can be had."""
    if machine.seccomp:
        return say("doctor.remedy.seccomp")
    if tier == "bubblewrap" and shutil.which("bwrap") is None:
        return say("doctor.remedy.bubblewrap")
    if tier == "landlock":
        if machine.landlock < LEAST_ABI:
            return say("doctor.remedy.landlock", n=machine.landlock, least=LEAST_ABI)
        return say("doctor.remedy.readable")
    return usual_remedy()


Timed = tuple[dict[str, Met], float]


def _timed(sandbox: Sandbox, skip: tuple[str, ...]) -> Timed:
    began = time.monotonic()
    return try_tier(sandbox, skip), time.monotonic() - began


def _reports(
    opened: dict[SandboxName, Sandbox | TierReport],
    ran: dict[SandboxName, "Future[Timed]"],
    wide: "Future[frozenset[str]]",
    machine: Machine,
) -> tuple[TierReport, ...]:
    results = {tier: future.result() for tier, future in ran.items()}
    plain = results["none"][0]
    proven = {*wide.result(), *SEEN_ALIVE, *(name for name in REACH if plain[name].outcome == "not_held")}
    reports = []
    for tier, tried in opened.items():
        if isinstance(tried, TierReport):
            reports.append(tried)
            continue
        met, seconds = results[tier]
        gaps = known_gaps(tier, machine.landlock)
        findings = tuple(_finding(name, met[name], proven, gaps) for name in (*REACH, *EXCESS))
        reports.append(TierReport(tier=tier, opened=True, findings=findings, seconds=seconds))
    return tuple(reports)


def _finding(name: str, met: Met, proven: set[str], gaps: frozenset[str]) -> Finding:
    return Finding(
        attack=name,
        outcome=met.outcome,
        proven=met.outcome == "not_held" or name in proven,
        known=met.outcome == "not_held" and name in gaps,
        detail=met.detail,
    )


def exit_code(checkup: Checkup) -> int:
    """0 where the tier that `auto` takes holds what it should, 1 where it does not, 2 where there is none."""
    taken = next((report for report in checkup.tiers if report.tier == checkup.auto), None)
    if taken is None:
        return 2
    return 0 if taken.sound else 1
