"""Notebooks that print too much, or what a careless reader would take for something else."""

from battery import Case

SCRIPT = "<script>alert('@TOKEN@')</script>"
FLOODED = ("output_limit", "timed_out")
"""A slow machine may not get to the limit of output within that of time."""

CASES = (
    Case("endless_print", "output", ("while True: print('x' * 1000)",), statuses=FLOODED),
    Case("endless_stderr", "output", ("import os\nwhile True: os.write(2, b'x' * 5000)",), statuses=FLOODED),
    Case(
        "one_message_of_60_mb",
        "output",
        ("from IPython.display import display, HTML\ndisplay(HTML('x' * 60_000_000))",),
        statuses=FLOODED,
    ),
    Case(
        "messages_below_the_cap",
        "output",
        ("from IPython.display import display, HTML\nfor _ in range(30): display(HTML('x' * 3_900_000))",),
        statuses=FLOODED,
        rule="no_more",
    ),
    Case(
        "one_message_of_many_frames",
        "output",
        (
            "import time, zmq\nsocket, block = get_ipython().kernel.iopub_thread.socket, bytes(3_900_000)\nfor _ in range(400): socket.send(block, zmq.SNDMORE, copy=False)\nsocket.send(b'')\ntime.sleep(20)",
        ),
        statuses=FLOODED,
        rule="no_more",
    ),
    Case(
        "message_that_never_ends",
        "output",
        (
            "import zmq\nsocket, block = get_ipython().kernel.iopub_thread.socket, bytes(3_900_000)\nwhile True: socket.send(block, zmq.SNDMORE, copy=False)",
        ),
        statuses=(*FLOODED, "out_of_memory"),
        rule="no_more",
    ),
    Case(
        "floods_a_channel_nobody_reads",
        "output",
        (
            "import threading, time, zmq\nfrom ipykernel.kernelapp import IPKernelApp\nclient = get_ipython().kernel.get_parent()['header']['session'].encode()\nsocket, block = IPKernelApp.instance().control_socket, bytes(3_900_000)\ndef flood():\n    while True:\n        try: socket.send_multipart([client] + [block] * 20, zmq.NOBLOCK, copy=False)\n        except zmq.ZMQError: pass\n        time.sleep(0.005)\nthreading.Thread(target=flood, daemon=True).start()\ntime.sleep(9)",
        ),
        statuses=("timed_out",),
        rule="no_more",
    ),
    Case(
        "endless_displays",
        "output",
        ("from IPython.display import display\nwhile True: display(1)",),
        statuses=FLOODED,
    ),
    Case(
        "endless_updates",
        "output",
        (
            "from IPython.display import display\nhandle = display('a', display_id=True)\nwhile True: handle.update('b' * 99)",
        ),
        statuses=FLOODED,
    ),
    Case(
        "endless_clearing",
        "output",
        ("from IPython.display import clear_output\nwhile True:\n    print('x'); clear_output(wait=True)",),
        statuses=FLOODED,
    ),
    Case(
        "endless_display_ids",
        "output",
        (
            "from IPython.display import display\nn = 0\nwhile True:\n    n += 1\n    display(n, display_id=str(n))",
        ),
        statuses=FLOODED,
    ),
    Case(
        "comm_flood",
        "output",
        (
            "from comm import create_comm\ncomm = create_comm(target_name='x')\nwhile True: comm.send({'x': 'y' * 1000})",
        ),
        statuses=FLOODED,
    ),
    Case("asks_for_input", "output", ("input('password? ')",), statuses=("cell_error",)),
    Case(
        "terminal_escapes",
        "output",
        ("raise ValueError('\\x1b]0;owned\\x07\\x1b[2J\\x1b[31m@TOKEN@')",),
        statuses=("cell_error",),
        markup=("\x1b", "\x07"),
    ),
    Case(
        "script_in_an_exception",
        "output",
        (f'raise type("{SCRIPT}", (Exception,), {{}})("{SCRIPT}<img src=x onerror=alert(1)>")',),
        statuses=("cell_error",),
        markup=("<script>alert('@TOKEN@", "<img src=x onerror"),
    ),
    Case(
        "script_in_an_output",
        "output",
        (
            f'from IPython.display import HTML, display, Javascript\ndisplay(HTML("{SCRIPT}")); display(Javascript("alert(1)"))\nprint("accuracy 0.5 {SCRIPT}")',
        ),
        markup=("<script>alert('@TOKEN@",),
    ),
    Case(
        "half_a_surrogate_pair",
        "output",
        ("print('\\ud800')", "raise ValueError('\\udfff')"),
        statuses=("cell_error",),
    ),
    Case(
        "nul_and_right_to_left",
        "output",
        ("print('\\x00\\u202e')\nraise ValueError('\\x00\\u202egpj.exe')",),
        statuses=("cell_error",),
        markup=("\x00",),
    ),
    Case("bytes_that_are_no_text", "output", ("import os\nos.write(1, bytes(range(256)))",)),
    Case(
        "exception_that_cannot_be_printed",
        "output",
        (
            "class Unkind(Exception):\n    def __str__(self): raise RuntimeError('no')\n    __repr__ = __str__\nraise Unkind",
        ),
        statuses=("cell_error",),
    ),
    Case(
        "exception_that_prints_for_ever",
        "output",
        ("class Long(Exception):\n    def __str__(self):\n        while True: pass\nraise Long",),
        statuses=("timed_out", "cell_error"),
        rule="no_more",
        limits={"cell_seconds": 1.5},
    ),
    Case(
        "exception_of_5_mb",
        "output",
        ("raise ValueError('x' * 5_000_000)",),
        statuses=("output_limit", "cell_error"),
        rule="no_more",
    ),
    Case("endless_recursion", "output", ("def f(): return f()\nf()",), statuses=("cell_error", "timed_out")),
    Case(
        "failing_cells",
        "output",
        ("raise ValueError('y' * 9000)  # " + "z" * 3900,) * 60,
        statuses=("cell_error", "output_limit", "timed_out"),
        rule="no_more",
        limits={"output_mib": 16},
        seconds=300,
    ),
    Case(
        "deep_json",
        "output",
        (
            "from IPython.display import display\nx = 1\nfor _ in range(900): x = [x]\ndisplay({'application/json': x}, raw=True)",
        ),
        statuses=("completed", "cell_error"),
        rule="no_more",
    ),
)
