"""The tiers of isolation: which of them works here, and the one that a command uses."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from graders.model import Runtime, SandboxName
from graders.sandbox import bubblewrap

Requested = Literal["auto", "namespaces", "bubblewrap", "landlock", "none"]


@dataclass(frozen=True, slots=True)
class Sandbox:
    """Where the notebooks of one command run."""

    tier: SandboxName
    runtime: Runtime


@contextmanager
def open_sandbox(requested: Requested, runtime: Runtime) -> Iterator[Sandbox]:
    """The sandbox to use, ready until the block ends. `none` is never chosen unasked.

    Raises:
        SandboxError: the tier that was asked for cannot be had here, or for `auto` none can; says what to do.
    """
    if requested == "none":
        yield Sandbox("none", runtime)
        return
    bubblewrap.available()
    yield Sandbox("bubblewrap", runtime)
