"""Training steps out of source: how students write loops, and what must not hold the counting up."""

import json
from pathlib import Path

import pytest

from graders.plan.counting import count_steps
from graders.plan.library import Facts
from graders.plan.tally import MOST_NODES

ROOT = Path(__file__).parent.parent.parent
FACTS = Facts(5000, 1500, {"GRADE_MODE": "rerun"})
SHORT = Facts(5000, 1500, {"GRADE_MODE": "checkpoint"})
STEP = "loss(x).backward()"


def steps(*cells: str, facts: Facts = FACTS) -> float:
    return count_steps(cells, facts).steps


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (f"for epoch in range(30):\n    {STEP}", 30),
        (f"EPOCHS = 30\nfor epoch in range(1, EPOCHS + 1):\n    {STEP}", 30),
        (f"a, b = 3, 4\nfor i in range(a):\n    for j in range(b):\n        {STEP}", 12),
        (f"for e in tqdm(range(12)):\n    {STEP}", 12),
        (f"for e in trange(12):\n    {STEP}", 12),
        (
            f"dl = DataLoader(ds, batch_size=50)\nfor e in range(2):\n    for x, y in dl:\n        {STEP}",
            200,
        ),
        (f"for rows in torch.randperm(len(x)).split(64):\n    {STEP}", 79),
        (f"for rows in torch.randperm(len(x))[:4992].view(-1, 64):\n    {STEP}", 78),
        (f"for i in range(0, len(x), 100):\n    {STEP}", 50),
        (f"x = x[:1500]\nfor i in range(0, len(x), 100):\n    {STEP}", 15),
        (f"steps = 0\nwhile steps < 700:\n    {STEP}\n    steps += 1", 700),
        (
            f"for step, x in enumerate(DataLoader(ds, batch_size=5)):\n    {STEP}\n    if step == 99: break",
            100,
        ),
        (f"for rate, width in product((1, 2), (3, 4, 5)):\n    {STEP}", 6),
        (f"seen = 0\nwhile seen < 640:\n    seen += 64\n    {STEP}", 10),
        (f"step = 0\nwhile step < 700:\n    for x in range(70):\n        {STEP}\n        step += 1", 700),
        (f"while True:\n    {STEP}", 1e15),
        ("model.fit(x, y, epochs=3, batch_size=50)", 300),
        ("pl.Trainer(max_epochs=4).fit(net, DataLoader(ds, batch_size=100))", 200),
        ("LinearRegression().fit(x, y)", 0),
    ],
)
def test_loops_are_multiplied(source: str, expected: float) -> None:
    count = count_steps([source], FACTS)
    assert (count.steps, count.guessed) == (expected, False)


TRAIN = f"def train(net, epochs=5, lr=0.1):\n    for _ in range(epochs):\n        {STEP}\n    return net"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("train(net)", 5),
        ("train(net, 8)", 8),
        ("train(net, epochs=2 * 3)", 6),
        ("for width in (4, 8, 16):\n    train(build(width))", 15),
        ("rows = [train(build(w), epochs=w) for w in (1, 2, 3)]", 6),
        ("rows = {w: train(w) for w in range(100)}", 500),
        ("from functools import partial\npartial(train, epochs=7)(net)", 7),
        (
            "class T:\n def __init__(self, n):\n  self.n = n\n def go(self):\n  train(0, self.n)\nT(9).go()",
            9,
        ),
        (
            "class A:\n n = 4\n def fit(self):\n  train(0, self.n)\nclass B(A):\n n = 6\nB().fit()",
            6,
        ),
        ("print(f'done {train(net)}')", 5),
        ("if torch.cuda.is_available():\n    train(net, 30)\nelse:\n    train(net, 3)", 30),
        ("n = 4 if len(x) < 20000 else 2\ntrain(net, n)", 4),
        ("class CFG:\n    half = 4\n    epochs = half * 2\ntrain(net, CFG.epochs)", 8),
        ("args = SimpleNamespace(epochs=7)\ntrain(net, args.epochs)", 7),
        ("cfg = dict(epochs=7)\ntrain(net, **cfg)\ntrain(net, cfg['epochs'])", 14),
        ("fast = torch.compile(train)\nfast(net, 7)", 7),
        ("%time train(net, 7)", 7),
        ("for name, n in {'a': 1, 'b': 2}.items():\n    train(name, n)", 3),
        ("sizes = {'a': 1, 'b': 2}\nfor name in sizes:\n    train(name, sizes[name])", 3),
        ("for i, n in enumerate([1, 2]):\n    train(i, n)", 3),
        ("for rate, n in zip([0.1, 0.2], [1, 2]):\n    train(rate, n)", 3),
        ("runs = {n: 2 * n for n in (1, 2)}\ntrain(net, runs[2])", 4),
        ("cfg = {}\ncfg['epochs'] = 7\ntrain(net, cfg['epochs'])", 7),
        ("e = 0\nwhile e < 4:\n    train(net)\n    e = e + 1", 20),
        (
            "class N:\n def fit(self, n):\n  train(self, n)\nn = N().to(device)\nn.fit(n=3)",
            3,
        ),
        ("def never_called():\n    train(net, 1000)", 0),
    ],
)
def test_functions_and_classes_of_the_notebook_are_followed(source: str, expected: float) -> None:
    assert steps(TRAIN, source) == expected


