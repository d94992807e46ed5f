"""`grade doctor`: what this machine can and cannot do, found out by attacking every tier."""

from pathlib import Path

from rich.console import Console

from graders.commands.options import JsonOption, LanguageOption
from graders.doctor import around, examine, exit_code, shown
from graders.i18n import sentence
from graders.model import say


def doctor(*, language: LanguageOption = None, json: JsonOption = False) -> int:
    """Try what a hostile notebook can do here, in every tier, and say what this machine has.

    Exits 1 where the tier that `--sandbox auto` takes does not hold, and 2 where there is none to take.
    """
    place = around(Path.cwd())
    told = language or (place.course.language if place.course is not None else "en")
    with Console(stderr=True).status(sentence(say("doctor.busy"), told)):
        checkup = examine(place)
    if json:
        print(checkup.model_dump_json(indent=2))
    else:
        Console().print(shown(checkup, told))
    return exit_code(checkup)
