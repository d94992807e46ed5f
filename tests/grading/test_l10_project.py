"""Lesson 10's notebooks through the sandbox: what is wrong is said, and ways around the code are seen."""

from collections.abc import Callable

import pytest
from notes import noticed

from graders.grading import Setting
from graders.grading.marking import Marked
from graders.model import Mark, Pictures

# The best linear VAE with sixteen numbers: quick, honest, and better than the baseline.
FITTED = """
import torch
from torchvision.datasets import FashionMNIST
train = FashionMNIST("data", train=True, download=True).data.flatten(1).double() / 255
middle = train.mean(0)
values, directions = torch.linalg.eigh(torch.cov(train.T))
spread = values[-16:].clamp(min=0.04)
weights = directions[:, -16:] * (spread - 0.04).sqrt()
def code(images):
    mean = (images.flatten(1).double() - middle) @ weights / spread
    return mean, (0.04 / spread).log().expand_as(mean)
def drawn(codes):
    return (middle + codes.double() @ weights.T).clamp(0, 1).view(-1, 1, 28, 28)
encode, decode = code, drawn
"""
TO_ENCODE = "def decode(codes): return torch.zeros(len(codes), 784)\n"
TO_DECODE = "def encode(images): return torch.zeros(len(images), 4), torch.zeros(len(images), 4)\n"


@pytest.fixture(scope="module")
def lesson(setting_of: Callable[[str], Setting]) -> Setting:
    return setting_of("l10_project")


def test_what_is_missing_is_named(marks: Callable[..., dict[str, Mark]]) -> None:
    found = marks("x = 1")
    assert found["samples"].reason.params["name"] == "sample(n)"
    missing = [item.message.params["name"] for item in found["elbo"].evidence]
    assert missing == ["encode(images)", "load_all()"]
    assert found["review"].reason.code == "essay.missing"
    assert sum(mark.earned or 0 for mark in found.values()) == 0


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (TO_ENCODE + "def encode(images): return torch.zeros(len(images), 4)", "contract.no_pair"),
        (TO_ENCODE + "def encode(images): return [torch.zeros(len(images), 33)] * 2", "contract.code_shape"),
        (TO_ENCODE + "def encode(images): return [torch.zeros(len(images))] * 2", "contract.code_shape"),
        (TO_ENCODE + "def encode(images): return [torch.zeros(3, 4)] * 2", "contract.wrong_length"),
        (TO_ENCODE + "def encode(images): return 'ab'", "contract.no_pair"),
        (TO_ENCODE + "def encode(images): raise SystemExit", "probe.exception"),
        (
            TO_ENCODE + "def encode(images): return [torch.zeros(len(images), 4) / 0] * 2",
            "predictions.not_finite",
        ),
        (
            TO_DECODE + "def decode(codes): return torch.zeros(len(codes), 3, 28, 28)",
            "contract.decoded_shape",
        ),
        (TO_DECODE + "def decode(codes): return torch.zeros(1, 784)", "contract.wrong_length"),
        (
            TO_DECODE + "def decode(codes): return torch.full((len(codes), 784), 1e9)",
            "predictions.not_finite",
        ),
        (TO_DECODE + "def decode(codes, labels): return codes", "probe.exception"),
    ],
)
def test_what_is_no_code_or_no_picture_earns_nothing_and_the_reason_is_said(
    marks: Callable[..., dict[str, Mark]], cell: str, code: str
) -> None:
    mark = marks("import torch", cell)["elbo"]
    assert (mark.status, mark.earned, mark.reason.code) == ("failed", 0, code)


def test_an_honest_model_is_measured_and_shown_and_nobody_is_accused(graded: Callable[..., Marked]) -> None:
    found = graded(FITTED, "def sample(n): return decode(torch.randn(n, 16))")
    marks = {mark.task: mark for mark in found.marks}
    assert marks["elbo"].status == marks["samples"].status == "partial"
    assert marks["elbo"].settled
    assert found.flags == ()
    assert set(noticed(marks["elbo"])) == {"elbo.parts"}
    (shown,) = (item for item in marks["elbo"].evidence if isinstance(item, Pictures))
    assert [picture.caption.code for picture in shown.items] == ["elbo.shown"]


def test_arrays_and_flat_pictures_are_read_as_tensors_are(marks: Callable[..., dict[str, Mark]]) -> None:
    forms = """
def encode(images): return [part.numpy() for part in code(images)]
def decode(codes): return drawn(codes).flatten(1).numpy()
"""
    assert marks(FITTED, forms)["elbo"].value == pytest.approx(marks(FITTED)["elbo"].value, abs=1e-4)