def test_training_that_is_skipped_with_weights_is_not_counted() -> None:
    cell = (
        'skip_training = os.environ.get("GRADE_MODE") == "checkpoint"\nif not skip_training:\n    train(net)'
    )
    assert steps(TRAIN, cell) == 5
    assert steps(TRAIN, cell, facts=SHORT) == 0


def test_each_cell_has_its_own_steps() -> None:
    assert count_steps([TRAIN, "train(0)", "train(0, 20)"], FACTS).cells == (0, 5, 20)


def test_a_batch_of_unknown_size_has_the_usual_one() -> None:
    assert steps(f"for x in DataLoader(ds, batch_size=args.batch):\n    {STEP}") == 79


EARLY = "if stopper(loss):\n        break"


@pytest.mark.parametrize(
    ("source", "early"),
    [
        (f"for e in range(100):\n    {STEP}\n    {EARLY}", True),
        (f"for e in range(5):\n    {STEP}\n    {EARLY}", True),
        (f"step = 0\nwhile step < 100:\n    step += 1\n    {STEP}\n    {EARLY}", True),
        (f"for e in range(100):\n    {STEP}\n    for x in y:\n        if x: break", False),
        (f"for e in range(100):\n    {STEP}\n    if e == 50: break", False),
        (f"for x in words:\n    {EARLY}\nfor e in range(100):\n    {STEP}", False),
    ],
)
def test_a_loop_that_may_end_early_has_a_largest_number_of_steps(source: str, early: bool) -> None:
    count = count_steps([source], FACTS)
    assert (count.early, count.guessed) == (early, False)


def test_a_training_with_a_budget_takes_what_it_is_given() -> None:
    train = f"def train(X, y, budget):\n    while time.time() < end:\n        {STEP}"
    count = count_steps([train, "model = train(X, y, budget=5)", "train(X, y, 2 * 10)"], FACTS)
    assert (count.seconds, count.steps, count.guessed) == (25, 0, False)


@pytest.mark.parametrize(
    "source",
    [
        f"accuracy = 0\nwhile accuracy < 0.9:\n    {STEP}\n    accuracy = measure()",
        f"def once():\n    {STEP}\nstudy.optimize(once, n_trials=20)",
        f"while True:\n    {STEP}\n    if done(): break",
        f"for x in what_is_this():\n    {STEP}",
        f"while not good_enough():\n    {STEP}",
        f"for e in range(3):\n    {STEP}\nthis is no Python",
    ],
)
def test_what_is_not_known_is_called_a_guess(source: str) -> None:
    assert count_steps([source], FACTS).guessed


@pytest.mark.parametrize(
    "cell",
    [
        "!pip install torch\n%matplotlib inline\n" + TRAIN + "\ntrain(0)",
        "%%time\n" + TRAIN + "\ntrain(0)",
        "files = !ls\n" + TRAIN + "\ntrain?\ntrain(0)",
        TRAIN + "\nif colab:\n    !pip install x\ntrain(0)",
    ],
)
def test_magics_do_not_hide_the_training(cell: str) -> None:
    count = count_steps([cell], FACTS)
    assert (count.steps, count.guessed) == (5, False)


@pytest.mark.parametrize("magic", ["%%bash", "%%html", "%%writefile train.py"])
def test_cells_in_another_language_are_left_out(magic: str) -> None:
    assert count_steps([f"{magic}\nfor x in range(5): {STEP}"], FACTS).steps == 0


