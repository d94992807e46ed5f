"""Lesson 6's notebooks through the sandbox: what is wrong is said, and only a U-Net that is used is one."""

from collections.abc import Callable

import pytest
from notes import noticed

from graders.grading import Setting
from graders.grading.marking import Marked
from graders.model import Criteria, Layers, Mark, Pictures

LOCAL = """
import torch
from torch import nn
from torch.nn import functional as F
def brighter(images):
    around = F.avg_pool2d(images, 25, 1, 12, count_include_pad=False)
    return F.avg_pool2d(images - around, 3, 1, 1)[:, 0] > 0.035
"""
NETWORK = """
torch.manual_seed(0)
class Net(nn.Module):
    def __init__(self, skips):
        super().__init__()
        self.skips = skips
        self.first, self.second = nn.Conv2d(1, 4, 3, padding=1), nn.Conv2d(4, 8, 3, padding=1)
        self.third = nn.Conv2d(8, 8, 3, padding=1)
        self.up_second, self.up_first = nn.ConvTranspose2d(8, 8, 2, 2), nn.ConvTranspose2d(8, 4, 2, 2)
        self.last = nn.Conv2d(4, 1, 1)
    def forward(self, images):
        one = F.relu(self.first(images))
        two = F.relu(self.second(F.max_pool2d(one, 2)))
        found = self.up_second(F.relu(self.third(F.max_pool2d(two, 2)))) + self.skips * two
        return self.last(self.up_first(found) + self.skips * one)
net = Net(1.0).eval()
def usual(images, net=net):
    logits = net(images)[:, 0]
    return logits > 0
with torch.no_grad():
    from PIL import Image
    import glob, numpy as np
    paths = sorted(glob.glob("data/train/images/*"))[:20]
    some = torch.from_numpy(np.stack([np.array(Image.open(path)) for path in paths]))[:, None] / 255
    net.last.bias -= net(some).quantile(0.8)
"""


@pytest.fixture(scope="module")
def lesson(setting_of: Callable[[str], Setting]) -> Setting:
    return setting_of("l06_unet")


def statuses(mark: Mark) -> dict[str, str]:
    (found,) = (item for item in mark.evidence if isinstance(item, Criteria))
    return {item.code: item.status for item in found.items}


def verified(mark: Mark) -> bool:
    (network,) = (item for item in mark.evidence if isinstance(item, Layers))
    return network.verified


def test_what_is_not_defined_is_named(marks: Callable[..., dict[str, Mark]]) -> None:
    found = marks("x = 1")
    missing = [item.message.params["name"] for item in found["segmentation"].evidence]
    assert missing == ["segment(images)", "load_all()"]
    assert found["architecture"].reason.params["name"] == "segment(images)"
    assert found["autoencoder"].reason.params["name"] == "reconstruct(images)"
    assert sum(mark.earned or 0 for mark in found.values()) == 0


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("return images[:, 0, :32]", "predictions.shape_masks"),
        ("return images[:3, 0]", "contract.wrong_length"),
        ("return (images - 0.3) * 20", "predictions.not_masks"),
        ("return images[:, 0] > 0.3, 1", "contract.ragged"),
        ("raise ValueError('no')", "probe.exception"),
    ],
)
def test_masks_that_are_none_earn_nothing_and_the_reason_is_said(
    marks: Callable[..., dict[str, Mark]], body: str, code: str
) -> None:
    mark = marks(f"def segment(images):\n    {body}")["segmentation"]
    assert (mark.status, mark.earned, mark.reason.code) == ("failed", 0, code)


def test_a_threshold_of_the_surroundings_earns_a_little_and_is_shown(
    marks: Callable[..., dict[str, Mark]],
) -> None:
    mark = marks(LOCAL, "segment = brighter")["segmentation"]
    assert mark.status == "partial"
    assert list(noticed(mark)) == ["metric.dice", "metric.pixels"]
    (shown,) = (item for item in mark.evidence if isinstance(item, Pictures))
    assert len(shown.items) == 3


FAULTS = {
    "mistake.inverted": "def segment(images): return ~brighter(images)",
    "mistake.scale": """
def segment(images): return brighter(images / 255) if images.max() > 2 else images[:, 0] > 0.9
""",
    "predict.eval_better": """
drop = nn.Dropout(0.5)
def segment(images): return brighter(images) & (drop(torch.ones(len(images), 64, 64)) > 0)
""",
    "predict.order": """
def segment(images): return brighter(images) & (torch.arange(len(images)) % 2 > 0)[:, None, None]
""",
    "predict.single": "def segment(images): return brighter(images) & (len(images) > 1)",
    "predict.not_single": "def segment(images): return brighter(images).squeeze()",
}


@pytest.mark.parametrize("code", FAULTS)
def test_a_diagnosis_finds_its_fault(marks: Callable[..., dict[str, Mark]], code: str) -> None:
    assert code in noticed(marks(LOCAL, FAULTS[code])["segmentation"])


