import pytest

from graders.by_hand import MOST_CHARACTERS, library_of

IMPORTS = "import numpy as np\nimport torch\nfrom torch import nn\n"
HONEST = """
def sigmoid(x):
    return 1 / (1 + np.exp(-x))
def backward(params, x, y):
    hidden = sigmoid(x @ params["W1"])
    return {"W1": x.T @ hidden}
"""

CHEATS = {
    "autograd": "def backward(params, x, y):\n    return torch.autograd.grad(loss, params)",
    "a layer": "def backward(params, x, y):\n    net = nn.Linear(2, 3)\n    return net",
    "another name": "import torch as np2\ndef backward(params, x, y):\n    return np2.tensor(x)",
    "imported inside": "def backward(params, x, y):\n    import torch.nn.functional as F\n    F.tanh(x)",
    "one by one": "from torch.autograd import grad\ndef backward(params, x, y):\n    return grad(x, y)",
    "a helper": "def helper(x):\n    torch.tensor(x)\ndef backward(params, x, y):\n    return helper(x)",
    "a class": "class Net(nn.Module):\n    def forward(self, x): return torch.tanh(x)\n"
    "def backward(params, x, y):\n    return Net()(x)",
    "a function within": "def backward(params, x, y):\n    def inner():\n        return torch.ones(2)\n"
    "    return inner()",
    "a default": "def backward(params, x, y):\n    f = lambda t=torch.ones(2): t\n    return f()",
    "jax": "from jax import grad as slope\ndef backward(params, x, y):\n    return slope(x)",
    "after a call": "def backward(params, x, y):\n    return torch.tensor(x).grad.numpy()",
}


@pytest.mark.parametrize("cheat", CHEATS)
def test_a_library_that_does_the_work_is_named(cheat: str) -> None:
    assert library_of([IMPORTS, CHEATS[cheat]], "backward") is not None


HONEST_ONES = {
    "NumPy alone": HONEST,
    "torch elsewhere": HONEST + "net = nn.Linear(2, 3)\nnet(torch.ones(1, 2)).sum().backward()\n",
    "compared with autograd": HONEST
    + "def check():\n    return torch.autograd.grad(1, 2), backward(1, 2, 3)\n",
    "annotated": HONEST.replace(
        "(params, x, y)", "(params: dict, x: torch.Tensor, y: torch.Tensor) -> nn.Module"
    ),
    "a variable of that name": HONEST.replace("hidden", "F") + "import torch.nn.functional as F\n",
    "a parameter of that name": HONEST.replace("(x)", "(t)").replace("-x)", "-t)") + "import torch as t\n",
    "an import that was overwritten": "from torch import sigmoid\n" + HONEST,
    "an import that was overwritten by NumPy's": "from torch import tanh\nfrom numpy import tanh\n"
    "def backward(params, x, y):\n    return tanh(x)",
    "another function's import": "from numpy import tanh\ndef check():\n    from torch import tanh\n"
    "    return tanh(1)\ndef backward(params, x, y):\n    return tanh(x)",
    "a loss of its own": HONEST.replace("    hidden =", "    loss = np.mean(x)\n    hidden =")
    + "def loss(x):\n    return torch.mean(x)\n",
    "a tensor that is taken": HONEST.replace(
        "    hidden =", "    if isinstance(x, torch.Tensor):\n        x = x.numpy()\n    hidden ="
    ),
    "a variable that is annotated": HONEST.replace("    hidden =", "    hidden: torch.Tensor ="),
    "said in a text": HONEST.replace("    hidden =", '    """As torch.autograd does."""\n    hidden ='),
    "a later one counts": "def backward(params, x, y):\n    return torch.ones(1)\n" + HONEST,
    "a method of that name": HONEST + "class F(torch.autograd.Function):\n"
    "    @staticmethod\n    def backward(context, slope): return torch.ones(1)\n",
    "calls itself": "def backward(params, x, y):\n    return backward(params, x, y)",
    "no such function": "x = 1",
}


@pytest.mark.parametrize("kind", HONEST_ONES)
def test_honest_work_is_not_accused(kind: str) -> None:
    assert library_of([IMPORTS, HONEST_ONES[kind]], "backward") is None


@pytest.mark.parametrize(
    "cell",
    [
        "%matplotlib inline\n!pip install x",
        "def broken(:",
        "\0",
        "%%writefile old.py\ndef backward(params, x, y):\n    return np.ones(2)",
        'plt.xlabel("$\\sigma$")',
        "(" * 5_000,
        "-" * 50_000 + "1",
        "x" + ".a" * 40_000,
        "[" * 150 + "]" * 150,
        "x = 1\n" * MOST_CHARACTERS,
    ],
    ids=[
        "magic",
        "syntax",
        "zero byte",
        "a file",
        "escape",
        "brackets",
        "minus",
        "attributes",
        "lists",
        "huge",
    ],
)
def test_a_cell_that_cannot_be_parsed_hides_nothing_in_the_others(cell: str) -> None:
    assert library_of([cell, IMPORTS, CHEATS["autograd"]], "backward") == "torch.autograd.grad"


def test_magic_within_the_cell_does_not_hide_it() -> None:
    assert library_of([IMPORTS, "%time x = 1\n" + CHEATS["autograd"]], "backward") == "torch.autograd.grad"
