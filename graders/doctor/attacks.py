"""The attacks, and which of them a tier is known not to hold."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from graders.doctor.targets import PREFIX, VARIABLE, Targets
from graders.model import Limits, RunStatus, SandboxName

INSIDE = Path(__file__).parent / "inside"
PROBE = INSIDE / "probe.py"
WIDE = Limits()
TIGHT = Limits(cell_seconds=30, memory_mib=1024, processes=64, disk_mib=32)
OUTLAST_LIMIT = 1.0
"""Seconds that a step has which goes on for longer."""
STEP_SECONDS = 60.0
HOLD = 2
"""Seconds for which too much is kept, so that a watchdog has the time to see it."""


@dataclass(frozen=True, slots=True)
class Excess:
    """An attempt to use more than a limit."""

    amount: int
    """What it wants: MiB, processes or seconds; more than the tight limit, and little beside the wide one."""
    statuses: tuple[RunStatus, ...]
    """How a run may end that the limit has ended; for `outlast` the step itself says that it was killed."""
    control: int
    """What it wants in the control, where the limits are wide."""


EXCESS: dict[str, Excess] = {
    "disk": Excess(96, ("disk_limit",), 96),
    "temporary": Excess(96, ("disk_limit",), 96),
    "shared_memory": Excess(96, ("disk_limit",), 96),
    "processes": Excess(160, ("killed", "process_limit"), 160),
    "memory": Excess(1024, ("out_of_memory",), 1024),
    "outlast": Excess(30, (), 3),
}
"""By the function of the probe."""
TIGHT_AMOUNTS = {
    **dict.fromkeys(("disk", "temporary", "shared_memory"), TIGHT.disk_mib),
    "processes": TIGHT.processes,
    "memory": TIGHT.memory_mib,
}
"""Most that a run may get of each, in the unit of `Excess.amount`."""


def reach(targets: Targets, tier: SandboxName) -> dict[str, str]:
    """The code of the cells, by attack; the signal comes last, since it ends what others look at."""
    calls: dict[str, tuple[str, dict[str, str | int]]] = {
        "file": ("read_file", {"attack": "file", "path": str(targets.secret)}),
        "shared": ("read_file", {"attack": "shared", "path": str(targets.shared)}),
        "write": ("write_file", {"path": str(targets.writable), "word": targets.token}),
        "tcp": ("connect_tcp", {"port": targets.port, "word": targets.token}),
        "unix": ("connect_unix", {"address": str(targets.socket), "word": targets.token}),
        "abstract": ("connect_unix", {"address": targets.abstract, "word": targets.token}),
        "process": ("look_at_processes", {"attack": "process", "file": "cmdline", "prefix": PREFIX}),
        "environment": (
            "look_at_processes",
            {"attack": "environment", "file": "environ", "prefix": f"{VARIABLE}="},
        ),
        "other_memory": (
            "read_memory",
            {"pid": targets.pid, "address": targets.address, "size": len(targets.token)},
        ),
        "namespace": ("make_namespace", {"marker": targets.apart, "direct": tier != "none"}),
        "left_behind": ("stay_behind", {"marker": targets.behind}),
        "signal": ("send_signal", {"pid": targets.pid, "marker": PREFIX}),
    }
    return {attack: _call(function, arguments) for attack, (function, arguments) in calls.items()}


def _call(function: str, arguments: Mapping[str, str | int]) -> str:
    return f"{function}({', '.join(f'{name}={value!r}' for name, value in arguments.items())})"


REACH = (
    "file",
    "shared",
    "write",
    "tcp",
    "unix",
    "abstract",
    "process",
    "environment",
    "other_memory",
    "signal",
    "namespace",
    "mount",
    "left_behind",
)
"""In the order of the table. `mount` is tried in the cell of `namespace`."""
SIGNALS_SCOPED = 6
"""The version of Landlock that holds signals and abstract sockets."""


def known_gaps(tier: SandboxName, landlock: int) -> frozenset[str]:
    """Attacks that a tier does not hold, as docs/sandbox.md says."""
    if tier == "none":
        return frozenset({*REACH, "temporary", "shared_memory"})
    if tier == "landlock":
        unscoped = ("signal", "abstract") if landlock < SIGNALS_SCOPED else ()
        return frozenset({"process", "unix", "shared", "shared_memory", *unscoped})
    return frozenset()
