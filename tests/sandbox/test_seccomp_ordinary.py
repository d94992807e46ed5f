"""What notebooks ordinarily do works under the filter."""

import shutil
import subprocess
import sys
import textwrap

import pytest

pytest.importorskip("pyseccomp", exc_type=ImportError)

from graders.sandbox.seccomp import program
from graders.sandbox.zygote.confine import load_seccomp

CPU = program("cpu")
SHARED = program("cpu", network=False, metadata=False)

BENIGN = {
    "threads": "import threading; t = threading.Thread(target=print); t.start(); t.join()",
    "fork": "import os; pid = os.fork(); pid or os._exit(0); assert os.waitpid(pid, 0)[1] == 0",
    "affinity": "import os; os.sched_setaffinity(0, os.sched_getaffinity(0)); os.nice(1)",
    "own limits": """
        import resource
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0)); resource.getrusage(resource.RUSAGE_SELF)
    """,
    "files": """
        import os, pathlib, shutil, tempfile
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "a")
            path.write_text("x"); path.chmod(0o700); os.listxattr(path); os.utime(path)
            shutil.copy2(path, folder + "/b"); os.link(path, folder + "/c"); os.symlink("a", folder + "/d")
            os.mkfifo(folder + "/e"); os.truncate(path, 0); os.rename(path, folder + "/f")
            os.mkdir(folder + "/g")
            shutil.copytree(folder + "/g", folder + "/h"); shutil.rmtree(folder + "/h")
            assert len(list(os.scandir(folder))) == 6
    """,
    "memory map": """
        import mmap, os
        m = mmap.mmap(-1, 4096); m.write(b"x"); m.flush(); m.madvise(mmap.MADV_DONTNEED)
        os.memfd_create("x"); os.eventfd(0); os.pidfd_open(os.getpid())
    """,
    "signals": """
        import signal, time
        signal.signal(signal.SIGALRM, lambda *_: None); signal.setitimer(signal.ITIMER_REAL, .01)
        signal.pause(); signal.pthread_kill(__import__("threading").get_ident(), 0); time.sleep(.001)
    """,
    "loopback": """
        import socket, threading
        with socket.create_server(("127.0.0.1", 0)) as server:
            with socket.create_connection(server.getsockname()) as near:
                far, _ = server.accept(); near.sendall(b"x"); assert far.recv(1) == b"x"; far.close()
        socket.if_nameindex(); socket.getaddrinfo("localhost", 80); socket.socketpair()
    """,
    "asyncio": """
        import asyncio, sys
        async def main():
            p = await asyncio.create_subprocess_exec(sys.executable, "-c", "print(1)", stdout=-1)
            assert (await p.communicate())[0] == b"1\\n"
            await asyncio.to_thread(print)
        asyncio.run(main())
    """,
    "sqlite": """
        import sqlite3, tempfile
        with tempfile.NamedTemporaryFile() as f:
            db = sqlite3.connect(f.name); db.execute("pragma journal_mode=wal")
            db.execute("create table t(a)")
            db.execute("insert into t values (1)"); db.commit(); db.close()
    """,
    "pseudo terminal": """
        import os, pty
        pid, terminal = pty.fork()
        if not pid: os.execvp("sh", ["sh", "-c", "test -t 0 && stty -a > /dev/null && echo fine"])
        assert b"fine" in os.read(terminal, 100); os.waitpid(pid, 0)
    """,
    "shell": """
        import subprocess
        script = 'ulimit -n 100; (sleep .01 & wait); echo a | sort; f=$(mktemp); rm "$f"; ls / > /dev/null'
        subprocess.run(["bash", "-ec", script], check=True)
        subprocess.run(["git", "--version"], check=True)
    """,
    "multiprocessing": """
        import multiprocessing as mp
        if __name__ == "__main__":
            for kind in ("fork", "spawn", "forkserver"):
                context = mp.get_context(kind)
                with context.Pool(2) as pool:
                    assert pool.map(abs, [-1, -2]) == [1, 2]
                context.Array("i", 4)[:]; context.Queue().put(1)
            with mp.Manager() as manager:
                manager.dict()["a"] = 1
            from multiprocessing.shared_memory import SharedMemory
            shared = SharedMemory(create=True, size=10); shared.close(); shared.unlink()
    """,
}


def benign(code, filter_program, folder):
    """Run a script in a fresh interpreter under a filter."""
    script = folder / "script.py"
    script.write_text(textwrap.dedent(code))
    ended = subprocess.run(
        [sys.executable, "-W", "error", script],
        preexec_fn=lambda: load_seccomp(filter_program),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=folder,
    )
    assert ended.returncode == 0, ended.stderr


@pytest.mark.parametrize("what", BENIGN)
def test_ordinary_things_work(what, tmp_path):
    benign(BENIGN[what], CPU, tmp_path)


WITHOUT_A_NETWORK = [what for what in BENIGN if what != "loopback"]


@pytest.mark.parametrize("what", WITHOUT_A_NETWORK)
def test_they_work_without_a_network_and_metadata(what, tmp_path):
    benign(BENIGN[what], SHARED, tmp_path)


TRAINING = """
    import torch
    from torch.utils.data import DataLoader, TensorDataset
    if __name__ == "__main__":
        data = TensorDataset(torch.randn(64, 8), torch.randint(2, (64,)))
        model = torch.nn.Sequential(torch.nn.Linear(8, 64), torch.nn.ReLU(), torch.nn.Linear(64, 2))
        optimiser = torch.optim.Adam(model.parameters())
        for images, labels in DataLoader(data, batch_size=16, num_workers=2):
            torch.nn.functional.cross_entropy(model(images), labels).backward(); optimiser.step()
        torch.mm(torch.randn(300, 300), torch.randn(300, 300)); torch.linalg.svd(torch.randn(50, 50))
        torch.randn(8).share_memory_()
"""


@pytest.mark.slow
def test_training_with_workers_works(tmp_path):
    benign(TRAINING, CPU, tmp_path)


@pytest.mark.skipif(shutil.which("gcc") is None, reason="no compiler here")
def test_a_compiler_works(tmp_path):
    (tmp_path / "f.c").write_text("int f(int x) { return x + 1; }\n")
    code = """
        import ctypes, subprocess
        subprocess.run(["gcc", "-O2", "-shared", "-fPIC", "f.c", "-o", "f.so"], check=True)
        assert ctypes.CDLL("./f.so").f(1) == 2
    """
    benign(code, CPU, tmp_path)
    benign(code, SHARED, tmp_path)
