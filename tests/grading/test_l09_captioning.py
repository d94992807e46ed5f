"""Lesson 9's notebooks through the sandbox: what is wrong is said, and a diagnosis finds its fault."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from notes import noticed

from graders.grading import Setting, mark_work, run_submission
from graders.grading.setting import job_for
from graders.model import Mark

NEXT = "def next_word_logprobs(features, prefixes): return "
ALIKE = "import math, torch\n" + NEXT + "torch.full((len(features), 40), -math.log(40))\n"
FITTED = """
import csv, numpy as np, torch
from torch import nn
torch.manual_seed(0)
torch.set_num_threads(1)
words = open("data/vocabulary.txt").read().split()
ids = {word: number for number, word in enumerate(words)}
names = {name: row for row, name in enumerate(open("data/train.txt").read().split())}
seen = torch.from_numpy(np.load("data/features.googlenet.npy"))[:len(names)]
mean, std = seen.mean(0), seen.std(0) + 1e-3
lines = [line for line in csv.DictReader(open("data/captions.txt")) if line["image"] in names]
rows = torch.tensor([names[line["image"]] for line in lines])
texts = nn.utils.rnn.pad_sequence(
    [torch.tensor([1, *(ids[word] for word in line["caption"].split()), 2]) for line in lines],
    batch_first=True,
)
net = nn.Sequential(nn.Linear(100 + 120, 128), nn.ReLU(), nn.Linear(128, 40))
eye = torch.eye(40)

def scores(features, prefixes):
    at = torch.arange(len(prefixes))
    last = (prefixes != 0).sum(1) - 1
    before = prefixes[at, (last - 1).clamp(min=0)]
    bag = eye[prefixes].sum(1).clamp(max=1)
    return net(torch.cat([(features - mean) / std, eye[prefixes[at, last]], eye[before], bag], 1))

optimiser = torch.optim.Adam(net.parameters(), lr=5e-3)
lengths = (texts != 0).sum(1)
for _ in range(150):
    chosen = torch.randint(len(texts), (256,))
    place = (torch.rand(256) * (lengths[chosen] - 1)).long() + 1
    part = texts[chosen] * (torch.arange(texts.shape[1]) < place[:, None])
    loss = nn.functional.cross_entropy(scores(seen[rows[chosen]], part), texts[chosen, place])
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()

def next_word_logprobs(features, prefixes):
    return scores(features, prefixes).log_softmax(1)

def caption(features):
    said = torch.ones(len(features), 1, dtype=torch.long)
    for _ in range(15):
        said = torch.cat([said, scores(features, said).argmax(1, keepdim=True)], 1)
    rows = [row[1:] for row in said.tolist()]
    return [" ".join(words[word] for word in (row[:row.index(2)] if 2 in row else row)) for row in rows]
honest = next_word_logprobs
"""


@pytest.fixture(scope="module")
def lesson(setting_of: Callable[[str], Setting]) -> Setting:
    return setting_of("l09_captioning").part("googlenet")


def test_what_is_not_defined_is_named(marks: Callable[..., dict[str, Mark]]) -> None:
    found = marks("x = 1")
    assert {found[task].reason.params["name"] for task in ("googlenet", "googlenet_captions")} == {
        "next_word_logprobs(features, prefixes)",
        "caption(features)",
    }
    assert found["googlenet"].earned == found["googlenet_captions"].earned == 0


@pytest.mark.parametrize(
    ("returned", "code"),
    [
        ("torch.zeros(len(features), 39)", "language.shape"),
        ("torch.zeros(len(features), 40)", "language.not_normalised"),
        ("torch.full((len(features), 40), 1 / 40)", "language.probabilities"),
        ("torch.full((len(features), 40), float('nan'))", "language.not_finite"),
        ("['red'] * len(features)", "contract.not_numeric"),
        ("torch.zeros(3, 40)", "contract.wrong_length"),
        ("torch.zeros(len(features), 30 + len(features) % 7)", "contract.ragged"),
        ("1 / 0", "probe.exception"),
    ],
)
def test_what_is_no_distribution_earns_nothing_and_the_reason_is_said(
    marks: Callable[..., dict[str, Mark]], returned: str, code: str
) -> None:
    mark = marks("import torch\n" + NEXT + returned)["googlenet"]
    assert (mark.status, mark.earned, mark.reason.code) == ("failed", 0, code)


@pytest.mark.parametrize(
    ("returned", "code"),
    [
        ("['a red star'] * 3", "contract.not_words"),
        ("[1] * len(features)", "contract.not_words"),
        ("'a red star'", "contract.not_words"),
    ],
)
def test_what_is_no_caption_earns_nothing_and_the_reason_is_said(
    marks: Callable[..., dict[str, Mark]], returned: str, code: str
) -> None:
    mark = marks(f"def caption(features): return {returned}")["googlenet_captions"]
    assert (mark.status, mark.earned, mark.reason.code) == ("failed", 0, code)


def test_an_honest_notebook_earns_points_without_a_word_against_it(
    marks: Callable[..., dict[str, Mark]],
) -> None:
    found = marks(FITTED)
    assert found["googlenet"].status == "partial"
    assert list(noticed(found["googlenet"])) == ["language.perplexity", "language.limit"]
    assert found["googlenet_captions"].status in ("partial", "passed")
    assert list(noticed(found["googlenet_captions"])) == ["bleu.precisions", "bleu.repetition"]
    (shown,) = (item.items for item in found["googlenet_captions"].evidence if item.kind == "pictures")
    assert len(shown) == 4


def test_a_guess_that_does_not_look_earns_nothing(marks: Callable[..., dict[str, Mark]]) -> None:
    found = marks(ALIKE, "def caption(features): return ['a red star'] * len(features)")
    assert found["googlenet"].earned == 0
    mark = found["googlenet_captions"]
    assert (mark.status, mark.settled, mark.reason.code) == ("needs_review", False, "doubt.one_for_all")
    assert mark.earned < 0.3


FAULTS = {
    "mistake.softmax_twice": NEXT + "honest(features, prefixes).exp().log_softmax(1)",
    "mistake.ids_low": NEXT + "honest(features, prefixes).roll(-1, 1)",
    "predict.eval_better": """
