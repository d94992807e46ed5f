"""Notebooks that look for what lies outside: each prints `DONE:name` where it got there, or a canary's words."""

from battery import Case

ATTEMPT = """
import ctypes, glob, os, socket, subprocess, sys
libc = ctypes.CDLL(None, use_errno=True)
def attempt(name, action):
    try:
        told = action()
    except BaseException as error:
        print("refused", name, type(error).__name__, str(error)[:80])
        return
    print("DONE" + ":" + name, str(told)[:300])
def ran(*command):
    subprocess.run(command, check=True, capture_output=True, timeout=5)
def call(number, *arguments):
    got = libc.syscall(number, *arguments)
    if got < 0 and ctypes.get_errno() in (1, 38):
        raise OSError(ctypes.get_errno(), "refused")
    return got, ctypes.get_errno()
def ended(action):
    if action() == 0: return
    raise OSError(ctypes.get_errno(), "refused")
"""
ROOT_HAS_NAMESPACES = {"bubblewrap root": "user namespaces are not disabled where root grades"}
NO_FILTER = {"bubblewrap": "no filter of system calls"}


def tries(name: str, code: str, *more: str, **how: object) -> Case:
    """A case that must be refused one thing."""
    return Case(name, "escape", (ATTEMPT + code,), done=(name, *more), **how)