@pytest.mark.parametrize(
    "segment",
    [
        "segment = usual",
        "@torch.inference_mode()\ndef segment(images): return (net(images)[:, 0] > 0).numpy()",
        "def segment(images): return [net(image[None])[0, 0].sigmoid() for image in images]",
    ],
)
def test_a_unet_is_found_however_it_is_called(marks: Callable[..., dict[str, Mark]], segment: str) -> None:
    mark = marks(LOCAL, NETWORK, segment)["architecture"]
    assert verified(mark)
    assert (mark.status, mark.earned) == ("passed", 1.5)
    assert list(noticed(mark)) == ["structure.unet"]


NO_UNETS = {
    "structure.encoder_decoder": """
class Straight(Net):
    def forward(self, images):
        found = F.max_pool2d(F.relu(self.first(images)), 2)
        found = self.third(F.max_pool2d(F.relu(self.second(found)), 2))
        return self.last(self.up_first(self.up_second(found)))
straight = Straight(0.0).eval()
straight.last.bias.data -= straight(some).quantile(0.8)
def segment(images): return usual(images, straight)
""",
    "structure.plain": """
plain = nn.Sequential(nn.Conv2d(1, 4, 3, padding=1), nn.ReLU(), nn.Conv2d(4, 1, 1))
plain[2].bias.data -= plain(some).quantile(0.8)
def segment(images): return usual(images, plain)
""",
}


@pytest.mark.parametrize("code", NO_UNETS)
def test_another_network_is_called_what_it_is(marks: Callable[..., dict[str, Mark]], code: str) -> None:
    mark = marks(LOCAL, NETWORK, NO_UNETS[code])["architecture"]
    assert verified(mark)
    assert code in noticed(mark)
    assert statuses(mark)["skips"] == "missed"
    assert mark.hint is not None


def test_a_unet_that_is_run_and_not_used_earns_nothing(marks: Callable[..., dict[str, Mark]]) -> None:
    decorated = "def segment(images):\n    net(images)\n    return brighter(images)"
    mark = marks(LOCAL, NETWORK, decorated)["architecture"]
    assert verified(mark), "the masks come out of what is recorded beside the network"
    assert (mark.status, mark.earned) == ("failed", 0)
    assert list(noticed(mark)) == ["structure.plain"]


def test_masks_that_no_recorded_operation_makes_are_for_a_person_to_look_at(
    graded: Callable[..., Marked],
) -> None:
    decorated = "def segment(images):\n    net(images)\n    return images.numpy()[:, 0] > 0.3"
    found = graded(LOCAL, NETWORK, decorated)
    mark = next(mark for mark in found.marks if mark.task == "architecture")
    assert not verified(mark)
    assert (mark.status, mark.settled) == ("needs_review", False)
    assert [flag.kind for flag in found.flags] == ["unverified_trace"]


def test_a_unet_that_is_multiplied_by_zero_earns_nothing(marks: Callable[..., dict[str, Mark]]) -> None:
    zero = """
class Both(nn.Module):
    def __init__(self):
        super().__init__()
        self.net, self.real = net, nn.Conv2d(1, 1, 3, padding=1)
    def forward(self, images): return self.real(images) + 0 * self.net(images)
both = Both().eval()
both.real.bias.data -= both(some).quantile(0.8)
def segment(images): return usual(images, both)
"""
    mark = marks(LOCAL, NETWORK, zero)["architecture"]
    assert verified(mark)
    assert (mark.status, mark.earned) == ("failed", 0)
    assert "structure.decorative" in noticed(mark)


@pytest.mark.parametrize(
    "body", ["return images", "return F.avg_pool2d(images, 5, 1, 2)", "return images.clamp(0.1, 0.6)[:, 0]"]
)
def test_a_picture_that_comes_back_as_it_came_or_blurred_earns_nothing(
    marks: Callable[..., dict[str, Mark]], body: str
) -> None:
    mark = marks(LOCAL, f"def reconstruct(images): {body}")["autoencoder"]
    assert mark.bonus
    assert mark.earned is not None
    assert mark.earned < 0.05


def test_who_gives_no_masks_in_evaluation_mode_is_scored_and_the_trace_is_not_believed(
    marks: Callable[..., dict[str, Mark]],
) -> None:
    cell = """
net.train()
def segment(images):
    found = usual(images)
    return found if net.training else found[:, 0]
"""
    found, plain = marks(LOCAL, NETWORK, cell), marks(LOCAL, NETWORK, "segment = usual")
    assert found["segmentation"].value == plain["segmentation"].value
    assert verified(plain["architecture"])
    assert not verified(found["architecture"])
    assert found["architecture"].settled is False


def test_a_forgotten_eval_is_told_of_the_autoencoder_too(marks: Callable[..., dict[str, Mark]]) -> None:
    cell = "drop = nn.Dropout(0.5)\ndef reconstruct(images): return drop(F.avg_pool2d(images, 5, 1, 2))"
    assert "predict.eval_better" in noticed(marks(LOCAL, cell)["autoencoder"])
    kept = marks(LOCAL, cell.replace("return", "drop.eval(); return"))["autoencoder"]
    assert "predict.eval_better" not in noticed(kept)


def test_pictures_from_0_to_255_are_told(marks: Callable[..., dict[str, Mark]]) -> None:
    mark = marks("def reconstruct(images): return images * 255")["autoencoder"]
    assert mark.reason.code == "predictions.not_pictures"
