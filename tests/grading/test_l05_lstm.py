"""Lesson 5's notebooks through the sandbox: what is wrong is said, and a diagnosis finds its fault."""

from collections.abc import Callable

import pytest
from notes import noticed

from graders.grading import Setting
from graders.model import Diagnosis, Mark

FORECAST = """
import numpy as np, torch
def good(history, horizon):
    growth = history[-6:].mean() / history[-18:-12].mean()
    return np.resize(history[-12:], horizon) * growth
"""
CLASSIFY = """
import re, torch
WORDS = {0: "ужасн скучн слаб груб отвратительн паршив противн бестолков грязн уныл",
         1: "обычн заурядн нормальн стандартн терпим типичн будничн ровн",
         2: "отличн удобн приятн замечательн надёжн достойн прекрасн чудесн красив бодр"}
STEMS = {stem: label for label, stems in WORDS.items() for stem in stems.split()}
AFTER = r".*(?:, но |хотя [^,.]*, |а на деле |раньше [^,.]*, теперь )([^.]*)"
BEFORE = r"(.*)(?:, хотя |, а все говорили|, а раньше )"
def one(text):
    found = re.match(AFTER, text) or re.match(BEFORE, text)
    said = found[1] if found else text
    for place, word in enumerate(said.replace(".", "").split()):
        label = next((label for stem, label in STEMS.items() if word.startswith(stem)), None)
        if label is not None and place:
            return 2 - label if said.split()[place - 1] == "не" else label
    return 1
def good(texts): return torch.tensor([one(text) for text in texts])
"""
NEXT_CHAR = """
import torch
read = lambda name: open(f"data/poem/{name}.txt", encoding="utf-8", newline="").read()
alphabet, verse = read("alphabet"), read("train")
ids = {letter: number for number, letter in enumerate(alphabet)}
counts = {}
for at in range(4, len(verse)):
    row = counts.setdefault(verse[at - 4:at], [0.02] * len(ids))
    row[ids[verse[at]]] += 1
even = [1.0] * len(ids)
def good(prefixes):
    rows = torch.tensor([counts.get(prefix[-4:], even) for prefix in prefixes])
    return (rows / rows.sum(1, keepdim=True)).log()
"""
BY_TORCH = """
import torch
def of_torch(x, h0, c0, weights):
    lstm = torch.nn.LSTM(x.shape[2], h0.shape[1], dtype=torch.float64)
    lstm.load_state_dict({f"{name}_l0": torch.tensor(part) for name, part in weights.items()})
    given = [torch.tensor(part, requires_grad=True) for part in (x, h0[None], c0[None])]
    return lstm, given, lstm(given[0], (given[1], given[2]))
def forward(x, h0, c0, weights):
    _, _, (output, (h, c)) = of_torch(x, h0, c0, weights)
    return output.detach().numpy(), h[0].detach().numpy(), c[0].detach().numpy()
def backward(x, h0, c0, weights, d_output):
    with torch.enable_grad():
        lstm, given, (output, _) = of_torch(x, h0, c0, weights)
        output.backward(torch.tensor(d_output))
    found = {name: getattr(lstm, f"{name}_l0").grad.numpy() for name in weights}
    x, h0, c0 = (part.grad.numpy() for part in given)
    return {**found, "x": x, "h0": h0[0], "c0": c0[0]}
"""
GOOD = {
    "forecast": (FORECAST, "def forecast(history, horizon): return good(history, horizon)"),
    "classify": (CLASSIFY, "def classify(texts): return good(texts)"),
    "next_char": (NEXT_CHAR, "def next_char_logprobs(prefixes): return good(prefixes)"),
}


@pytest.fixture(scope="module")
def lesson(setting_of: Callable[[str], Setting]) -> Setting:
    return setting_of("l05_lstm")


