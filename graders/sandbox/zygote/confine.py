"""A process gives up rights for good: a filter of system calls, and Landlock where there are no namespaces.

Landlock says which files a process and its children may open, and on newer systems which TCP ports they may
use and whom they may signal. It cannot hold back, and namespaces can:

- looking: names, sizes and times of all files, and in `/proc` the command lines of other processes (their
  memory and environment it does protect);
- a connection to a Unix socket that has a path, such as `/run/docker.sock` or the bus of a desktop, where the
  user's own rights allow it. A filter of system calls sees an address only as a pointer, and DataLoader's
  workers need `connect`. Grade as a user who is in no group like `docker`;
- signals to other processes of the same user before version 6 (Linux 6.12), the grader's among them; abstract
  Unix sockets likewise;
- UDP, netlink and every protocol but TCP: the filter refuses the sockets (`network=False`);
- rights, owners and times of files of the same user: the filter makes such calls do nothing
  (`metadata=False`);
- priorities and processors of other processes of the same user (`setpriority`, `sched_setaffinity`);
- the size of what is written, since there is no file system in memory: the host's watchdog looks at it;
- processes that leave their parent: the monitor is their reaper and ends them.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import stat
import struct

PR_SET_NO_NEW_PRIVS = 38
SECCOMP = {"x86_64": 317, "aarch64": 277}
SECCOMP_SET_MODE_FILTER = 1
SECCOMP_FILTER_FLAG_TSYNC = 1
SOCK_FILTER_BYTES = 8

LANDLOCK_CREATE_RULESET, LANDLOCK_ADD_RULE, LANDLOCK_RESTRICT_SELF = 444, 445, 446
CREATE_RULESET_VERSION = 1
RULE_PATH_BENEATH = 1
LEAST_ABI = 3
"""Before it (Linux 6.2) a file that may be read can be emptied."""

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
MAKE_CHAR, MAKE_BLOCK = 1 << 6, 1 << 11
TRUNCATE, IOCTL_DEV = 1 << 14, 1 << 15
ALL_FILES = (1 << 16) - 1
READING = EXECUTE | READ_FILE | READ_DIR
OF_A_FILE = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV
"""Rights that a rule for something else than a folder may have."""
ALL_TCP = 3
ALL_SCOPES = 3
"""Abstract Unix sockets, and signals."""

_libc = ctypes.CDLL(None, use_errno=True)


class _Program(ctypes.Structure):
    """`struct sock_fprog`."""

    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_char_p)]


def load_seccomp(program: bytes) -> None:
    """Filter the system calls of this process, all its threads and its children from now on.

    Args:
        program: an array of `struct sock_filter` for this processor.

    Raises:
        OSError: the system refuses it.
    """
    _no_new_privileges()
    loaded = _Program(len(program) // SOCK_FILTER_BYTES, program)
    returned = _libc.syscall(
        ctypes.c_long(SECCOMP[platform.machine()]),
        ctypes.c_long(SECCOMP_SET_MODE_FILTER),
        ctypes.c_long(SECCOMP_FILTER_FLAG_TSYNC),
        ctypes.byref(loaded),
    )
    if returned > 0:
        raise OSError(errno.ESRCH, f"thread {returned} cannot take the filter")
    _checked(returned, "seccomp")


def landlock_abi() -> int:
    """The version of Landlock on this system; 0 where it is missing or switched off."""
    return max(0, _landlock(LANDLOCK_CREATE_RULESET, None, 0, CREATE_RULESET_VERSION))


def restrict(read_only: list[str], read_write: list[str]) -> None:
    """Allow this process and its children nothing but these files and folders, with what is in them.

    It also refuses TCP from version 4 on, and from version 6 on signals to processes outside and connections
    to their abstract sockets. Call it when all capabilities are given up (with CAP_PERFMON the memory of
    others can be read all the same), before another thread is started, which it would not bind, and before
    `load_seccomp`.

    Args:
        read_only: to read and execute; what is missing is left out.
        read_write: to do everything with; devices such as `/dev/null` belong here.

    Raises:
        OSError: Landlock is missing here or older than LEAST_ABI, or refuses.
    """
    abi = landlock_abi()
    if abi < LEAST_ABI:
        raise OSError(errno.EOPNOTSUPP, f"Landlock has version {abi} here; {LEAST_ABI} is needed")
    files = ALL_FILES if abi >= 5 else ALL_FILES & ~IOCTL_DEV
    wanted = [files, *([ALL_TCP] if abi >= 4 else []), *([ALL_SCOPES] if abi >= 6 else [])]
    attributes = struct.pack(f"{len(wanted)}Q", *wanted)
    rules = _checked(
        _landlock(LANDLOCK_CREATE_RULESET, attributes, len(attributes), 0), "landlock_create_ruleset"
    )
    try:
        for path in read_only:
            _allow(rules, path, READING)
        for path in read_write:
            _allow(rules, path, files & ~(MAKE_CHAR | MAKE_BLOCK))
        _no_new_privileges()
        _checked(_landlock(LANDLOCK_RESTRICT_SELF, rules, 0), "landlock_restrict_self")
    finally:
        os.close(rules)


def _allow(rules: int, path: str, rights: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(place).st_mode):
            rights &= OF_A_FILE
        rule = struct.pack("=Qi", rights, place)
        _checked(_landlock(LANDLOCK_ADD_RULE, rules, RULE_PATH_BENEATH, rule, 0), "landlock_add_rule " + path)
    finally:
        os.close(place)


def _landlock(number: int, *arguments: int | bytes | None) -> int:
    words = [ctypes.c_long(word) if isinstance(word, int) else word for word in arguments]
    returned: int = _libc.syscall(ctypes.c_long(number), *words)
    return returned


def _no_new_privileges() -> None:
    _checked(_libc.prctl(PR_SET_NO_NEW_PRIVS, *(ctypes.c_ulong(word) for word in (1, 0, 0, 0))), "prctl")


def _checked(returned: int, what: str) -> int:
    if returned < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return returned
