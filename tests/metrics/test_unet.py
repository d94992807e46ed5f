"""What is a U-Net, and what only looks like one."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from graders.metrics.replay import ReplayError, replay, shapes
from graders.metrics.trace import Operation, Trace
from graders.metrics.unet import Plan, declared_plan, judge_unet, read_plan, tell_plan
from graders.metrics.unet_replay import believed, used_plan
from graders.model import StructureTask, Text
from graders.sandbox.inside.calls import outermost_calls
from graders.sandbox.inside.trace import record

IMAGES = torch.rand(4, 1, 32, 32, generator=torch.Generator().manual_seed(1))
OTHERS = torch.rand(4, 1, 32, 32, generator=torch.Generator().manual_seed(2))
TASK = StructureTask(
    id="architecture",
    kind="structure",
    title=Text(ru="а", en="a"),
    points=1.5,
    probe="architecture",
    plan="unet",
    blocks=2,
    criteria={"contraction": 0.5, "expansion": 0.5, "skips": 0.5},
)


class Net(nn.Module):
    """Three sizes; `up` makes larger, `down` smaller, `join` puts both paths together."""

    def __init__(self, up: str = "transposed", down: str = "pool", join: str = "cat") -> None:
        super().__init__()
        torch.manual_seed(3)
        self.join = join
        wide = 2 if join == "cat" else 1
        self.first, self.second, self.third = _block(1, 4), _block(4, 8), _block(8, 16)
        self.down = nn.ModuleList(
            nn.Conv2d(width, width, 3, 2, 1) if down == "stride" else nn.MaxPool2d(2) for width in (4, 8)
        )
        self.up = nn.ModuleList(_up(up, wide, width) for wide, width in ((16, 8), (8, 4)))
        self.after = nn.ModuleList(_block(wide * width, width) for width in (8, 4))
        self.last = nn.Conv2d(4, 1, 1)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        one = self.first(images - 0.5)
        two = self.second(self.down[0](one))
        found = self.third(self.down[1](two))
        for up, after, kept in zip(self.up, self.after, (two, one), strict=True):
            larger = up(found)
            joined = {"cat": lambda a, b: torch.cat([a, b], 1), "add": torch.add, "none": lambda a, b: a}
            found = after(joined[self.join](larger, kept))
        return self.last(found)


def _block(inside: int, out: int) -> nn.Module:
    return nn.Sequential(nn.Conv2d(inside, out, 3, padding=1), nn.GroupNorm(1, out), nn.ReLU(inplace=True))


def _up(kind: str, inside: int, out: int) -> nn.Module:
    if kind == "transposed":
        return nn.ConvTranspose2d(inside, out, 2, 2)
    mode = {"align_corners": False, "mode": "bilinear"} if kind == "bilinear" else {"mode": kind}
    return nn.Sequential(nn.Upsample(scale_factor=2, **mode), nn.Conv2d(inside, out, 1))


class Sum(nn.Module):
    """A plain network, and a U-Net whose output counts `share`."""

    def __init__(self, share: float) -> None:
        super().__init__()
        torch.manual_seed(4)
        self.share, self.shown = share, Net()
        self.real = nn.Sequential(nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.Conv2d(8, 1, 3, padding=1))

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return self.real(images - 0.5) + self.share * self.shown(images)


def centred(network: nn.Module) -> nn.Module:
    """The network in `eval()` with a last bias that makes about half of the pixels cells."""
    network.eval()
    last = [part for part in network.modules() if isinstance(part, nn.Conv2d)][-1]
    with torch.no_grad():
        last.bias -= network(OTHERS).median()
    return network


Segment = Callable[[torch.Tensor], object]


def traced(segment: Segment) -> tuple[Trace, dict[str, np.ndarray]]:
    with outermost_calls() as calls:
        trace, constants = record(segment, IMAGES, lambda: calls[-1][1])
    return Trace(found_by="predict", parameters=1, **trace), constants


def masks(network: nn.Module) -> np.ndarray:
    with torch.no_grad():
        return network(OTHERS)[:, 0].numpy() > 0


def seen(network: nn.Module, segment: Segment | None = None) -> tuple[bool, Plan]:
    """Whether the trace is believed, and what it shows."""
    trace, constants = traced(segment or network)
    found = believed(trace, constants, OTHERS.numpy(), masks(network))
    if found is None:
        return False, declared_plan(trace, constants, IMAGES.shape)
    return True, used_plan(found, constants, OTHERS.numpy())


def statuses(plan: Plan) -> list[str]:
    return [criterion.status for criterion in judge_unet(TASK, plan)]


@pytest.mark.parametrize(
    "network",
    [
        Net(),
        Net(up="bilinear"),
        Net(up="nearest"),
        Net(up="nearest-exact"),
        Net(up="bicubic"),
        Net(down="stride"),
        Net(join="add"),
        Net(up="nearest", down="stride", join="add"),
        Net().to(memory_format=torch.channels_last),
    ],
)
def test_a_unet_is_one_however_it_is_built(network: nn.Module) -> None:
    believed_, plan = seen(centred(network))
    assert believed_
    assert statuses(plan) == ["met", "met", "met"]
    assert tell_plan(plan).code == "structure.unet"
    assert {step.size for step in plan.skips} == {(16, 16), (32, 32)}


NETWORK = centred(Net())


def in_parts(images: torch.Tensor) -> torch.Tensor:
    return torch.cat([(NETWORK(part).sigmoid() > 0.5).squeeze(1) for part in images.split(2)]).to(torch.uint8)


def one_by_one(images: torch.Tensor) -> list[torch.Tensor]:
    return [NETWORK(image[None])[0, 0].sigmoid() for image in images]


def without_gradients(images: torch.Tensor) -> np.ndarray:
    with torch.inference_mode():
        return (NETWORK(images)[:, 0] > 0).numpy()


def both_ways(images: torch.Tensor) -> torch.Tensor:
    return ((NETWORK(images).sigmoid() + NETWORK(images.flip(3)).flip(3).sigmoid()) / 2)[:, 0].ge(0.5).float()


@pytest.mark.parametrize(
    "segment", [in_parts, one_by_one, without_gradients, lambda images: NETWORK(images).tolist()]
)
def test_what_is_around_the_network_does_not_matter(segment: Segment) -> None:
    believed_, plan = seen(NETWORK, segment)
    assert believed_
    assert statuses(plan) == ["met", "met", "met"]


def test_a_threshold_of_ones_own_is_believed() -> None:
    trace, constants = traced(lambda images: NETWORK(images)[:, 0].sigmoid() > 0.52)
    with torch.no_grad():
        submitted = NETWORK(OTHERS)[:, 0].sigmoid().numpy() > 0.52
    assert 0.05 < submitted.mean() < 0.43, "far from the usual threshold"
    assert believed(trace, constants, OTHERS.numpy(), submitted) is not None


def test_a_mean_over_mirrored_pictures_is_believed() -> None:
    trace, constants = traced(both_ways)
    with torch.no_grad():
        submitted = both_ways(OTHERS).numpy() > 0
    assert believed(trace, constants, OTHERS.numpy(), submitted) is not None


def test_two_classes_are_read_by_the_larger_score() -> None:
    network = Net()
    network.last = nn.Conv2d(4, 2, 1)
    network.eval()
    trace, constants = traced(network)
    with torch.no_grad():
        submitted = network(OTHERS).argmax(1).numpy() == 1
    assert submitted.any()
    assert believed(trace, constants, OTHERS.numpy(), submitted) is not None


OTHER_NETWORKS = {
    "structure.plain": nn.Sequential(nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.Conv2d(8, 1, 3, padding=1)),
    "structure.encoder": nn.Sequential(
        nn.Conv2d(1, 8, 3, padding=1),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(2048, 1024),
        nn.Unflatten(1, (1, 32, 32)),
    ),
    "structure.encoder_decoder": Net(join="none"),
}


@pytest.mark.parametrize("code", OTHER_NETWORKS)
def test_another_network_is_called_what_it_is(code: str) -> None:
    torch.manual_seed(0)
    believed_, plan = seen(OTHER_NETWORKS[code].eval())
    assert believed_
    assert tell_plan(plan).code == code
    assert statuses(plan)[2] == "missed"


def test_a_picture_that_is_added_at_the_end_is_no_skip_connection() -> None:
    network = Net(join="none")

    class Residual(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.network = network

        def forward(self, images: torch.Tensor) -> torch.Tensor:
            return images + self.network(images)

    assert statuses(seen(centred(Residual()))[1])[2] == "missed"


def test_one_size_of_two_is_partly_enough() -> None:
    class Shallow(Net):
        def forward(self, images: torch.Tensor) -> torch.Tensor:
            one = self.first(images)
            found = self.second(self.down[0](one))
            return self.last(self.after[1](torch.cat([self.up[1](found), one], 1)))

    believed_, plan = seen(centred(Shallow()))
    assert believed_
    assert statuses(plan) == ["partly", "met", "partly"]
    assert [criterion.earned for criterion in judge_unet(TASK, plan)] == [0.25, 0.5, 0.25]


def test_a_network_that_does_not_come_back_to_the_size_of_the_picture_is_partly_expanded() -> None:
    class Half(Net):
        def forward(self, images: torch.Tensor) -> torch.Tensor:
            two = self.second(self.down[0](self.first(images)))
            found = self.after[0](torch.cat([self.up[0](self.third(self.down[1](two))), two], 1))
            return found.mean(1, keepdim=True)

    trace, constants = traced(Half().eval())
    plan = declared_plan(trace, constants, IMAGES.shape)
    assert statuses(plan) == ["met", "partly", "partly"]


def test_a_unet_that_is_multiplied_by_zero_is_none() -> None:
    believed_, plan = seen(centred(Sum(share=0.0)))
    assert believed_
    assert statuses(plan) == ["missed", "missed", "missed"]
    assert tell_plan(plan).code == "structure.decorative"


def test_a_unet_of_which_half_is_used_is_one() -> None:
    assert statuses(seen(centred(Sum(share=1.0)))[1]) == ["met", "met", "met"]


def test_skip_connections_that_are_multiplied_by_zero_are_none() -> None:
    class Shown(Net):
        def forward(self, images: torch.Tensor) -> torch.Tensor:
            one = self.first(images)
            two = self.second(self.down[0](one))
            found = self.after[0](torch.cat([self.up[0](self.third(self.down[1](two))), 0 * two], 1))
            return self.last(self.after[1](torch.cat([self.up[1](found), 0 * one], 1)))

    believed_, plan = seen(centred(Shown()))
    assert believed_
    assert statuses(plan) == ["met", "met", "missed"]


def test_a_unet_that_is_run_and_not_used_is_not_believed() -> None:
    real = centred(OTHER_NETWORKS["structure.plain"])
    trace, constants = traced(NETWORK)
    assert believed(trace, constants, OTHERS.numpy(), masks(real)) is None


@pytest.mark.parametrize("value", [False, True])
def test_masks_of_one_value_prove_nothing(value: bool) -> None:
    trace, constants = traced(NETWORK)
    submitted = np.full((4, 32, 32), value)
    assert believed(trace, constants, OTHERS.numpy(), submitted) is None


def test_empty_masks_prove_nothing_even_where_they_come_out() -> None:
    network = centred(Net())
    with torch.no_grad():
        network.last.bias -= 100
    trace, constants = traced(network)
    assert believed(trace, constants, OTHERS.numpy(), masks(network)) is None


def test_a_recording_that_lists_its_own_answers_is_not_believed() -> None:
    answers = torch.from_numpy(masks(NETWORK))

    def recite(images: torch.Tensor) -> torch.Tensor:
        NETWORK(images)
        return answers & (images[:, 0] > -1)

    trace, constants = traced(recite)
    other = torch.rand(4, 1, 32, 32, generator=torch.Generator().manual_seed(7))
    with torch.no_grad():
        submitted = OTHER_NETWORKS["structure.plain"](other)[:, 0].numpy() > 0
    assert believed(trace, constants, other.numpy(), submitted) is None


@pytest.mark.parametrize(
    "item",
    [
        {"op": "aten.convolution.default", "args": [{"tensor": 0}]},
        {"op": "aten.convolution.default", "args": [{"tensor": 0}, 1, 2, 3, 4, 5]},
        {"op": "aten.cat.default", "args": [[{"tensor": 0}, {"tensor": 0}]]},
        {"op": "aten.upsample_nearest2d.default", "args": []},
        {"op": "aten.max_pool2d_with_indices.default", "args": [{"tensor": 0}], "outputs": []},
    ],
)
def test_senseless_recordings_show_nothing_and_raise_nothing(item: dict[str, object]) -> None:
    operation = Operation(**{"kwargs": {}, "outputs": [1], "shapes": [[4, 1, 16, 16]], **item})
    trace = Trace(
        found_by="predict", parameters=0, operations=[operation], dtypes={}, output=1, complete=True
    )
    assert not declared_plan(trace, {}, (4, 1, 32, 32)).expansions
    assert not used_plan(trace, {}, OTHERS.numpy()).expansions
    assert believed(trace, {}, OTHERS.numpy(), np.ones((4, 32, 32), dtype=bool)) is None


@pytest.mark.parametrize("scale", [1e-30, 1.0, 3.0, -2.0, {"float": "nan"}, {"float": "inf"}])
def test_a_scale_that_reads_past_the_end_is_refused(scale: object) -> None:
    trace, constants = traced(lambda images: functional.interpolate(NETWORK(images), scale_factor=2))
    (upsampling,) = (one for one in trace.operations if "upsample" in one.op)
    upsampling.args[2] = upsampling.args[3] = scale
    with pytest.raises(ReplayError, match="scale"):
        replay(trace.model_copy(update={"output": trace.returned}), constants, OTHERS.numpy())


def test_a_usual_unet_is_within_the_bounds_of_a_replay() -> None:
    trace, constants = traced(_Usual(32))
    assert shapes(trace, constants, np.zeros((8, 1, 128, 128), np.float32))


class _Usual(nn.Module):
    """Four contractions, two convolutions a size, `width` channels at first, as in the paper."""

    def __init__(self, width: int) -> None:
        super().__init__()
        widths = [width * 2**depth for depth in range(5)]
        self.down = nn.ModuleList(_double(a, b) for a, b in zip([1, *widths[:-1]], widths, strict=True))
        self.up = nn.ModuleList(nn.ConvTranspose2d(2 * b, b, 2, 2) for b in widths[-2::-1])
        self.after = nn.ModuleList(_double(2 * b, b) for b in widths[-2::-1])
        self.last = nn.Conv2d(width, 1, 1)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        kept, found = [], images
        for number, block in enumerate(self.down):
            found = block(functional.max_pool2d(found, 2) if number else found)
            kept.append(found)
        kept.pop()
        for up, after in zip(self.up, self.after, strict=True):
            found = after(torch.cat([up(found), kept.pop()], 1))
        return self.last(found)


def _double(inside: int, out: int) -> nn.Module:
    parts = [nn.Conv2d(inside, out, 3, padding=1), nn.BatchNorm2d(out), nn.ReLU()]
    return nn.Sequential(*parts, nn.Conv2d(out, out, 3, padding=1), nn.BatchNorm2d(out), nn.ReLU()).eval()


def test_declared_shapes_give_the_plan_of_the_hosts_own() -> None:
    trace, constants = traced(NETWORK)
    own = read_plan(trace, shapes(trace, constants, OTHERS.numpy()))
    assert declared_plan(trace, constants, IMAGES.shape) == own