def test_what_is_not_defined_is_named(marks: Callable[..., dict[str, Mark]]) -> None:
    found = marks("x = 1")
    tracks = [task for task in found if task in GOOD]
    assert len(tracks) == 1, "one of three is asked for"
    named = [item.message.params["name"] for item in found[tracks[0]].evidence]
    assert named[:-1] == ["forecast(history, horizon)", "classify(texts)", "next_char_logprobs(prefixes)"]
    assert named[-1] == "load_all()"
    assert found["lstm_forward"].reason.params["name"] == "lstm_forward(x, h0, c0, weights)"
    assert sum(mark.earned or 0 for mark in found.values()) == 0


@pytest.mark.parametrize("track", GOOD)
def test_one_track_is_enough_and_nothing_is_said_against_a_good_one(
    marks: Callable[..., dict[str, Mark]], track: str
) -> None:
    found = marks(*GOOD[track])
    assert [task for task in found if task in GOOD] == [track]
    assert found[track].earned is not None
    assert found[track].earned > 1
    beside = {"forecast": "forecast.rmse", "classify": "texts.macro_f1", "next_char": "next_char.perplexity"}
    assert list(noticed(found[track])) == [beside[track]]


CONTRACTS = [
    ("forecast", "def forecast(history, horizon): return history[:3]", "contract.horizon"),
    ("forecast", "def forecast(history, horizon): return ['more'] * horizon", "contract.not_numeric"),
    ("forecast", "def forecast(history, horizon): return [float('nan')] * horizon", "predictions.not_finite"),
    ("forecast", "def forecast(history): return history", "probe.exception"),
    ("classify", "def classify(texts): return [0]", "contract.wrong_length"),
    ("classify", "def classify(texts): return [[0, 1]] * len(texts)", "predictions.shape"),
    ("classify", "def classify(texts): return [7] * len(texts)", "predictions.out_of_range"),
    ("classify", "def classify(texts): raise SystemExit", "probe.exception"),
    ("next_char", "def next_char_logprobs(prefixes): return [[0.0]] * len(prefixes)", "language.shape"),
    (
        "next_char",
        "def next_char_logprobs(prefixes): return torch.zeros(len(prefixes), 38)",
        "language.not_normalised",
    ),
    (
        "next_char",
        "def next_char_logprobs(prefixes): return torch.full((len(prefixes), 38), 1 / 38)",
        "language.probabilities",
    ),
]


@pytest.mark.parametrize(("track", "cell", "code"), CONTRACTS)
def test_what_is_no_answer_earns_nothing_and_the_reason_is_said(
    marks: Callable[..., dict[str, Mark]], track: str, cell: str, code: str
) -> None:
    mark = marks("import torch", cell)[track]
    assert (mark.status, mark.earned, mark.reason.code) == ("failed", 0, code)


FAULTS = [
    (
        "forecast",
        "predict.eval_better",
        """
net = torch.nn.Dropout(0.5)
def forecast(history, horizon): return net(torch.tensor(good(history, horizon)))
""",
    ),
    (
        "forecast",
        "predict.order",
        """
state = 0.0
def forecast(history, horizon):
    global state
    found = good(history, horizon) + state / 10
    state = history[-1]
    return found
""",
    ),
    (
        "forecast",
        "mistake.logarithms",
        "def forecast(history, horizon): return np.log(good(history, horizon))",
    ),
    (
        "forecast",
        "mistake.one_month_late",
        "def forecast(history, horizon): return np.r_[history[-1], good(history, horizon - 1)]",
    ),
    (
        "forecast",
        "forecast.standardised",
        """
def forecast(history, horizon): return (good(history, horizon) - history.mean()) / history.std()
""",
    ),
    (
        "classify",
        "predict.eval_gain",
        """
net = torch.nn.Dropout(0.3)
def classify(texts): return net(torch.eye(3)[good(texts)] + 0.1 * torch.rand(len(texts), 3))
""",
    ),
    (
        "classify",
        "predict.order",
        "def classify(texts): return (good(texts) + (torch.arange(len(texts)) % 7 == 0)) % 3",
    ),
    (
        "classify",
        "predict.single",
        "def classify(texts): return good(texts) * int(len(texts) > 1)",
    ),
    ("classify", "mistake.labels_high", "def classify(texts): return good(texts) + 1"),
    (
        "next_char",
        "predict.eval_better",
        """
net = torch.nn.Dropout(0.5)
def next_char_logprobs(prefixes): return net(good(prefixes)).log_softmax(1)
""",
    ),
    (
        "next_char",
        "predict.single",
        """
def next_char_logprobs(prefixes):
    longest = max(map(len, prefixes))  # what is read is the padding of shorter ones
    return good([prefix.ljust(longest)[:longest] for prefix in prefixes])
""",
    ),
    (
        "next_char",
        "mistake.softmax_twice",
        "def next_char_logprobs(prefixes): return good(prefixes).exp().log_softmax(1)",
    ),
]