ALONE = (
    Case(
        "reads_another_student",
        "escape",
        ("print(open('@HOST@/other/answer.txt').read())",),
        statuses=("cell_error",),
        traces=("@CANARY@",),
        open_control=True,
    ),
    Case(
        "searches_the_disk",
        "escape",
        ("import glob\nfor path in glob.glob('@PLACES@', recursive=True): print(open(path).read())",),
        traces=("@CANARY@",),
        open_control=True,
    ),
    tries(
        "reads_the_secret",
        "attempt('reads_the_secret', lambda: open('@ROOT@/sample.secret').read())",
        open_control=True,
    ),
    tries(
        "imports_the_toolkit",
        "attempt('imports_the_toolkit', lambda: __import__('graders.data'))",
        open_control=True,
    ),
    Case(
        "reads_environments",
        "escape",
        (
            "import glob\nfor path in glob.glob('/proc/*/environ'):\n    try: print(open(path).read())\n    except OSError: pass",
        ),
        traces=("@CANARY@",),
        open_control=True,
    ),
    Case(
        "looks_at_processes",
        "escape",
        (
            "import glob\nfor path in glob.glob('/proc/*/cmdline'):\n    try: print(open(path).read().replace(chr(0), ' '))\n    except OSError: pass",
        ),
        traces=("86400.@NUMBER@",),
        open_control=True,
    ),
    tries(
        "reads_memory_of_others",
        "for pid in {1, os.getppid()}: attempt('reads_memory_of_others', lambda: open(f'/proc/{pid}/mem', 'rb').read(1))",
        known={},
    ),
    tries(
        "traces_others",
        "libc.ptrace.argtypes = (ctypes.c_long,) * 4\nfor pid in {1, os.getppid()}: attempt('traces_others', lambda: ended(lambda: libc.ptrace(0x4206, pid, 0, 0)))",
    ),
    tries(
        "makes_a_user_namespace",
        "attempt('makes_a_user_namespace', lambda: ran('unshare', '--user', 'true'))",
        open_control=True,
        known=ROOT_HAS_NAMESPACES,
    ),
    tries(
        "makes_namespaces",
        "attempt('makes_namespaces', lambda: ran('unshare', '--user', '--map-root-user', '--net', '--mount', '--pid', '--fork', 'true'))",
        known=ROOT_HAS_NAMESPACES,
    ),
    tries(
        "mounts",
        "attempt('mounts', lambda: ended(lambda: libc.mount(b'x', b'/tmp', b'tmpfs', 0, 0)))\nattempt('unmounts', lambda: ended(lambda: libc.umount2(b'/proc', 2)))",
        "unmounts",
    ),
    tries(
        "becomes_root",
        "attempt('becomes_root', lambda: os.setuid(0))\nfor path in ('/bin/su', '/usr/bin/mount', '/usr/bin/passwd'):\n    pass\nif 'NoNewPrivs:\\t1' not in open('/proc/self/status').read(): print('DONE' + ':new_privileges')",
        "new_privileges",
        open_control=True,
    ),
    tries(
        "raw_sockets",
        "attempt('raw_sockets', lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, 1))\nattempt('packet_sockets', lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW))",
        "packet_sockets",
    ),
    tries(
        "connects_to_the_host",
        "attempt('connects_to_the_host', lambda: socket.create_connection(('127.0.0.1', @PORT@), 2))",
        open_control=True,
    ),
    tries(
        "abstract_socket",
        "s = socket.socket(socket.AF_UNIX)\nattempt('abstract_socket', lambda: s.connect(chr(0) + '@TOKEN@'))",
        open_control=True,
    ),
    tries(
        "socket_of_the_host",
        "s = socket.socket(socket.AF_UNIX)\nattempt('socket_of_the_host', lambda: s.connect('@HOST@/listener'))\nfor path in ('/var/run/docker.sock', '/run/docker.sock', '/run/systemd/private', '/run/dbus/system_bus_socket'):\n    attempt('service', lambda: socket.socket(socket.AF_UNIX).connect(path))",
        "service",
        open_control=True,
    ),
    tries(
        "names_on_the_network",
        "attempt('names_on_the_network', lambda: socket.getaddrinfo('example.com', 80))\nattempt('packets', lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 53)))",
        "packets",
    ),
    tries(
        "keyring",
        "attempt('keyring', lambda: call(248, b'user', b'x', b'y', 1, -2))",
        open_control=True,
        known=NO_FILTER,
    ),
    tries(
        "kernel_interfaces",
        "for number in (321, 298, 323, 425, 248, 250): attempt('kernel_interfaces', lambda: call(number, 0, 0, 0, 0, 0))",
        open_control=True,
        known=NO_FILTER,
    ),
    tries(
        "hypervisor_socket",
        "attempt('hypervisor_socket', lambda: socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM))\nattempt('crypto_socket', lambda: socket.socket(socket.AF_ALG, socket.SOCK_SEQPACKET))",
        "crypto_socket",
        known=NO_FILTER,
    ),
    tries(
        "writes_to_the_system",
        "# below /tmp the course is in a folder of the notebook's own\nown = '@ROOT@'.startswith('/tmp/')\nfor path in ('/usr', '/etc', '/bin', sys.prefix, sys.base_prefix, '/', '/dev', '/proc/sys/kernel', '/sys', '/data', 'data/FashionMNIST', 'data/FashionMNIST/raw', *(() if own else ('@ROOT@',))):\n    attempt('writes_to_the_system', lambda: os.close(os.open(path + '/@TOKEN@', os.O_CREAT | os.O_WRONLY)))",
    ),
    tries(
        "changes_the_machinery",
        "import inside\nfor folder in (*inside.__path__, os.path.dirname(inside.__path__[0])):\n    attempt('changes_the_machinery', lambda: os.close(os.open(folder + '/@TOKEN@', os.O_CREAT | os.O_WRONLY)))",
    ),
    tries(
        "sets_the_kernel",
        "for path in ('kernel/core_pattern', 'vm/overcommit_memory', 'kernel/hostname', 'net/ipv4/ip_forward'):\n    attempt('sets_the_kernel', lambda: open('/proc/sys/' + path, 'r+'))",
    ),
    tries(
        "makes_devices",
        "attempt('makes_devices', lambda: os.mknod('disk', 0o60600, os.makedev(8, 0)))\nfor name in ('mem', 'kmsg', 'sda', 'vda', 'kvm', 'fuse', 'loop-control'):\n    attempt('opens_devices', lambda: open('/dev/' + name, 'rb'))",
        "opens_devices",
    ),
    tries(
        "changes_root",
        "attempt('changes_root', lambda: os.chroot('.'))\nattempt('pivots', lambda: ended(lambda: libc.syscall(155, b'.', b'.')))",
        "pivots",
    ),
    tries(
        "inherited_files",
        "for number in range(3, 400):\n    attempt('inherited_folder', lambda: os.listdir(number))\n    try:\n        found = socket.socket(fileno=os.dup(number))\n        if found.type == socket.SOCK_SEQPACKET: print('DONE' + ':inherited_files')\n    except OSError: pass",
        "inherited_folder",
    ),
    tries(
        "debugs_the_kernel_log",
        "buffer = ctypes.create_string_buffer(4096)\ndef read():\n    got = libc.klogctl(3, buffer, 4096)\n    if got < 0: raise OSError(ctypes.get_errno(), 'refused')\n    return got\nattempt('debugs_the_kernel_log', read)",
    ),
)

CASES = (
    *ALONE,
    Case(
        "everything_at_once",
        "escape",
        tuple(cell for case in ALONE for cell in case.cells),
        statuses=("cell_error",),
        done=tuple(name for case in ALONE for name in case.done),
        traces=tuple(trace for case in ALONE for trace in case.traces),
        known={**NO_FILTER, **ROOT_HAS_NAMESPACES},
    ),
)
