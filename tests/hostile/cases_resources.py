"""Notebooks that take more than their share of the machine."""

from battery import Case

FILL = """
def fill(path):
    with open(path, 'wb') as file:
        for _ in range(200):
            file.write(bytes(2**20))
fill({path!r})
"""
DAEMON = """
import os, subprocess
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execvp('sleep', ['sleep', '600.@NUMBER@'])
    os._exit(0)
os.wait()
import time; time.sleep(0.3)
"""
TMP, SHM = "/tmp/@TOKEN@", "/dev/shm/@TOKEN@"  # noqa: S108 - the sandbox's own
MEMORY = {"memory_mib": 700}
DEAD = ("killed", "out_of_memory", "timed_out", "cell_error", "disk_limit")
HOG = """
import time
kept = []
for _ in range(30):
    kept.append(bytearray(b'x') * (60 * 2**20))
    time.sleep(0.05)
"""
SHARED = """
import ctypes, time
libc = ctypes.CDLL(None, use_errno=True)
libc.shmat.restype = ctypes.c_void_p
libc.shmat.argtypes = (ctypes.c_int, ctypes.c_void_p, ctypes.c_int)
libc.shmdt.argtypes = (ctypes.c_void_p,)
for n in range(4):
    number = libc.shmget(0, ctypes.c_size_t(300 * 2**20), 0o1600)
    if number < 0: raise OSError(ctypes.get_errno(), 'shmget')
    place = libc.shmat(number, None, 0)
    if place in (None, 2**64 - 1): raise OSError(ctypes.get_errno(), 'shmat')
    ctypes.memset(place, 1, 300 * 2**20)
    libc.shmdt(place)
time.sleep(1)
print("DONE" + ":unseen_memory")
"""
MEMFD = """
import os, time
kept = []
for n in range(4):
    kept.append(os.memfd_create("x"))
    for _ in range(300): os.write(kept[-1], bytes(2**20))
time.sleep(1)
print("DONE" + ":unseen_memory")
"""
INODES = """
import os
os.mkdir("many"); os.chdir("many")
try:
    for n in range(150_000): os.close(os.open(str(n), os.O_CREAT))
    print("DONE" + ":many_files")
finally:
    os.chdir("..")
"""
NO_CGROUP = "no memory cgroup: memory that no process has mapped is not seen"

CASES = (
    Case(
        "memory_bit_by_bit", "resources", (HOG,), statuses=("out_of_memory",), rule="no_more", limits=MEMORY
    ),
    Case(
        "memory_at_once",
        "resources",
        ("x = bytearray(40 * 2**30)",),
        statuses=("out_of_memory",),
        limits=MEMORY,
    ),
    Case(
        "memory_of_children",
        "resources",
        (
            "import os, time\nfor _ in range(4):\n    if os.fork() == 0:\n        block = bytearray(b'x') * (250 * 2**20)\n        time.sleep(60)\ntime.sleep(60)",
        ),
        statuses=("out_of_memory",),
        rule="none",
        limits=MEMORY,
    ),
    Case(
        "memory_in_predict",
        "resources",
        ("def predict(images):\n    kept = []\n    while True: kept.append(bytearray(b'x') * (50 * 2**20))",),
        statuses=("completed", "out_of_memory"),
        rule="no_more",
        limits=MEMORY,
    ),
    Case(
        "memory_no_process_has",
        "resources",
        (MEMFD,),
        statuses=DEAD,
        rule="no_more",
        done=("unseen_memory",),
        limits=MEMORY,
        known={"bubblewrap": NO_CGROUP},
    ),
    Case(
        "memory_of_system_v",
        "resources",
        (SHARED,),
        statuses=DEAD,
        rule="no_more",
        done=("unseen_memory",),
        limits=MEMORY,
        known={"bubblewrap": NO_CGROUP},
    ),
    Case(
        "fork_bomb",
        "resources",
        ("import os\nwhile True: os.fork()",),
        statuses=DEAD,
        rule="no_more",
        limits={"cell_seconds": 2},
    ),
    Case(
        "thread_bomb",
        "resources",
        ("import threading, time\nwhile True: threading.Thread(target=time.sleep, args=(60,)).start()",),
        statuses=("process_limit",),
        rule="no_more",
        limits={"cell_seconds": 3},
    ),
    Case("daemon", "resources", (DAEMON,)),
    Case("zombies", "resources", ("import os\nfor _ in range(40):\n    if os.fork() == 0: os._exit(0)",)),
    Case(
        "disk",
        "resources",
        (FILL.format(path="big"), "import os; os.remove('big')"),
        statuses=("disk_limit",),
    ),
    Case(
        "disk_of_tmp",
        "resources",
        (FILL.format(path=TMP), "import os; os.remove('/tmp/@TOKEN@')"),
        statuses=("disk_limit",),
    ),
    Case(
        "disk_of_dev_shm",
        "resources",
        (FILL.format(path=SHM),),
        statuses=("disk_limit", "out_of_memory", "cell_error"),
        rule="no_more",
    ),
    Case(
        "many_small_files",
        "resources",
        (INODES,),
        statuses=("cell_error", "disk_limit", "timed_out"),
        rule="no_more",
        done=("many_files",),
        limits={"cell_seconds": 15},
        known={"bubblewrap": "a folder in memory has no limit of files of its own there"},
    ),
    Case(
        "open_files",
        "resources",
        (
            "import os\nkept = []\nwhile True: kept.append(os.open('/dev/null', 0))",
            "for number in kept: os.close(number)",
        ),
        statuses=("cell_error", "timed_out", "killed"),
        rule="no_more",
    ),
    Case(
        "sockets_folder",
        "resources",
        (
            "import os\nfrom ipykernel.kernelapp import IPKernelApp\nfolder = os.path.dirname(IPKernelApp.instance().ip)\nwith open(folder + '/big', 'wb') as file:\n    while True: file.write(bytes(2**20))",
        ),
        statuses=("disk_limit", "cell_error"),
        rule="no_more",
    ),
    Case("crash", "resources", ("import ctypes\nctypes.string_at(0)",), statuses=("killed",), rule="none"),
    Case(
        "deep_stack",
        "resources",
        (
            "import sys\nsys.setrecursionlimit(10**9)\nclass A:\n    def __getattr__(self, name): return getattr(self, name + 'x')\nf = lambda: f()\nfrom functools import reduce\nx = []\nfor _ in range(10**6): x = [x]\nrepr(x)",
        ),
        statuses=("killed", "cell_error", "timed_out"),
        rule="no_more",
    ),
    Case("exits", "resources", ("import os\nos._exit(0)",), statuses=("killed",), rule="none"),
    Case(
        "exits_politely",
        "resources",
        ("raise SystemExit",),
        statuses=("cell_error", "killed", "completed"),
        rule="no_more",
    ),
    Case("quits", "resources", ("quit()",), statuses=("killed", "completed", "cell_error"), rule="no_more"),
    Case(
        "kills_everything",
        "resources",
        (
            "import os, signal\nfor target in (os.getppid(), 1, -1):\n    try: os.kill(target, signal.SIGKILL)\n    except OSError: pass\nimport time; time.sleep(0.5)",
        ),
        statuses=("killed", "completed"),
        rule="no_more",
    ),
    Case(
        "predict_exits",
        "resources",
        ("import os\npredict = lambda images: os._exit(0)",),
        statuses=("killed",),
        rule="none",
    ),
)
