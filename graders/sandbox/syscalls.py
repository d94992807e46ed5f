"""The system calls of a notebook's processes, as tables: `graders.sandbox.seccomp` makes filters of them.

On the CPU a call that no table has does not exist (ENOSYS, upon which programs fall back to an older one).
On CUDA it is allowed, since the calls of a closed driver cannot be listed. DENIED, ABSENT and `conditions`
hold on both. Calls that libseccomp does not know for a processor are not there, or stand in NUMBERS.
"""

from collections.abc import Iterator
from dataclasses import dataclass

ALLOWED: dict[str, str] = {
    "files": """
        open openat openat2 creat close close_range read write readv writev pread64 pwrite64 preadv pwritev
        preadv2 pwritev2 lseek dup dup2 dup3 fcntl flock ioctl truncate ftruncate fallocate fadvise64
        readahead fsync fdatasync sync syncfs sync_file_range sendfile copy_file_range splice tee
        access faccessat faccessat2 stat lstat fstat newfstatat statx statfs fstatfs utime utimes utimensat
        futimesat chmod fchmod fchmodat fchmodat2 chown fchown lchown fchownat umask
        mkdir mkdirat rmdir rename renameat renameat2 link linkat symlink symlinkat unlink unlinkat
        readlink readlinkat mknod mknodat getdents getdents64 chdir fchdir getcwd cachestat
        getxattr lgetxattr fgetxattr listxattr llistxattr flistxattr setxattr lsetxattr fsetxattr
        removexattr lremovexattr fremovexattr getxattrat listxattrat setxattrat removexattrat
        inotify_init inotify_init1 inotify_add_watch inotify_rm_watch memfd_create
    """,
    "waiting and pipes": """
        poll ppoll select pselect6 epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait epoll_pwait2
        eventfd eventfd2 signalfd signalfd4 timerfd_create timerfd_settime timerfd_gettime pipe pipe2
    """,
    "sockets": """
        socket socketpair bind listen accept accept4 connect shutdown getsockname getpeername getsockopt
        setsockopt sendto recvfrom sendmsg recvmsg sendmmsg recvmmsg
    """,
    # mbind and its kind place one's own memory on the nodes of a large machine, as libnuma does for torch.
    "memory": """
        brk mmap munmap mremap mprotect madvise msync mincore mlock mlock2 munlock mlockall munlockall mseal
        pkey_mprotect pkey_alloc pkey_free membarrier map_shadow_stack
        mbind set_mempolicy get_mempolicy set_mempolicy_home_node
    """,
    "processes and threads": """
        clone fork vfork execve execveat exit exit_group wait4 waitid set_tid_address gettid getpid getppid
        getpgid getpgrp setpgid getsid setsid kill tkill tgkill pidfd_open pidfd_send_signal
        futex futex_waitv futex_wake futex_wait futex_requeue set_robust_list get_robust_list rseq
        arch_prctl prctl set_thread_area get_thread_area personality
    """,
    "signals": """
        rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigtimedwait rt_sigqueueinfo
        rt_tgsigqueueinfo rt_sigsuspend sigaltstack pause restart_syscall
    """,
    "time": """
        time gettimeofday clock_gettime clock_getres clock_nanosleep nanosleep times alarm getitimer setitimer
        timer_create timer_settime timer_gettime timer_getoverrun timer_delete
    """,
    "scheduling and limits": """
        sched_yield sched_getaffinity sched_setaffinity sched_getparam sched_setparam sched_getscheduler
        sched_setscheduler sched_get_priority_max sched_get_priority_min sched_rr_get_interval sched_getattr
        sched_setattr getpriority setpriority ioprio_get ioprio_set getcpu getrlimit setrlimit prlimit64
        getrusage sysinfo uname getrandom
    """,
    # Without capabilities the setters give nothing; a launcher that still has them gives them up by these.
    "identity": """
        getuid geteuid getgid getegid getresuid getresgid getgroups setuid setgid setreuid setregid setresuid
        setresgid setgroups setfsuid setfsgid capget capset
    """,
    # A process may only take rights away from itself by them.
    "own restrictions": "seccomp landlock_create_ruleset landlock_add_rule landlock_restrict_self",
}
"""What Python, NumPy, torch, ipykernel, ZMQ, shells, git, compilers and SQLite use, by purpose."""