@pytest.mark.parametrize(("track", "code", "cell"), FAULTS)
def test_a_diagnosis_finds_its_fault(
    marks: Callable[..., dict[str, Mark]], track: str, code: str, cell: str
) -> None:
    assert code in noticed(marks(GOOD[track][0], cell)[track])


def test_what_the_notebook_generates_is_shown(marks: Callable[..., dict[str, Mark]]) -> None:
    writes = "def generate(prefix, n): return 'буря ' * (n // 5)"
    mark = marks(*GOOD["next_char"], writes)["next_char"]
    texts = [item.message.params["text"] for item in mark.evidence if noticed_text(item)]
    assert len(texts) == 2
    assert all("буря буря" in str(text) for text in texts)


def noticed_text(item: object) -> bool:
    return isinstance(item, Diagnosis) and item.message.code == "metric.generated"


def test_a_generate_that_fails_costs_nothing(marks: Callable[..., dict[str, Mark]]) -> None:
    mark = marks(*GOOD["next_char"], "def generate(prefix, n): raise KeyError(prefix)")["next_char"]
    assert mark.earned is not None
    assert mark.earned > 1


def test_results_and_gradients_of_torch_are_right(marks: Callable[..., dict[str, Mark]]) -> None:
    found = marks(BY_TORCH, "lstm_forward, lstm_backward = forward, backward")
    assert (found["lstm_forward"].earned, found["lstm_backward"].earned) == (1, 1)


def test_states_in_a_pair_as_torch_returns_them_are_read(marks: Callable[..., dict[str, Mark]]) -> None:
    pair = """
def lstm_forward(x, h0, c0, weights):
    output, h, c = forward(x, h0, c0, weights)
    x[:] = h0[:] = 0  # the probe's own copies stay whole
    return output, (h, c)
"""
    assert marks(BY_TORCH, pair)["lstm_forward"].earned == 1


WRONG = [
    ("def lstm_forward(x, h0, c0, weights): return h0", "lstm_forward", "contract.no_results"),
    ("def lstm_forward(x, h0, c0): return h0", "lstm_forward", "probe.exception"),
    ("def lstm_backward(x, h0, c0, weights, d): return [x]", "lstm_backward", "contract.no_results"),
]


@pytest.mark.parametrize(("cell", "task", "code"), WRONG)
def test_an_exercise_without_results_earns_nothing_and_hears_why(
    marks: Callable[..., dict[str, Mark]], cell: str, task: str, code: str
) -> None:
    mark = marks(cell)[task]
    assert (mark.status, mark.earned, mark.reason.code) == ("failed", 0, code)


def test_gates_in_another_order_are_wrong_and_missing_gradients_cost_themselves_alone(
    marks: Callable[..., dict[str, Mark]],
) -> None:
    wrong = """
import numpy as np
def lstm_forward(x, h0, c0, weights):
    swapped = {n: np.concatenate(np.split(w, 4)[1::-1] + np.split(w, 4)[2:]) for n, w in weights.items()}
    return forward(x, h0, c0, swapped)
def lstm_backward(x, h0, c0, weights, d_output):
    found = backward(x, h0, c0, weights, d_output)
    del found["x"]
    return {**found, "c0": found["c0"].sum(0)}
"""
    found = marks(BY_TORCH, wrong)
    assert found["lstm_forward"].earned == 0
    assert found["lstm_backward"].earned is not None
    assert found["lstm_backward"].earned == pytest.approx(5 / 7)
