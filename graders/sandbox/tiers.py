"""The tiers of isolation, and the one that a command uses."""

import socket
from dataclasses import dataclass
from typing import Literal

from graders.model import Runtime, SandboxName
from graders.sandbox.cgroup import Hierarchy

Requested = Literal["auto", "namespaces", "bubblewrap", "landlock", "none"]


@dataclass(frozen=True, slots=True)
class Sandbox:
    """Where the notebooks of one command run."""

    tier: SandboxName
    runtime: Runtime
    zygote: socket.socket | None = None
    """Where to ask for warm kernels; None where every kernel starts cold."""
    hierarchy: Hierarchy | None = None
    """Where control groups are made; None where this machine lets us make none."""
