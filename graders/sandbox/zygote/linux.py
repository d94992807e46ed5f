"""The calls of Linux that Python's standard library lacks."""

from __future__ import annotations

import ctypes
import fcntl
import os
import platform
import socket
import struct

CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS = 0x20000, 0x2000000, 0x4000000
CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x8000000, 0x10000000, 0x20000000, 0x40000000
MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_BIND, MS_REC, MS_PRIVATE = 2, 4, 8, 4096, 16384, 1 << 18
MNT_DETACH = 2
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 1, 4, 24, 38
PR_SET_CHILD_SUBREAPER, PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL = 36, 47, 4
PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
MOUNT_SETATTR = 442
ATTR_RDONLY, ATTR_NOSUID, ATTR_NODEV = 1, 2, 4
AT_FDCWD, AT_RECURSIVE = -100, 0x8000
CAPABILITY_VERSION = 0x20080522
LAST_CAPABILITY = 63
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1

_libc = ctypes.CDLL(None, use_errno=True)


def _checked(returned: int, what: str) -> None:
    if returned < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def prctl(option: int, argument: int, third: int = 0) -> None:
    """Change a property of this process.

    Raises:
        OSError: it is refused.
    """
    _checked(_libc.prctl(option, ctypes.c_ulong(argument), ctypes.c_ulong(third), 0, 0), f"prctl {option}")


def unshare(flags: int) -> None:
    """Leave the namespaces that `flags` name.

    Raises:
        OSError: it is refused.
    """
    _checked(_libc.unshare(flags), "unshare")


def mount(source: str, target: str, kind: str | None = None, flags: int = 0, data: str = "") -> None:
    """Mount a file system.

    Raises:
        OSError: it is refused.
    """
    encoded = kind.encode() if kind else None
    _checked(
        _libc.mount(os.fsencode(source), os.fsencode(target), encoded, ctypes.c_ulong(flags), data.encode()),
        f"mount {target}",
    )


def restrict_mount(target: str, attributes: int, recursive: bool = True) -> None:
    """Add attributes such as ATTR_RDONLY to a mount and those below it: mount_setattr(2), since Linux 5.12.

    Raises:
        OSError: it is refused.
    """
    wanted = struct.pack("QQQQ", attributes, 0, 0, 0)
    flags = AT_RECURSIVE if recursive else 0
    _checked(
        _libc.syscall(MOUNT_SETATTR, AT_FDCWD, os.fsencode(target), flags, wanted, len(wanted)),
        f"mount_setattr {target}",
    )


def pivot_root(new: str) -> None:
    """Make the mount `new` the root and let go of the old one.

    Raises:
        OSError: it is refused.
    """
    os.chdir(new)
    # Put the old root above the new one, then detach it: pivot_root(2), "pivot_root(".", ".")".
    _checked(_libc.syscall(PIVOT_ROOT[platform.machine()], b".", b"."), "pivot_root")
    _checked(_libc.umount2(b".", MNT_DETACH), "umount2")
    os.chdir("/")


def loopback_up() -> None:
    """Start the loopback device of this network namespace."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        request = struct.pack("16sh22x", b"lo", 0)
        (flags,) = struct.unpack("h", fcntl.ioctl(probe, SIOCGIFFLAGS, request)[16:18])
        fcntl.ioctl(probe, SIOCSIFFLAGS, struct.pack("16sh22x", b"lo", flags | IFF_UP))


def drop_to(uid: int | None) -> None:
    """Give up every capability, and root where `uid` says who to be instead, with no way back."""
    for capability in range(LAST_CAPABILITY + 1):
        if _libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) < 0:
            break  # the first number that this system does not know
    if uid is not None:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)
    header = struct.pack("Ii", CAPABILITY_VERSION, 0)
    _checked(_libc.capset(header, bytes(24)), "capset")
    prctl(PR_SET_NO_NEW_PRIVS, 1)
