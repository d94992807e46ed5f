"""Odd and honest notebooks, which must earn what the plain one does."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from battery import Case
from cases_files import changed, edited


def benign(name: str, *cells: str, **how: Any) -> Case:
    """An honest notebook with cells before it."""
    return Case(name, "benign", cells, first=True, **how)


def module(name: str, text: str) -> Callable[[Path], None]:
    """Puts a module of the student's own beside the notebook."""
    return lambda folder: (folder / name).write_text(text, encoding="utf-8") and None


def shuffled_counts(found: dict[str, Any]) -> None:
    for number, cell in enumerate(reversed(found["cells"])):
        cell["execution_count"] = number * 7 + 1


def same_ids(found: dict[str, Any]) -> None:
    found["cells"].insert(1, dict(found["cells"][0]))
    for cell in found["cells"]:
        cell["id"] = "same"


def old_minor(found: dict[str, Any]) -> None:
    found["nbformat_minor"] = 2
    for cell in found["cells"]:
        cell.pop("id")


def attachments(found: dict[str, Any]) -> None:
    picture = "![x](attachment:x.png)\n" + "text " * 40_000
    found["cells"].insert(
        0,
        {
            "cell_type": "markdown",
            "id": "p",
            "metadata": {},
            "source": picture,
            "attachments": {"x.png": {"image/png": "iVBORw0KGgo="}},
        },
    )
    found["cells"].insert(0, {"cell_type": "raw", "id": "r", "metadata": {}, "source": "raw\ntext"})


def kernel(name: str) -> Callable[[Path], None]:
    return changed(
        lambda found: found.update(
            metadata={
                "kernelspec": {"name": name, "display_name": f"Python ({name})", "language": "python"},
                "language_info": {"name": "python", "version": "3.8.5"},
            }
        )
    )


def sources_as_lists(found: dict[str, Any]) -> None:
    for cell in found["cells"]:
        cell["source"] = cell["source"].splitlines(keepends=True)


def windows(found: dict[str, Any]) -> None:
    for cell in found["cells"]:
        cell["source"] = cell["source"].replace("\n", "\r\n")


GUARDED = "try:\n    {}\nexcept Exception as error:\n    print('skipped', error)"

