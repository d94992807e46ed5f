"""What of a notebook learns again: all that `train` and `predict` need, and nothing that reads the data."""

import pytest

from graders.own.slicing import LONGEST, training_part

CELLS = [
    "%matplotlib inline\n!pip install torch\nimport torch\nimport numpy as np\nfrom torch import nn",
    "torch.manual_seed(0)\nRATE = 1e-3\nSIZES = [RATE, 8]",
    "def load_all():\n    return np.load('mine.npz'), 1, None\nX, y, _ = load_all()\nprint(X.shape)",
    "%%time\nclass Net(nn.Module):\n    width = SIZES[1]\n",
    "@torch.no_grad()\ndef predict(model, X):\n    return model(X)",
    "def train(X, y, budget):\n    return Net(helper())\n\ndef helper():\n    return RATE",
    "model = train(X, y, 60)\nmodel.eval()\nbest = {}\nbest['score'] = 1",
]


def part(*cells: str) -> str:
    return "\n".join(training_part(cells or CELLS).cells)


def test_functions_classes_constants_and_seeds_are_kept() -> None:
    text = part()
    for kept in ("import torch", "class Net", "def helper", "RATE = 0.001", "SIZES", "torch.manual_seed(0)"):
        assert kept in text
    assert "@torch.no_grad()" in text


def test_what_reads_the_data_or_trains_is_left_out() -> None:
    text = part()
    for left in ("load_all", "mine.npz", "model.eval", "print", "best", "pip"):
        assert left not in text


def test_a_global_that_train_needs_comes_with_what_makes_it() -> None:
    text = part(
        "import math\ntable = {}\ntable['a'] = math.pi",
        "def train(X, y, b):\n    return table['a']\ndef predict(m, X):\n    return X",
    )
    assert "table['a'] = math.pi" in text


@pytest.mark.parametrize(
    "cell",
    [
        "for name in ('a', 'b'):\n    OPTIONS = name",
        "if True:\n    OPTIONS = 1\nelse:\n    OPTIONS = 2",
        "try:\n    import tqdm as OPTIONS\nexcept ImportError:\n    OPTIONS = None",
        "OPTIONS: int = 3",
        "(OPTIONS, other) = (1, 2)",
        "with open('x') as OPTIONS:\n    pass",
    ],
)
def test_names_that_are_bound_in_other_ways_are_found(cell: str) -> None:
    found = part(cell, "def train(X, y, b):\n    return OPTIONS\ndef predict(m, X):\n    return X")
    assert "OPTIONS" in found.partition("def train")[0]


def test_the_last_of_two_definitions_wins_as_in_a_notebook() -> None:
    found = part("def train(X, y, b):\n    return 1", "def train(X, y, b):\n    return 2\npredict = train")
    assert found.index("return 1") < found.index("return 2")


def test_a_line_that_fails_takes_no_other_with_it() -> None:
    cell = "X, y, g = load_all()\nclasses = len(y)\ndef train(X, y, b):\n    return classes\npredict = print"
    cells = training_part([cell]).cells
    assert [text for text in cells if text.startswith("def train")]
    assert all(text.count("\ndef ") == 0 for text in cells)


def test_what_is_missing_is_named() -> None:
    assert training_part(["def train(X, y, b): pass"]).missing == ("predict",)
    assert training_part([]).missing == ("train", "predict")


def test_a_train_that_is_no_function_definition_counts() -> None:
    assert training_part(["from mine import train, predict"]).missing == ()
    assert training_part(["train = lambda X, y, b: 1\npredict = print"]).missing == ()


@pytest.mark.parametrize(
    "broken",
    [
        "def f(:",
        "\x00",
        "(" * 5000,
        "x = " + "-" * 50_000 + "1",
        "a" * (LONGEST + 1),
        "%%bash\nrm -rf /",
        "é = '\ud800'",
    ],
)
def test_a_cell_that_is_no_python_hides_no_other(broken: str) -> None:
    good = "def train(X, y, b):\n    return 1\ndef predict(m, X):\n    return X"
    assert training_part([broken, good]).missing == ()


def test_data_written_into_the_code_is_counted() -> None:
    code = f"def train(X, y, b):\n    return {'x' * 70_000!r}\ndef predict(m, X):\n    return X"
    assert training_part([code]).constants >= 70_000
    assert training_part(CELLS).constants < 2_000


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("from sklearn.datasets import load_digits as own", ("sklearn.datasets",)),
        ("from sklearn import datasets as own", ("sklearn.datasets",)),
        ("import sklearn.datasets as own", ("sklearn.datasets",)),
        ("import sklearn\ndef own():\n    return sklearn.datasets.load_iris()", ("sklearn.datasets",)),
        ("def load_all():\n    return 1\ndef own():\n    return load_all()", ("load_all",)),
        ("def load_all():\n    return 1\nown, y, _ = load_all()", ("load_all",)),
        ("from torchvision import datasets, transforms as own", ()),
        ("from torch.utils.data import Dataset as own", ()),
        ("class Own:\n    datasets = 1\nown = Own()\nown.datasets.first = 2", ()),
        ("def load_all():\n    return 1\nX = load_all()\nown = 1", ()),
    ],
)
def test_where_the_part_may_have_answers_from_is_named(cell: str, expected: tuple[str, ...]) -> None:
    found = training_part([cell, "def train(X, y, b):\n    return own\ndef predict(m, X):\n    return X"])
    assert found.sources == expected
