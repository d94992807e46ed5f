"""Each denied thing is tried for real under the filter, and once more without it."""

import ctypes
import errno
import fcntl
import mmap
import os
import platform
import pty
import socket
import struct
import sys
from pathlib import Path

import pytest

pytest.importorskip("pyseccomp", exc_type=ImportError)

from forked import become_ordinary, call, in_child, number

from graders.sandbox.seccomp import INSTRUCTION, MOST_INSTRUCTIONS, program
from graders.sandbox.syscalls import (
    ABSENT,
    ALLOWED,
    CLONE_NAMESPACES,
    DENIED,
    METADATA,
    NUMBERS,
    TIOCLINUX,
    TIOCSETD,
    TIOCSTI,
)
from graders.sandbox.zygote.confine import load_seccomp

PROGRAMS = {device: program(device) for device in ("cpu", "cuda")}
SHARED = program("cpu", network=False, metadata=False)
EFFECTIVE = {"vhangup", "msgget"}
"""Without the filter they would do what they are for, whatever their arguments."""


@pytest.fixture(params=PROGRAMS)
def under(request):
    """Loads the filter of a device."""
    return lambda: load_seccomp(PROGRAMS[request.param])


def names(*tables):
    return [name for name in " ".join(tables).split() if number(name) >= 0]


def tried(calls):
    """What each call with senseless arguments comes to; no such call does anything."""
    return {name: call(name, *[-1] * 6) for name in calls}


def test_every_denied_call_is_refused(under):
    refused = in_child(lambda: tried(names(*DENIED.values())), under)
    assert {name: found for name, found in refused.items() if found != "EPERM"} == {}


@pytest.mark.skipif(os.geteuid() != 0, reason="without root many are refused anyway")
def test_without_the_filter_denied_calls_are_refused_for_another_reason():
    free = in_child(lambda: tried(set(names(*DENIED.values())) - EFFECTIVE))
    assert {name: found for name, found in free.items() if found in {"EPERM", "ok"}} == {}


def test_calls_with_substitutes_are_not_there(under):
    assert set(in_child(lambda: tried(names(ABSENT)), under).values()) == {"ENOSYS"}
    assert in_child(lambda: call("clone3", 0, 0)) == "EINVAL"


def test_calls_that_no_table_has_are_not_there():
    unknown = 999
    assert in_child(lambda: call(unknown), lambda: load_seccomp(PROGRAMS["cpu"])) == "ENOSYS"
    assert in_child(lambda: call("io_setup", 1, 0), lambda: load_seccomp(PROGRAMS["cpu"])) == "ENOSYS"
    assert in_child(lambda: call("io_setup", 1, 0), lambda: load_seccomp(PROGRAMS["cuda"])) == "EFAULT"


def test_no_call_is_in_two_tables():
    denied, allowed, absent = names(*DENIED.values()), names(*ALLOWED.values()), names(ABSENT)
    together = [*denied, *allowed, *absent]
    assert sorted(together) == sorted(set(together))
    assert set(names(METADATA)) <= {*allowed, "file_setattr"}


def test_numbers_of_newer_calls_agree_with_libseccomp():
    import pyseccomp  # noqa: PLC0415 - after the check that libseccomp is there

    known = {name: pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, name) for name in NUMBERS}
    assert {name: found for name, found in known.items() if found not in {-1, NUMBERS[name]}} == {}


@pytest.mark.parametrize("device", PROGRAMS)
def test_a_filter_is_not_too_long(device):
    assert len(PROGRAMS[device]) % INSTRUCTION.size == 0
    assert 100 < len(PROGRAMS[device]) // INSTRUCTION.size < MOST_INSTRUCTIONS


SIGCHLD = 17


def cloned(flag):
    """Make a child with a flag of clone; the child itself ends at once."""
    found = ctypes.CDLL(None, use_errno=True).syscall(
        ctypes.c_long(number("clone")), ctypes.c_long(flag | SIGCHLD), None, None, None, None
    )
    if found == 0:
        os._exit(0)
    if found < 0:
        return errno.errorcode[ctypes.get_errno()]
    os.waitpid(found, 0)
    return "ok"


