"""Notebooks that take too long, or play with the clock."""

from battery import Case

FOREVER = "import time\nwhile True:\n    time.sleep(0.01)"
SWALLOW = """
import time
while True:
    try:
        time.sleep(0.01)
    except BaseException:
        pass
"""
SLOW = {"cell_seconds": 1.5}

CASES = (
    Case("sleeps", "time", ("import time\ntime.sleep(1000)",), statuses=("timed_out",), limits=SLOW),
    Case("busy_loop", "time", ("while True: pass",), statuses=("timed_out",), limits=SLOW),
    Case("swallows_interrupts", "time", (SWALLOW,), statuses=("timed_out",), rule="none", limits=SLOW),
    Case(
        "ignores_signals",
        "time",
        (
            "import signal\nfor n in range(1, 32):\n    try: signal.signal(n, signal.SIG_IGN)\n    except OSError: pass\n"
            + FOREVER,
        ),
        statuses=("timed_out", "killed"),
        rule="no_more",
        limits=SLOW,
    ),
    Case(
        "stuck_in_c",
        "time",
        ("import re\nre.match(r'(a+)+$', 'a' * 60 + 'b')",),
        statuses=("timed_out",),
        rule="no_more",
        limits=SLOW,
    ),
    Case(
        "predict_sleeps",
        "time",
        ("import time\npredict = lambda images: time.sleep(1000)",),
        rule="no_more",
        limits={"probe_seconds": 2},
    ),
    Case(
        "predict_swallows_interrupts",
        "time",
        ("def predict(images):\n" + "\n".join(f"    {line}" for line in SWALLOW.splitlines()),),
        statuses=("completed", "timed_out", "killed"),
        rule="no_more",
        limits={"probe_seconds": 2},
    ),
    Case("hangs_at_exit", "time", ("import atexit, time\natexit.register(time.sleep, 1000)",)),
    Case(
        "thread_that_never_ends",
        "time",
        ("import threading, time\nthreading.Thread(target=time.sleep, args=(1000,)).start()",),
    ),
    Case(
        "thread_that_spins",
        "time",
        (
            "import threading, time\nend = time.monotonic() + 5\ndef spin():\n    while time.monotonic() < end: pass\nthreading.Thread(target=spin, daemon=True).start()",
        ),
    ),
    Case(
        "many_short_cells",
        "time",
        ("import time\ntime.sleep(0.9)",) * 6,
        statuses=("timed_out",),
        limits={"total_seconds": 3},
    ),
    Case(
        "stops_the_clock",
        "time",
        ("import time\ntime.time = time.monotonic = time.perf_counter = lambda: 0.0",),
        statuses=("completed", "timed_out"),
        rule="no_more",
    ),
    Case(
        "storm_of_alarms",
        "time",
        (
            "import signal\ndef alarm(*_): raise KeyboardInterrupt\nsignal.signal(signal.SIGALRM, alarm)\nsignal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)",
        ),
        statuses=("completed", "cell_error", "timed_out", "killed"),
        rule="no_more",
        limits=SLOW,
    ),
    Case(
        "stops_itself",
        "time",
        ("import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)",),
        statuses=("timed_out",),
        rule="none",
        limits=SLOW,
    ),
)
