"""Lesson 8's notebooks through the sandbox: what is wrong is said, and copies are not taken for drawings."""

from collections.abc import Callable
from pathlib import Path

import pytest
from notes import failing_in_evaluation, noticed

from graders.grading import Setting
from graders.grading.marking import Marked
from graders.model import Mark, Pictures

LOAD = """
import torch
from torchvision.datasets import FashionMNIST
train, shown = (FashionMNIST("data", train=part, download=True) for part in (True, False))
images, labels = train.data[:, None].float() / 255, train.targets
"""
# One normal distribution of the pixels for each class: quick, honest, and better than the handout's GAN.
FITTED = (
    LOAD
    + """
means, roots = [], []
for label in range(10):
    pixels = images[labels == label].flatten(1)
    means.append(pixels.mean(0))
    centred = pixels - pixels.mean(0)
    _, s, v = torch.svd_lowrank(centred, 25)
    roots.append((v * s / len(pixels) ** 0.5).T)
means, roots = torch.stack(means), torch.stack(roots)
def drawn(n):
    label = torch.randint(0, 10, (n,))
    flat = means[label] + torch.einsum("nk,nkp->np", torch.randn(n, 25), roots[label])
    return flat.clamp(0, 1).view(n, 1, 28, 28)
"""
)


@pytest.fixture(scope="module")
def lesson(setting_of: Callable[[str], Setting]) -> Setting:
    return setting_of("l08_gan")


def test_what_is_missing_is_named(marks: Callable[..., dict[str, Mark]]) -> None:
    found = marks("x = 1")
    assert found["samples"].reason.params["name"] == "sample(n)"
    assert found["best_picture"].reason.code == "contract.no_picture_file"
    assert found["analysis"].reason.code == "essay.missing"
    assert sum(mark.earned or 0 for mark in found.values()) == 0


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("def sample(n): return torch.rand(n, 784)", "pictures.shape"),
        ("def sample(n): return torch.rand(3, 1, 28, 28)", "contract.wrong_length"),
        ("def sample(n): return ['a shirt'] * n", "contract.not_numeric"),
        ("def sample(n): return torch.rand(n, 28, 28) / 0", "predictions.not_finite"),
        ("def sample(n): return torch.full((n, 28, 28), 1e9)", "predictions.not_finite"),
        ("def sample(): return torch.rand(100, 28, 28)", "probe.exception"),
        ("def sample(n): raise SystemExit", "probe.exception"),
    ],
)
def test_what_is_no_picture_earns_nothing_and_the_reason_is_said(
    marks: Callable[..., dict[str, Mark]], cell: str, code: str
) -> None:
    mark = marks("import torch", cell)["samples"]
    assert (mark.status, mark.earned, mark.reason.code) == ("failed", 0, code)


def test_honest_pictures_are_measured_and_shown_and_nobody_is_accused(
    graded: Callable[..., Marked],
) -> None:
    found = graded(FITTED, "def sample(n): return drawn(n)")
    mark = found.marks[0]
    assert mark.status == "partial"
    assert found.flags == ()
    assert set(noticed(mark)) - {"samples.classes", "samples.all_classes"} == {"samples.manifold"}
    (shown,) = (item for item in mark.evidence if isinstance(item, Pictures))
    assert [picture.caption.code for picture in shown.items] == ["samples.shown"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "returned", ["drawn(n)[:, 0].numpy()", "(drawn(n) * 255).round().byte()", "drawn(n).double().tolist()"]
)
def test_pictures_are_read_in_other_forms(marks: Callable[..., dict[str, Mark]], returned: str) -> None:
    assert marks(FITTED, f"def sample(n): return {returned}")["samples"].status == "partial"


MISTAKES = {"mistake.minus_one": "drawn(n) * 2 - 1", "mistake.bytes": "drawn(n) * 255"}


@pytest.mark.slow
@pytest.mark.parametrize("code", MISTAKES)
def test_a_wrong_range_is_named_with_its_cost(marks: Callable[..., dict[str, Mark]], code: str) -> None:
    mark = marks(FITTED, f"def sample(n): return {MISTAKES[code]}")["samples"]
    assert noticed(mark)[code]["points"] > 0.5


DROPPED = "net = torch.nn.Sequential(torch.nn.Dropout(0.9))"


def test_a_forgotten_eval_is_named_with_what_it_costs(marks: Callable[..., dict[str, Mark]]) -> None:
    found = noticed(marks(FITTED, DROPPED, "def sample(n): return net(drawn(n))")["samples"])
    assert found["predict.eval_better"]["after"] < found["predict.eval_better"]["before"] / 2
    assert found["mistake.cost"]["points"] > 0.5


@pytest.mark.slow
@pytest.mark.parametrize(
    "cell",
    [
        "def sample(n):\n    net.eval()\n    return net(drawn(n))",
        "net = torch.nn.Identity()\ndef sample(n): return net(drawn(n))",
        "own = torch.Generator()\ndef sample(n): return net.eval().train()"
        "(torch.rand(n, 1, 28, 28, generator=own))",
    ],
    ids=["eval", "nothing that has two modes", "random numbers of its own"],
)
def test_nobody_is_told_of_eval_without_a_reason(marks: Callable[..., dict[str, Mark]], cell: str) -> None:
    assert not any(
        code.startswith("predict.eval") for code in noticed(marks(FITTED, DROPPED, cell)["samples"])
    )