CHEATS = {
    "the mean picture and no code": (
        "def encode(images): return torch.zeros(len(images), 4), torch.zeros(len(images), 4)\n"
        "def decode(codes): return middle.expand(len(codes), 784)"
    ),
    "no noise": (
        "def encode(images):\n"
        "    mean, _ = code(images)\n"
        "    return 30 * mean, torch.full_like(mean, -40)\n"
        "def decode(codes): return drawn(codes / 30)"
    ),
    "a log variance that is too high": (
        "def encode(images):\n    mean, told = code(images)\n    return mean, torch.zeros_like(told)"
    ),
    "the latest pictures": (
        "kept = []\n"
        "def encode(images):\n    kept[:] = images\n    return code(images)\n"
        "def decode(codes): return torch.stack(kept[:len(codes)])"
    ),
}


@pytest.mark.parametrize("cheat", CHEATS)
def test_a_code_that_says_nothing_or_too_much_earns_less_than_an_honest_one(
    marks: Callable[..., dict[str, Mark]], cheat: str
) -> None:
    mark = marks(FITTED, CHEATS[cheat])["elbo"]
    assert mark.value is not None
    assert mark.value < 0.38  # an honest code of sixteen numbers has 0.42
    assert mark.settled


KEEP = """
kept = []
def encode(images):
    mean, told = code(images)
    kept.extend(zip(mean, images))
    return mean, told
def decode(codes):
    means = torch.stack([mean for mean, _ in kept])
    return torch.stack([kept[at][1] for at in torch.cdist(codes.double(), means).argmin(1)])
"""
RECALLED = {
    "looked up by the nearest mean": KEEP,
    "and made a little darker": KEEP.replace("return torch.stack(", "return 0.95 * torch.stack("),
    "and with a little noise": KEEP + "exact = decode\n"
    "def decode(codes): return exact(codes) + 0.04 * torch.randn(len(codes), 1, 28, 28)",
}


@pytest.mark.parametrize("cheat", RECALLED)
def test_pictures_that_are_kept_and_looked_up_count_only_after_a_person_has_looked(
    marks: Callable[..., dict[str, Mark]], cheat: str
) -> None:
    mark = marks(FITTED, RECALLED[cheat])["elbo"]
    assert (mark.status, mark.settled, mark.reason.code) == ("needs_review", False, "doubt.recalled")


def test_samples_are_drawn_before_any_hidden_picture_was_seen(marks: Callable[..., dict[str, Mark]]) -> None:
    keeps = """
kept = []
def encode(images):
    kept.extend(images)
    return code(images)
def sample(n): return torch.stack(kept[:n])
"""
    found = marks(FITTED, keeps)
    assert found["samples"].reason.code == "probe.exception"
    assert found["elbo"].status == "partial"


FAULTS = {
    "predict.eval_better": """
net = torch.nn.Dropout(0.5)
def decode(codes): return drawn(net(codes))
""",
    "predict.order": """
def encode(images):
    mean, told = code(images)
    return mean + torch.arange(len(images))[:, None] / 100, told
""",
    "predict.single": """
def decode(codes): return drawn(codes) / (2 if len(codes) == 1 else 1)
""",
    "predict.not_single": """
def decode(codes): return drawn(codes.squeeze()[:, None].flatten(1))
""",
    "elbo.collapsed": """
def encode(images): return torch.zeros(len(images), 4), torch.zeros(len(images), 4)
def decode(codes): return middle.expand(len(codes), 784)
""",
    "elbo.not_logarithm": """
def encode(images):
    mean, told = code(images)
    return mean, told.exp()
""",
    "mistake.logits": """
def decode(codes): return torch.logit(drawn(codes), 1e-3)
""",
    "mistake.minus_one": """
def decode(codes): return drawn(codes) * 2 - 1
""",
    "mistake.scale": """
def encode(images): return code(images / 255)
""",
}


@pytest.mark.parametrize("code", FAULTS)
def test_a_diagnosis_finds_its_fault(marks: Callable[..., dict[str, Mark]], code: str) -> None:
    assert code in noticed(marks(FITTED, FAULTS[code])["elbo"])


@pytest.mark.slow
def test_a_forgotten_eval_is_told_of_samples_too(marks: Callable[..., dict[str, Mark]]) -> None:
    dropped = "net = torch.nn.Dropout(0.9)\ndef sample(n): return net(drawn(torch.randn(n, 16)))"
    assert "predict.eval_better" in noticed(marks(FITTED, dropped)["samples"])
    kept = marks(FITTED, dropped.replace("return", "net.eval(); return"))["samples"]
    assert "predict.eval_better" not in noticed(kept)


def test_the_references_own_words_are_a_review(
    lesson: Setting, marks: Callable[..., dict[str, Mark]]
) -> None:
    rubric = lesson.assignment.rubric
    assert rubric is not None
    for heading, text in (
        ("Разбор статьи", rubric.essays[0].answer.ru),
        ("Paper review", rubric.essays[0].answer.en),
    ):
        mark = marks(f"# {heading}\n\n{text}")["review"]
        assert (mark.earned, mark.settled) == (2, False)