@pytest.mark.parametrize("flag", CLONE_NAMESPACES)
def test_no_namespace_by_clone(under, flag):
    assert in_child(lambda: cloned(CLONE_NAMESPACES[flag]), under) == "EPERM"
    assert in_child(lambda: cloned(CLONE_NAMESPACES[flag] | 1 << 32), under) == "EPERM"
    if os.geteuid() == 0:
        assert in_child(lambda: cloned(CLONE_NAMESPACES[flag])) == "ok"


def test_a_plain_clone_works(under):
    assert in_child(lambda: cloned(0), under) == "ok"


def test_no_user_namespace_by_unshare(under):
    new_user = CLONE_NAMESPACES["user"]
    assert in_child(lambda: call("unshare", new_user), become_ordinary, under) == "EPERM"
    assert in_child(lambda: call("unshare", new_user)) == "ok"


def test_a_process_cannot_be_traced(under):
    assert in_child(lambda: call("ptrace", 0, 0, 0, 0), under) == "EPERM"
    assert in_child(lambda: call("ptrace", 0, 0, 0, 0)) == "ok"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root could without the filter")
def test_nothing_is_mounted(under, tmp_path):
    mount = ctypes.CDLL(None, use_errno=True).mount

    def alone():
        assert call("unshare", CLONE_NAMESPACES["mount"]) == "ok"
        assert mount(b"none", b"/", None, 0x44000, None) == 0  # private, so that nobody else sees it

    def mounted():
        found = mount(b"x", os.fsencode(tmp_path), b"tmpfs", 0, None)
        return "ok" if found == 0 else errno.errorcode[ctypes.get_errno()]

    assert in_child(mounted, alone, under) == "EPERM"
    assert in_child(mounted, alone) == "ok"


def opened(family, kind, protocol=0):
    def attempt():
        socket.socket(family, kind, protocol).close()
        return "ok"

    return attempt


NETLINK_AUDIT, ICMP, SCTP, MPTCP, KEY, VSOCK, ALG, PACKET = 9, 1, 132, 262, 15, 40, 38, 17
STREAM, DATAGRAM, RAW = socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW


@pytest.mark.parametrize(
    ("family", "kind", "protocol"),
    [
        (PACKET, RAW, 0),
        (socket.AF_NETLINK, RAW, NETLINK_AUDIT),
        (socket.AF_INET, RAW, ICMP),
        (socket.AF_INET6, RAW, 58),
    ],
)
def test_dangerous_sockets(under, family, kind, protocol):
    assert in_child(opened(family, kind, protocol), under) == "EPERM"
    if os.geteuid() == 0:
        assert in_child(opened(family, kind, protocol)) == "ok"


@pytest.mark.parametrize(
    ("family", "kind", "protocol"),
    [
        (VSOCK, STREAM, 0),
        (ALG, socket.SOCK_SEQPACKET, 0),
        (KEY, RAW, 2),
        (socket.AF_INET, STREAM, SCTP),
        (socket.AF_INET, STREAM, MPTCP),
        (socket.AF_INET, DATAGRAM, ICMP),
    ],
)
def test_sockets_that_this_kernel_may_lack(under, family, kind, protocol):
    assert in_child(opened(family, kind, protocol), under) == "EPERM"
    assert in_child(opened(family, kind, protocol)) != "EPERM"


def test_the_upper_half_of_an_argument_does_not_fool_the_filter(under):
    assert in_child(lambda: call("socket", VSOCK | 1 << 32, STREAM, 0), under) == "EPERM"
    assert in_child(lambda: call("ioctl", 0, TIOCSTI | 1 << 32, b"x"), under) == "EPERM"


@pytest.mark.parametrize("family", [socket.AF_UNIX, socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK])
def test_ordinary_sockets_open(under, family):
    assert in_child(opened(family, DATAGRAM), under) == "ok"


def test_without_a_network_only_local_sockets_open():
    shared = lambda: load_seccomp(SHARED)  # noqa: E731 - a step for the child
    for kind in (STREAM, DATAGRAM):
        assert in_child(opened(socket.AF_INET, kind), shared) == "EPERM"
        assert in_child(opened(socket.AF_INET6, kind), shared) == "EPERM"
        assert in_child(opened(socket.AF_UNIX, kind), shared) == "ok"
    assert in_child(opened(socket.AF_NETLINK, RAW), shared) == "ok"