FAILS = {
    "raises": "raise ValueError",
    "gives no numbers": "return drawn(n) * float('nan')",
    "gives another shape": "return drawn(n).flatten(1)",
    "never ends": "return sum(0 for _ in iter(int, 1))",
}


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAILS)
def test_who_fails_in_evaluation_mode_is_scored_as_it_is(
    marks: Callable[..., dict[str, Mark]], fault: str
) -> None:
    mark = marks(FITTED, failing_in_evaluation("sample(n)", FAILS[fault], "drawn(n)"))["samples"]
    assert mark.status == "partial"
    assert not any(code.startswith("predict.eval") for code in noticed(mark))


COPIES = {
    "training pictures": "images[torch.randint(len(images), (n,))]",
    "validation pictures": "shown.data[torch.randint(len(shown.data), (n,))] / 255",
    "moved by a pixel": "images[torch.randint(len(images), (n,))].roll(1, 3)",
    "with a little noise": "images[torch.randint(len(images), (n,))] + 0.05 * torch.randn(n, 1, 28, 28)",
}


@pytest.mark.slow
@pytest.mark.parametrize("cheat", COPIES)
def test_copies_count_only_after_a_person_has_looked(
    marks: Callable[..., dict[str, Mark]], cheat: str
) -> None:
    mark = marks(LOAD, f"def sample(n): return {COPIES[cheat]}")["samples"]
    assert (mark.status, mark.settled, mark.reason.code) == ("needs_review", False, "doubt.memorised")


def test_a_few_pictures_again_and_again_earn_nothing(marks: Callable[..., dict[str, Mark]]) -> None:
    mark = marks(FITTED, "few = drawn(4)", "def sample(n): return few[torch.arange(n) % 4]")["samples"]
    assert mark.earned == 0
    assert noticed(mark)["samples.copies"]["share"] > 99


@pytest.mark.slow
def test_a_seed_inside_sample_is_noticed(marks: Callable[..., dict[str, Mark]]) -> None:
    mark = marks(FITTED, "def sample(n):\n    torch.manual_seed(0)\n    return drawn(n)")["samples"]
    assert noticed(mark)["samples.copies"]["share"] == pytest.approx(200 / 3, abs=0.1)


@pytest.mark.slow
def test_noise_earns_nothing(marks: Callable[..., dict[str, Mark]]) -> None:
    mark = marks("import torch", "def sample(n): return torch.rand(n, 1, 28, 28)")["samples"]
    assert (mark.status, mark.earned) == ("failed", 0)


PICTURES = {
    "a sheet": "Image.new('L', (226, 114), 90).save('best.png')",
    "a large one": "Image.new('RGB', (3000, 1000), 'red').save('best.png')",
    "with transparency": "Image.new('RGBA', (50, 50), (1, 2, 3, 4)).save('best.png')",
}


@pytest.mark.parametrize("kind", PICTURES)
def test_the_best_picture_waits_for_a_person(marks: Callable[..., dict[str, Mark]], kind: str) -> None:
    mark = marks("from PIL import Image", PICTURES[kind])["best_picture"]
    assert (mark.status, mark.settled) == ("needs_review", False)
    (shown,) = (item for item in mark.evidence if isinstance(item, Pictures))
    assert max(shown.items[0].width, shown.items[0].height) <= 640


@pytest.mark.parametrize(
    "cell",
    [
        "open('best.png', 'w').write('no picture')",
        "import os; os.mkdir('best.png')",
        "open('best.png', 'wb').write(b'\\x89PNG\\r\\n\\x1a\\n' + bytes(20))",
    ],
)
def test_what_is_no_picture_file_is_told(marks: Callable[..., dict[str, Mark]], cell: str) -> None:
    mark = marks(cell)["best_picture"]
    assert (mark.status, mark.reason.code) == ("failed", "contract.no_picture_file")


def test_the_references_own_words_are_an_analysis(
    lesson: Setting, marks: Callable[..., dict[str, Mark]]
) -> None:
    rubric = lesson.assignment.rubric
    assert rubric is not None
    mark = marks(f"# Анализ\n\n{rubric.essays[0].answer.ru}")["analysis"]
    assert (mark.earned, mark.settled) == (2, False)


def test_the_starter_is_where_the_reference_says(lesson: Setting) -> None:
    """The GAN of the starter is the baseline that earns nothing."""
    starter = Path(lesson.assignment.folder / "starter.ipynb").read_text(encoding="utf-8")
    reference = Path(lesson.course.root / "reference/l08_gan.py").read_text(encoding="utf-8")
    for layer in ("BatchNorm1d(128)", "Linear(128, 256)", "BatchNorm1d(256)", "Linear(28 * 28, 256)"):
        assert layer in starter
        assert layer in reference