DENIED: dict[str, str] = {
    "namespaces, mounts, roots": """
        unshare setns mount umount umount2 pivot_root chroot move_mount open_tree open_tree_attr fsopen
        fsconfig fsmount fspick mount_setattr swapon swapoff quotactl quotactl_fd
    """,
    "other processes": """
        ptrace process_vm_readv process_vm_writev kcmp pidfd_getfd process_mrelease move_pages migrate_pages
    """,
    "files without a path": "name_to_handle_at open_by_handle_at fanotify_init fanotify_mark",
    "large and rarely used parts of the kernel": """
        bpf perf_event_open userfaultfd add_key request_key keyctl memfd_secret lookup_dcookie
        modify_ldt uselib vmsplice
    """,
    # Python's multiprocessing and torch share memory through /dev/shm; these outlive their makers.
    "System V and POSIX queues": """
        shmget shmat shmctl shmdt semget semop semtimedop semctl msgget msgsnd msgrcv msgctl
        mq_open mq_unlink mq_timedsend mq_timedreceive mq_notify mq_getsetattr
    """,
    # Only a privileged process could; refused before the kernel has to decide that.
    "the machine": """
        init_module finit_module delete_module kexec_load kexec_file_load reboot iopl ioperm syslog acct
        vhangup sethostname setdomainname settimeofday clock_settime clock_adjtime adjtimex
    """,
}
"""What no notebook may call, by purpose: EPERM."""

ABSENT = "clone3 io_uring_setup io_uring_enter io_uring_register statmount listmount listns"
"""What libraries try first and have a substitute for: ENOSYS. The flags of clone3 cannot be filtered, since
they lie in memory; those of clone, which glibc then takes, can."""

METADATA = """
    chmod fchmod fchmodat fchmodat2 chown fchown lchown fchownat utime utimes utimensat futimesat
    setxattr lsetxattr fsetxattr removexattr lremovexattr fremovexattr setxattrat removexattrat file_setattr
"""
"""What changes a file's rights, owner, times and attributes, on any path, which Landlock does not watch."""

NUMBERS: dict[str, int] = {
    "pidfd_send_signal": 424, "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427,
    "open_tree": 428, "move_mount": 429, "fsopen": 430, "fsconfig": 431, "fsmount": 432, "fspick": 433,
    "pidfd_open": 434, "clone3": 435, "close_range": 436, "openat2": 437, "pidfd_getfd": 438,
    "faccessat2": 439, "epoll_pwait2": 441, "mount_setattr": 442, "quotactl_fd": 443,
    "landlock_create_ruleset": 444, "landlock_add_rule": 445, "landlock_restrict_self": 446,
    "memfd_secret": 447, "process_mrelease": 448, "futex_waitv": 449, "set_mempolicy_home_node": 450,
    "cachestat": 451, "fchmodat2": 452, "map_shadow_stack": 453, "futex_wake": 454, "futex_wait": 455,
    "futex_requeue": 456, "statmount": 457, "listmount": 458, "mseal": 462, "setxattrat": 463,
    "getxattrat": 464, "listxattrat": 465, "removexattrat": 466, "open_tree_attr": 467, "file_setattr": 469,
    "listns": 470,
}  # fmt: skip
"""Calls that an older libseccomp does not know; numbers from 424 are the same on all processors."""

