"""The examination as a person reads it in a terminal."""

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from graders.doctor.attacks import EXCESS, REACH
from graders.doctor.findings import Checkup, CourseFacts, Finding, Machine, TierReport
from graders.i18n import sentence
from graders.model import Language, Message, say
from graders.report.text import visible


def shown(checkup: Checkup, language: Language) -> RenderableType:
    """The table of attacks and tiers, what could not be had and why, the machine, the course."""
    lines = [
        *_legend(checkup, language),
        *_closed(checkup, language),
        *_untried(checkup, language),
        *_verdict(checkup, language),
        Text(""),
        *(Text(_words(message, language)) for message in _machine(checkup.machine)),
        *(_course(checkup.course, language) if checkup.course is not None else ()),
    ]
    return Group(_table(checkup, language), *lines)


def _table(checkup: Checkup, language: Language) -> Table:
    table = Table()
    table.add_column(Text(_words(say("doctor.attack"), language)), overflow="fold")
    for report in checkup.tiers:
        table.add_column(Text(report.tier), justify="center")
    for attack in (*REACH, *EXCESS):
        cells = [_cell(_finding(report, attack), language) for report in checkup.tiers]
        title = Text(_words(say(f"doctor.attack.{attack}"), language))
        table.add_row(title, *cells, end_section=attack == REACH[-1])
    return table


def _finding(report: TierReport, attack: str) -> Finding | None:
    return next((found for found in report.findings if found.attack == attack), None)


def _cell(finding: Finding | None, language: Language) -> Text:
    if finding is None:
        return Text("—", style="dim")
    if finding.outcome == "not_held" and finding.known:
        return Text(_words(say("doctor.known"), language), style="red")
    if finding.outcome == "held" and not finding.proven:
        return Text(_words(say("doctor.not_proven"), language), style="cyan")
    style = {"held": "green", "not_held": "bold white on red", "not_tried": "magenta"}[finding.outcome]
    return Text(_words(say(f"doctor.{finding.outcome}"), language), style=style)


def _legend(checkup: Checkup, language: Language) -> Iterator[Text]:
    """What those words of the table mean that do not say so themselves."""
    found = [finding for report in checkup.tiers for finding in report.findings]
    if any(one.known for one in found):
        yield Text(_words(say("doctor.note.known"), language), style="dim")
    if any(not one.proven for one in found):
        yield Text(_words(say("doctor.note.not_proven"), language), style="dim")


def _closed(checkup: Checkup, language: Language) -> Iterator[Text]:
    for report in checkup.tiers:
        if not report.opened:
            told = say("doctor.closed", tier=report.tier, reason=report.reason)
            remedy = f" {_words(report.remedy, language)}" if report.remedy is not None else ""
            yield Text(_words(told, language) + remedy, style="yellow")


def _untried(checkup: Checkup, language: Language) -> Iterator[Text]:
    """Why something could not be tried."""
    for report in checkup.tiers:
        for found in report.findings:
            if found.outcome == "not_tried":
                attack = _words(say(f"doctor.attack.{found.attack}"), language)
                told = say("doctor.untried", tier=report.tier, attack=attack, detail=found.detail)
                yield Text(_words(told, language), style="magenta")


def _verdict(checkup: Checkup, language: Language) -> Iterator[Text]:
    if checkup.auto is None:
        yield Text(_words(say("doctor.auto.none"), language), style="bold red")
        return
    taken = next(report for report in checkup.tiers if report.tier == checkup.auto)
    told = say("doctor.auto.sound" if taken.sound else "doctor.auto.unsound", tier=taken.tier)
    yield Text(_words(told, language), style="bold green" if taken.sound else "bold red")


def _machine(machine: Machine) -> Iterator[Message]:
    if machine.cgroups:
        yield say("doctor.cgroups", version=machine.cgroups, controllers=", ".join(machine.controllers))
    else:
        yield say("doctor.cgroups.none")
    yield say("doctor.seccomp.none", reason=machine.seccomp) if machine.seccomp else say("doctor.seccomp")
    if machine.landlock:
        yield say("doctor.landlock", version=machine.landlock)
    else:
        yield say("doctor.landlock.none")
    for gpu in machine.gpus:
        if gpu.memory_mib is None:
            yield say("doctor.gpu.silent", device=gpu.device)
        else:
            yield say("doctor.gpu", device=gpu.device, memory=gpu.memory_mib)
    if not machine.gpus:
        yield say("doctor.gpu.none")
    if machine.memory_mib is None:
        yield say("doctor.cores", n=machine.cores)
    else:
        yield say("doctor.cores_and_memory", n=machine.cores, memory=machine.memory_mib)
    yield say("doctor.disk", folder=machine.temporary, room=machine.disk_mib)


def _course(course: CourseFacts, language: Language) -> Iterator[Text]:
    yield Text(_words(say("doctor.course", root=course.root), language))
    for problem in course.problems:
        yield Text(_words(say("doctor.course.problem", problem=problem), language), style="red")
    for one in course.interpreters:
        if one.problem:
            told = say("doctor.python.dead", python=one.python, problem=one.problem)
            yield Text(_words(told, language), style="red")
            continue
        packages = ", ".join(f"{name} {version}".strip() for name, version in one.packages.items())
        if one.name:
            told = say("doctor.python.named", name=one.name, python=one.python, packages=packages or "—")
        else:
            told = say("doctor.python", python=one.python, packages=packages or "—")
        yield Text(_words(told, language))
    for dataset in course.data:
        code = "doctor.data.here" if dataset.here else f"doctor.data.{dataset.profile}_missing"
        yield Text(_words(say(code, name=dataset.name, profile=dataset.profile), language))


def _words(message: Message, language: Language) -> str:
    return visible(sentence(message, language))
