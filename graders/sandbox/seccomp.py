"""Compiles the system-call filter of a run with libseccomp, as the bytes that a process loads.

What is refused comes first, then, on the CPU, what is allowed; both are ordinary filters of libseccomp, and
here the first is made to go on to the second where it would have allowed. Calls of 32-bit and x32 programs
end the process. Needs libseccomp.so.2 on the host only.
"""

import errno
import struct
import tempfile
from functools import cache
from typing import Any

from graders.errors import SandboxError
from graders.sandbox.syscalls import ABSENT, ALLOWED, DENIED, METADATA, NUMBERS, conditions

INSTRUCTION = struct.Struct("HBBI")
"""`struct sock_filter`: code, two jumps, operand."""
RETURN, JUMP = 0x06, 0x05
ALLOW = 0x7FFF0000
MOST_INSTRUCTIONS = 4096
"""Of one filter: BPF_MAXINSNS."""


@cache
def program(device: str, network: bool = True, metadata: bool = True) -> bytes:
    """The filter for a run, an array of `struct sock_filter` for this processor.

    Args:
        device: `cpu`, where what is not allowed is refused, or `cuda…`, where what is not refused is allowed.
        network: whether Internet sockets may be made; False where the run has no network namespace.
        metadata: whether rights, owners, times and attributes of files may be changed. Where False such a
            call does nothing and reports success, since programs that copy files insist on it; a program
            that was just linked then lacks the right to be run.

    Raises:
        SandboxError: libseccomp is missing; says what to install.
    """
    library = _library()
    refused = library.SyscallFilter(library.ALLOW)
    for number in _numbers(library, " ".join(DENIED.values())):
        refused.add_rule(library.ERRNO(errno.EPERM), number)
    for number in _numbers(library, ABSENT):
        refused.add_rule(library.ERRNO(errno.ENOSYS), number)
    for number in () if metadata else _numbers(library, METADATA):
        refused.add_rule(library.ERRNO(0), number)
    for condition in conditions(network, metadata):
        arguments = [
            library.Arg(argument, library.MASKED_EQ, mask, value) for argument, mask, value in condition.when
        ]
        for number in _numbers(library, condition.call):
            refused.add_rule(library.ERRNO(errno.EPERM), number, *arguments)
    if device.startswith("cuda"):
        return _compiled(library, refused)
    allowed = library.SyscallFilter(library.ERRNO(errno.ENOSYS))
    for number in _numbers(library, " ".join(ALLOWED.values())):
        allowed.add_rule(library.ALLOW, number)
    return _then(_compiled(library, refused), _compiled(library, allowed))


def _library() -> Any:
    try:
        import pyseccomp  # noqa: PLC0415 - it looks for libseccomp when it is imported
    except RuntimeError:
        raise SandboxError(
            "libseccomp is not installed, so the system calls of notebooks cannot be filtered. Install it "
            "(Debian, Ubuntu: `apt install libseccomp2`; Fedora: `dnf install libseccomp`), or give "
            "`--sandbox none` if you trust every notebook that you grade."
        ) from None
    return pyseccomp


def _numbers(library: Any, names: str) -> list[int]:
    """Numbers of the calls of this processor among `names`."""
    found = [_number(library, name) for name in names.split()]
    return [number for number in found if number >= 0]


def _number(library: Any, name: str) -> int:
    """The call's number; negative where this processor does not have it."""
    unknown = -1
    number: int = library.resolve_syscall(library.Arch.NATIVE, name)
    return NUMBERS[name] if number == unknown else number


def _compiled(library: Any, rules: Any) -> bytes:
    rules.set_attr(library.Attr.ACT_BADARCH, library.KILL_PROCESS)
    with tempfile.TemporaryFile() as file:
        rules.export_bpf(file)
        file.seek(0)
        return file.read()


def _then(first: bytes, second: bytes) -> bytes:
    """A filter that asks `second` wherever `first` allows."""
    instructions = list(INSTRUCTION.iter_unpack(first))
    for place, (code, _, _, operand) in enumerate(instructions):
        if code == RETURN and operand == ALLOW:
            instructions[place] = (JUMP, 0, 0, len(instructions) - place - 1)
    joined = b"".join(INSTRUCTION.pack(*instruction) for instruction in instructions) + second
    assert len(joined) <= MOST_INSTRUCTIONS * INSTRUCTION.size  # noqa: S101 - the tables decide it, not the input
    return joined