drop = nn.Dropout(0.5)
def next_word_logprobs(features, prefixes): return honest(drop(features), prefixes)
""",
    "predict.order": """
def next_word_logprobs(features, prefixes):
    return (honest(features, prefixes) + eye[5] * torch.arange(len(features))[:, None] / 30).log_softmax(1)
""",
    "predict.not_single": NEXT + "honest(features.squeeze(), prefixes) if len(features) > 1 else 1 / 0",
}


@pytest.mark.parametrize("code", FAULTS)
def test_a_diagnosis_finds_its_fault(marks: Callable[..., dict[str, Mark]], code: str) -> None:
    assert code in noticed(marks(FITTED, FAULTS[code])["googlenet"])


def test_a_forgotten_eval_is_told_of_captions_too(marks: Callable[..., dict[str, Mark]]) -> None:
    dropped = "drop, plain = nn.Dropout(0.5), caption\ndef caption(features): return plain(drop(features))"
    assert "predict.eval_better" in noticed(marks(FITTED, dropped)["googlenet_captions"])
    kept = marks(FITTED, dropped.replace("return", "drop.eval(); return"))["googlenet_captions"]
    assert not any(code.startswith("predict.eval") for code in noticed(kept))


def test_marks_within_captions_are_told_with_what_they_cost(marks: Callable[..., dict[str, Mark]]) -> None:
    spoilt = """
plain = caption
def caption(features): return [f"<start> {text} <end> a a a" for text in plain(features)]
"""
    assert "mistake.marks" in noticed(marks(FITTED, spoilt)["googlenet_captions"])


def test_nothing_of_a_hidden_caption_but_one_prefix_is_handed_over(
    lesson: Setting, submitted: Callable[..., object]
) -> None:
    public = {
        "validation_words",
        "validation_vocabulary",
        "validation_truth",
        "validation_references",
        "validation_images",
    }
    for step in job_for(lesson, submitted("x = 1")).steps:
        hidden = {name for name in step.inputs if not name.startswith("validation_")}
        asked = {"googlenet", "resnet50"} | ({"prefixes"} if step.name != "googlenet_captions" else set())
        assert hidden == asked
        assert {name for name in step.inputs if name.startswith("validation_")} - public == {
            f"validation_{name}" for name in asked
        }


def test_who_knows_the_words_is_left_to_a_person(lesson: Setting, submitted: Callable[..., object]) -> None:
    """Known by heart are the words of the public split, which stands in here for hidden ones that leaked."""
    leaked = replace(
        lesson,
        splits={
            name: replace(
                splits, hidden=replace(splits.hidden, inputs=shown.inputs, targets=shown.targets, variant={})
            )
            for name, splits in lesson.splits.items()
            for shown in [splits.validation]
        },
    )
    knows = """
lines = list(csv.DictReader(open("data/validation_prefixes.csv")))
stored = np.load("data/features.googlenet.npy")[2000:]
known = {bytes(row): line["next"] for row, line in zip(stored, lines)}
def next_word_logprobs(features, prefixes):
    found = torch.full((len(prefixes), 40), 1e-3)
    for row, feature in enumerate(features.numpy()):
        found[row, words.index(known[bytes(feature)])] = 0.961
    return found.log()
"""
    work = run_submission(leaked, submitted(FITTED, knows), lambda _: None)
    mark = mark_work(work).marks[0]
    assert (mark.status, mark.reason.code) == ("needs_review", "doubt.below_limit")
    honest = mark_work(run_submission(leaked, submitted(FITTED), lambda _: None)).marks[0]
    assert honest.status == "partial"