@pytest.mark.parametrize("command", [TIOCSTI, TIOCLINUX, TIOCSETD])
def test_a_terminal_takes_no_false_input(under, command):
    def attempt():
        _, terminal = pty.openpty()
        fcntl.ioctl(terminal, command, struct.pack("i", 0))
        return "ok"

    assert in_child(attempt, under) == "EPERM"
    if os.geteuid() == 0:
        assert in_child(attempt) != "EPERM"


@pytest.mark.parametrize("persona", [0x8, 0x400000, 0x80000000, 0x80000008, 0x40008, 0x7FFFFFFF])
def test_no_other_personality(under, persona):
    assert in_child(lambda: call("personality", persona), under) == "EPERM"
    assert in_child(lambda: call("personality", persona)) == "ok"


def test_usual_personalities(under):
    usual = (0, 0x40000, 0xFFFFFFFF)
    assert in_child(lambda: [call("personality", persona) for persona in usual], under) == ["ok"] * 3


def test_limits_of_another_process_stay(under):
    parent = os.getpid()
    limits = bytes(16)
    assert in_child(lambda: call("prlimit64", parent, 7, None, limits), under) == "EPERM"
    assert in_child(lambda: call("prlimit64", parent, 7, None, limits)) == "ok"
    assert in_child(lambda: call("prlimit64", 0, 7, None, limits), under) == "ok"


def machine_code(code):
    """Run bytes as a function."""
    memory = mmap.mmap(-1, mmap.PAGESIZE, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    memory.write(code)
    address = ctypes.addressof(ctypes.c_char.from_buffer(memory))
    return ctypes.CFUNCTYPE(ctypes.c_int)(address)()


@pytest.mark.skipif(platform.machine() != "x86_64", reason="calls of 32-bit x86 programs")
def test_32_bit_calls_end_the_process(under):
    getpid = b"\xb8\x14\x00\x00\x00\xcd\x80\xc3"  # mov eax, 20; int 0x80; ret
    control = in_child(lambda: machine_code(getpid))
    if control == "SIGSEGV":
        pytest.skip("this kernel runs no 32-bit programs")
    assert isinstance(control, int)
    assert in_child(lambda: machine_code(getpid), under) == "SIGSYS"


@pytest.mark.skipif(platform.machine() != "x86_64", reason="the x32 calls of x86")
def test_x32_calls_end_the_process(under):
    getpid = 0x40000000 | number("getpid")
    assert in_child(lambda: call(getpid), under) == "SIGSYS"
    assert in_child(lambda: call(getpid)) != "SIGSYS"


def test_metadata_of_files_cannot_change_where_files_are_shared(tmp_path):
    file = tmp_path / "mine"
    file.write_text("x")
    file.chmod(0o600)

    def change():
        file.chmod(0o777)
        os.utime(file, (1, 1))
        return oct(file.stat().st_mode), int(file.stat().st_mtime)

    mode, changed = in_child(change, lambda: load_seccomp(SHARED))
    assert mode.endswith("600")
    assert changed > 1
    mode, changed = in_child(change)
    assert (mode[-3:], changed) == ("777", 1)


def test_the_filter_reaches_every_thread_that_is_already_there():
    import threading  # noqa: PLC0415 - the child's

    def work():
        go, found = threading.Event(), []
        other = threading.Thread(target=lambda: (go.wait(), found.append(call("ptrace", -1, 0, 0, 0))))
        other.start()
        load_seccomp(PROGRAMS["cpu"])
        go.set()
        other.join()
        return found

    assert in_child(work) == ["EPERM"]


def test_no_new_privileges_comes_with_the_filter():
    def state():
        lines = Path("/proc/self/status").read_text().splitlines()
        return [line.split()[1] for line in lines if line.startswith(("NoNewPrivs", "Seccomp:"))]

    assert in_child(state, lambda: load_seccomp(PROGRAMS["cpu"])) == ["1", "2"]


def test_a_missing_library_says_what_to_install(monkeypatch):
    from graders.errors import SandboxError  # noqa: PLC0415 - beside its use

    monkeypatch.delitem(sys.modules, "pyseccomp")
    monkeypatch.setattr("ctypes.util.find_library", lambda name: None if name == "seccomp" else "libc.so.6")
    with pytest.raises(SandboxError, match="apt install libseccomp2"):
        program.__wrapped__("cpu")