HOSTILE = {
    "endless": f"for i in range(10**18):\n    {STEP}",
    "powers": f"n = 9**9**9**9\nfor i in range(n):\n    {STEP}",
    "long text": "x = 'a' * 10**12\ny = [0] * 10**12",
    "deep brackets": "x = " + "(" * 5000 + ")" * 5000,
    "deep minus": "x = " + "-" * 50_000 + "1",
    "deep sums": "x = " + "+".join(["1"] * 5000),
    "deep loops": "\n".join("    " * n + f"for i{n} in range(99):" for n in range(18))
    + "\n"
    + "    " * 18
    + STEP,
    "deep branches": "\n".join(" " * n + "if a:" for n in range(90)) + "\n" + " " * 90 + STEP,
    "recursion": "def f(n):\n    f(n)\n    f(n)\nf(1)",
    "mutual recursion": "def f(): g(); g()\ndef g(): f(); f()\nf()",
    "eight to the eighth": "a = (1, 2, 3, 4, 5, 6, 7, 8)\nx = [0 "
    + "".join(f"for i{n} in a " for n in range(8))
    + "]",
    "own base": "class A(A): pass\nA().x()",
    "bases in a circle": "class A: pass\nclass B(A): pass\nclass A(B): pass\nA().x()",
    "zero step": f"for i in range(0, 9, 0):\n    {STEP}",
    "zero batch": f"for x in DataLoader(d, batch_size=0):\n    {STEP}",
    "negative batch": f"for x in DataLoader(d, batch_size=-5):\n    {STEP}",
    "no number": f"for i in range(float('nan')):\n    {STEP}\nfor i in range(1e400):\n    {STEP}",
    "division": f"n = 1 / 0\nm = 5 % 0\nfor i in range(5 // 0):\n    {STEP}",
    "zero bytes": "x = 1\x00\nfor i in range(3): f().backward()",
    "half a character": "x = '\ud800'",
    "odd shapes": "a[1:2:3, ..., None][b](*c, **d)[-10**30:10**30].view(-1).view().split()",
    "odd calls": "range(); len(); DataLoader(); zip(); max(); min([]); int(); randint(); partial()",
    "odd calls of names": "os.environ.get(); os.environ[1]; os.getenv(5); {}.get(); {[]: 1}; replace()",
    "many targets": "def f():\n for " + "a, " * 9000 + "a in ((1, 2), (2, 3)):\n  pass\n" + "f()\n" * 9000,
    "a class of many parts": "class C:\n" + " def m(): 0\n" * 7000 + "C.x\n" * 7000,
    "an integer of many digits": "x = 10**400 + 1\nfor i in range(x): f().backward()",
    "huge literal": f"x = {'9' * 4000}\nfor i in range(x):\n    {STEP}",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_counted_within_bounds(name: str) -> None:
    count = count_steps([HOSTILE[name]] * 2, FACTS)
    assert 0 <= count.steps <= 1e15 * 2


@pytest.mark.parametrize("name", ["many targets", "a class of many parts"])
def test_long_lists_of_names_cost_as_much_as_they_are_long(name: str) -> None:
    assert count_steps([HOSTILE[name]] * 3, FACTS).guessed


def test_no_more_is_looked_at_than_is_allowed() -> None:
    cell = (
        "def f(n):\n"
        + "    x = 1\n" * 500
        + "[[f(i) for i in (1,2,3,4,5,6,7,8)] for j in (1,2,3,4,5,6,7,8)]\n" * 50
    )
    assert count_steps([cell], FACTS).guessed
    assert MOST_NODES <= 100_000


def test_a_notebook_of_a_million_cells_and_characters_is_read_in_part() -> None:
    assert count_steps(["x = 1"] * 5000, FACTS).guessed
    assert count_steps(["x = 1\n" * 40_000], FACTS).guessed


@pytest.mark.parametrize(
    ("student", "slug", "expected"),
    [
        ("student01", "l08_gan", 600),
        ("student07", "l04_cnn", 474 + 7 * 79),
        ("student42", "l04_cnn", 4 * 79 + 7 * 4 * 24),
        ("student02", "l05_lstm", 6 * 80),
        ("student01", "l06_unet", 8 * 30 + 5 * 30),
    ],
)
def test_samples_have_the_steps_that_a_person_counts(student: str, slug: str, expected: int) -> None:
    examples = {"l05_lstm": 4000, "l06_unet": 300}.get(slug, 5000)
    path = ROOT / "submissions" / student / f"{slug}.ipynb"
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    assert count_steps(sources, Facts(examples, 1000, {})).steps == expected