CASES = (
    benign("warnings", "import warnings, sys\nwarnings.warn('careful')\nprint('note', file=sys.stderr)"),
    benign(
        "tqdm",
        "from tqdm.auto import tqdm\nfrom tqdm import tqdm as plain\nimport time\nfor _ in tqdm(range(20)): time.sleep(0.001)\nfor _ in plain(range(20)): pass",
    ),
    benign(
        "widgets",
        "try:\n    import ipywidgets\n    from IPython.display import display\n    display(ipywidgets.IntSlider())\nexcept ImportError:\n    pass",
    ),
    benign(
        "matplotlib_inline",
        "%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2]); plt.show()",
    ),
    benign(
        "matplotlib_notebook",
        "try:\n    get_ipython().run_line_magic('matplotlib', 'notebook')\nexcept Exception:\n    pass\nimport matplotlib.pyplot as plt\nfig, ax = plt.subplots(); ax.imshow([[1, 2]]); fig.savefig('picture.png')",
    ),
    benign("shell", "!ls\n!echo {1 + 1} && pwd\nfiles = !ls\nassert files"),
    benign("bash_cell", "%%bash\nfor i in 1 2; do echo $i; done"),
    benign("capture", "%%capture captured\nprint('hidden')"),
    benign("time_magic", "%time sum(range(1000))", "%%time\nx = 5", "%timeit -n 10 -r 1 sum(range(10))"),
    benign("pip_install", "%pip install numpy torch", limits={"cell_seconds": 60}),
    benign(
        "top_level_await",
        "import asyncio\nawait asyncio.sleep(0.01)\nasync def f(): return 5\nassert await f() == 5\nasyncio.get_running_loop()",
    ),
    benign(
        "asyncio_run_guarded",
        "import asyncio\nasync def f(): return 5\ntask = f()\ntry:\n    asyncio.run(task)\nexcept RuntimeError:\n    task.close()",
    ),
    benign(
        "data_loader_workers",
        "import torch\nfrom torch.utils.data import DataLoader, TensorDataset\ndef batches():\n    return len(list(DataLoader(TensorDataset(torch.zeros(64, 3)), batch_size=8, num_workers=2)))\nassert batches() == 8",
    ),
    benign(
        "multiprocessing",
        "import multiprocessing, math\nwith multiprocessing.get_context('fork').Pool(2) as pool: assert pool.map(math.sqrt, [4, 9]) == [2, 3]\nwith multiprocessing.get_context('spawn').Pool(1) as pool: assert pool.map(math.sqrt, [4]) == [2]",
        limits={"cell_seconds": 30},
    ),
    benign(
        "threads",
        "from concurrent.futures import ThreadPoolExecutor\nwith ThreadPoolExecutor(4) as pool: assert list(pool.map(abs, [-1])) == [1]",
    ),
    benign("executed_out_of_order", files=changed(shuffled_counts)),
    benign("duplicated_cells", files=changed(same_ids)),
    benign("ids_missing", files=changed(old_minor)),
    benign("attachments_and_raw_cells", files=changed(attachments)),
    benign("sources_as_lists", files=changed(sources_as_lists)),
    benign("line_ends_of_windows", files=changed(windows)),
    benign("byte_order_mark_kept", files=edited(lambda data: b"\xef\xbb\xbf" + data)),
    benign("kernel_of_conda", files=kernel("conda-env-nn-py")),
    benign("kernel_python38", files=kernel("python3.8")),
    benign(
        "input_with_default", "try:\n    epochs = int(input('epochs? '))\nexcept Exception:\n    epochs = 3"
    ),
    benign(
        "colab_guarded",
        "try:\n    from google.colab import drive, files\n    drive.mount('/content/drive')\nexcept ImportError:\n    files = None",
    ),
    benign(
        "plots",
        "import matplotlib.pyplot as plt, numpy as np\nfor n in range(3):\n    plt.figure(figsize=(3, 2)); plt.imshow(np.eye(5)); plt.title('Точность'); plt.show()",
    ),
    benign("long_output", "for n in range(8000): print('epoch', n, 'loss', 0.123456)"),
    benign(
        "unicode",
        "точность = 0.5\nλ, 数 = 1, 2\nopen('данные ё.txt', 'w', encoding='utf-8').write('привет')\nprint(open('данные ё.txt', encoding='utf-8').read(), '🙂')",
    ),
    benign(
        "unicode_files",
        "import модуль\nassert модуль.значение == 5",
        files=module("модуль.py", "значение = 5\n"),
    ),
    benign(
        "magics_guarded",
        *(
            GUARDED.format(f"get_ipython().run_line_magic({name!r}, '')")
            for name in ("tensorboard", "nosuchmagic")
        ),
    ),
    benign(
        "displays",
        "from IPython.display import clear_output, display, HTML, Markdown\nhandle = display('a', display_id=True); handle.update('b')\nfor n in range(20): clear_output(wait=True); print(n)\ndisplay(HTML('<b>x</b>'), Markdown('# y'))",
    ),
    benign("warnings_are_errors", "import warnings\nwarnings.filterwarnings('error')"),
    benign(
        "logging",
        "import logging\nlogging.basicConfig(level=logging.DEBUG, force=True)\nlogging.getLogger().setLevel(logging.DEBUG)\nlogging.info('start')",
    ),
    benign(
        "changes_folder",
        "import os\nos.makedirs('out', exist_ok=True)\nos.chdir('out')\nopen('x', 'w').close()",
    ),
    benign(
        "changes_path",
        "import sys, os\nsys.path.insert(0, os.path.abspath('src'))\nsys.path = [p for p in sys.path if p]",
    ),
    benign(
        "checkpoints",
        "import torch\nfrom torch import nn\ntorch.save(nn.Linear(2, 2).state_dict(), 'model.pt')\nnn.Linear(2, 2).load_state_dict(torch.load('model.pt'))",
    ),
    benign(
        "pickle_sqlite_tempfile",
        "import pickle, sqlite3, tempfile\npickle.loads(pickle.dumps({1: 2}))\nbase = sqlite3.connect('x.db'); base.execute('create table t (a)'); base.commit(); base.close()\nwith tempfile.TemporaryDirectory() as folder: open(folder + '/y', 'w').close()",
    ),
    benign(
        "own_seeds",
        "import random, numpy as np, torch\nrandom.seed(5); np.random.seed(5); torch.manual_seed(5)\ntorch.use_deterministic_algorithms(True)",
    ),
    benign(
        "gradients_off",
        "import torch\ntorch.set_grad_enabled(False)\ntorch.autograd.set_detect_anomaly(True)",
    ),
    benign(
        "default_dtype",
        "import torch\ntorch.set_printoptions(precision=2)\ntorch.set_default_dtype(torch.float64)",
        "torch.set_default_dtype(torch.float32)",
    ),
    benign(
        "double_precision",
        "import torch\nfrom torch import nn",
        files=changed(
            lambda found: found["cells"].append(
                {
                    "cell_type": "code",
                    "id": "d",
                    "metadata": {},
                    "execution_count": None,
                    "outputs": [],
                    "source": "torch.set_default_dtype(torch.float64)\nmodel = model.double()\nkept = predict\npredict = lambda images: kept(images.double())",
                }
            )
        ),
    ),
    benign(
        "environment_variables",
        "import os\nos.environ['KMP_DUPLICATE_LIB_OK'] = 'TRUE'\nos.environ['CUDA_LAUNCH_BLOCKING'] = '1'\n%env X=5",
    ),
    benign("links_in_own_folder", "import os\nos.symlink('data', 'link')\nassert os.listdir('link')"),
    benign(
        "writefile",
        "%%writefile helper.py\nvalue = 5",
        "from helper import value\nassert value == 5\n%run helper.py\n%load_ext autoreload\n%autoreload 2",
    ),
    benign(
        "own_module",
        "from helper import double\nassert double(2) == 4",
        files=module("helper.py", "def double(x):\n    return 2 * x\n"),
    ),
    *(
        benign(f"own_{name}", f"import importlib, {name}", files=module(f"{name}.py", "value = 5\n"))
        for name in ("utils", "inside", "six", "attr", "probe", "launch", "calls", "student", "graders")
    ),
    benign(
        "own_train_and_main",
        files=module("train.py", "import torch\nif __name__ == '__main__':\n    raise SystemExit\n"),
    ),
    benign("torch_threads", "import torch\ntorch.set_num_threads(1)"),
    benign(
        "exit_handlers",
        "import atexit, signal\natexit.register(print, 'bye')\nsignal.signal(signal.SIGTERM, lambda *_: None)",
    ),
    benign("pandas", "import pandas as pd\npd.DataFrame({'a': [1, 2]})"),
    benign("garbage", "import gc\ngc.collect(); gc.disable()"),
    benign(
        "keyboard_interrupt_guarded", "try:\n    raise KeyboardInterrupt\nexcept KeyboardInterrupt:\n    pass"
    ),
    benign(
        "torchvision",
        "from torchvision import datasets, transforms\nassert len(datasets.FashionMNIST('data', train=True, download=True)) == 5000",
        limits={"cell_seconds": 30},
    ),
    benign("last_line_is_a_value", "import torch\nx = torch.arange(3)\nx", "5", "None", ""),
)
