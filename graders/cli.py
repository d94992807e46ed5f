"""The command `grade`: names of the commands and what a mistake looks like. Imports nothing heavy."""

import atexit
import errno
import os
import sys
import traceback

from cyclopts import App, CycloptsError

from graders import __version__
from graders.commands.grade import grade
from graders.errors import GradeError

app = App(
    name="grade",
    help="Grade PyTorch homework notebooks: run them sealed off, measure them, explain every mark.",
    version=__version__,
    result_action="return_value",
)
app.default(grade)
app.command("graders.commands.check:check", name="check", help="Check a notebook before handing it in.")
app.command("graders.commands.plan:plan", name="plan", help="How long grading will take; runs nothing.")
app.command("graders.commands.report:report", name="report", help="Make the HTML again from the records.")
app.command(
    "graders.commands.calibrate:calibrate",
    name="calibrate",
    help="Run the reference and write the thresholds.",
)
app.command(
    "graders.commands.theory:app",
    name="theory",
    help="Theory answers: what to read first, your marks, how far to trust the grader.",
)
app.command(
    "graders.commands.theory:rubric",
    name="rubric",
    help="Try a rubric: references, examples, and confusions between questions.",
)
app.command(
    "graders.commands.approve:approve_data",
    name="approve",
    help="Say that students' own data is what it seems, so that points on it stand.",
)
app.command("graders.commands.data:app", name="data", help="List and fetch data sets.")
app.command(
    "graders.commands.doctor:doctor",
    name="doctor",
    help="Find out what a hostile notebook could do on this machine.",
)

OK, INCOMPLETE, USAGE, FAULT, INTERRUPTED, UNREAD = 0, 1, 2, 3, 130, 141
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
"""Errors of a disk that takes nothing more."""


def main(arguments: list[str] | None = None) -> None:
    """Runs the command line and exits: see `Exit codes` in docs/cli.md."""
    code = run(arguments)
    atexit._run_exitfuncs()
    sys.stderr.flush()
    os._exit(code)  # to take torch apart object by object lasts a second, and the system does it at once


def run(arguments: list[str] | None = None) -> int:
    """Runs the command line and returns the exit code."""
    try:
        code = int(app(arguments, exit_on_error=False, print_error=True) or OK)
        sys.stdout.flush()
    except CycloptsError:
        return USAGE
    except GradeError as error:
        print(f"grade: {error}", file=sys.stderr)
        return USAGE
    except KeyboardInterrupt:
        print("grade: interrupted; nothing half-done was written", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # whoever reads what is printed has seen enough, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return UNREAD
    except OSError as error:
        if error.errno in FULL:
            return _full(error)
        return _forbidden(error) if isinstance(error, PermissionError) and error.filename else _fault()
    except Exception:  # whatever it is, no mark was written, and that is said instead of a bare traceback
        return _fault()
    return code


def _full(error: OSError) -> int:
    place = f" ({error.filename})" if error.filename else ""
    print(
        f"grade: {error.strerror}{place}; make room and give the same command again; finished work is kept",
        file=sys.stderr,
    )
    return USAGE


def _forbidden(error: PermissionError) -> int:
    print(
        f"grade: {error.filename}: {error.strerror}; let yourself read and write there, "
        "and give the same command again; finished work is kept",
        file=sys.stderr,
    )
    return USAGE


def _fault() -> int:
    """Say that no mark was written; the traceback is for the toolkit's authors."""
    traceback.print_exc()
    print(
        "grade: this is a fault of the toolkit, not of the submission; no mark was written", file=sys.stderr
    )
    return FAULT