AF_UNIX, AF_INET, AF_INET6, AF_NETLINK = 1, 2, 10, 16
SOCK_STREAM, SOCK_DGRAM = 1, 2
IPPROTO_DEFAULT, IPPROTO_TCP, IPPROTO_UDP = 0, 6, 17
NETLINK_ROUTE = 0
OWN_PROCESS = 0
"""What prlimit64 takes for its caller, and the C library always gives it."""
CLONE_NAMESPACES = {
    "mount": 0x20000, "cgroup": 0x2000000, "uts": 0x4000000, "ipc": 0x8000000, "user": 0x10000000,
    "pid": 0x20000000, "net": 0x40000000,
}  # fmt: skip
"""Flags of clone; the one for time namespaces is only in clone3 and unshare."""
TIOCSTI, TIOCLINUX, TIOCSETD = 0x5412, 0x541C, 0x5423
"""Put input into a terminal, likewise on a console, and load a line discipline."""
FS_IOC_SETFLAGS, FS_IOC_FSSETXATTR = 0x40086602, 0x401C5820
PERSONALITIES = frozenset({0, 0x0040000, 0xFFFFFFFF})
"""The ordinary one, the one without random addresses for debuggers, and the question which it is."""

INT = 0xFFFFFFFF
"""The kernel looks at these bits of an argument that is an int; the others may be anything."""


@dataclass(frozen=True, slots=True)
class Condition:
    """Arguments under which a call is denied: all of `when` hold."""

    call: str
    when: tuple[tuple[int, int, int], ...]
    """(argument, mask, value): the argument's bits under the mask are the value."""


def other_values(allowed: frozenset[int], bits: int = 32) -> Iterator[tuple[int, int]]:
    """Pairs (mask, value) that together match every number of `bits` bits except the allowed ones.

    >>> sorted(other_values(frozenset({1, 2}), bits=2))
    [(3, 0), (3, 3)]
    """

    def beside(mask: int, value: int, bit: int) -> Iterator[tuple[int, int]]:
        if not any(number & mask == value for number in allowed):
            yield mask, value
        elif bit:
            half = bit >> 1
            yield from beside(mask | bit, value, half)
            yield from beside(mask | bit, value | bit, half)

    return beside(0, 0, 1 << (bits - 1))


def conditions(network: bool, metadata: bool) -> Iterator[Condition]:
    """What is denied because of its arguments.

    Args:
        network: whether Internet sockets may be made, for a run in a network namespace of its own.
        metadata: whether the ioctls that change a file's attributes are allowed.
    """
    for flag in CLONE_NAMESPACES.values():
        yield Condition("clone", ((0, flag, flag),))
    families = frozenset({AF_UNIX, AF_NETLINK, *((AF_INET, AF_INET6) if network else ())})
    for mask, value in other_values(families):
        yield Condition("socket", ((0, mask, value),))
    for mask, value in other_values(frozenset({AF_UNIX})):
        yield Condition("socketpair", ((0, mask, value),))
    for mask, value in other_values(frozenset({NETLINK_ROUTE})):
        yield Condition("socket", ((0, INT, AF_NETLINK), (2, mask, value)))
    for family in (AF_INET, AF_INET6) if network else ():
        for mask, value in other_values(frozenset({SOCK_STREAM, SOCK_DGRAM}), bits=4):
            yield Condition("socket", ((0, INT, family), (1, mask, value)))
        # Ping, SCTP, MPTCP and others are modules of the kernel that no course needs.
        for mask, value in other_values(frozenset({IPPROTO_DEFAULT, IPPROTO_TCP, IPPROTO_UDP})):
            yield Condition("socket", ((0, INT, family), (2, mask, value)))
    # Where there is no process namespace it would reach the grader's own processes.
    for mask, value in other_values(frozenset({OWN_PROCESS})):
        yield Condition("prlimit64", ((0, mask, value),))
    commands = (TIOCSTI, TIOCLINUX, TIOCSETD, *(() if metadata else (FS_IOC_SETFLAGS, FS_IOC_FSSETXATTR)))
    for command in commands:
        yield Condition("ioctl", ((1, INT, command),))
    for mask, value in other_values(PERSONALITIES):
        yield Condition("personality", ((0, mask, value),))
