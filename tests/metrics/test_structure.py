from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import nn

from graders.metrics.replay import ReplayError, replay, verify
from graders.metrics.structure import judge, read_layers
from graders.metrics.trace import Operation, Trace
from graders.model import Layers, StructureTask, Text
from graders.sandbox.inside.calls import outermost_calls
from graders.sandbox.inside.trace import record

IMAGES = torch.rand(16, 1, 28, 28, generator=torch.Generator().manual_seed(1))
TASK = StructureTask(
    id="architecture",
    kind="structure",
    title=Text(ru="а", en="a"),
    points=1,
    probe="architecture",
    blocks=2,
    criteria={"blocks": 0.5, "kernels": 0.25, "dense_last": 0.25},
)


def alexnet(kernels: tuple[int, ...] = (5, 3), **layers: nn.Module) -> nn.Sequential:
    blocks: list[nn.Module] = []
    channels = 1
    for index, kernel in enumerate(kernels):
        out = 4 * 2**index
        blocks += [nn.Conv2d(channels, out, kernel, padding=kernel // 2), nn.ReLU(), nn.MaxPool2d(2)]
        channels = out
    side = 28 // 2 ** len(kernels)
    dense = [nn.Flatten(), nn.Linear(channels * side * side, 16), nn.ReLU(), nn.Dropout(), nn.Linear(16, 10)]
    return nn.Sequential(*blocks, *layers.values(), *dense).eval()


def traced(function: Callable[[torch.Tensor], object]) -> tuple[Trace, dict[str, np.ndarray]]:
    with outermost_calls() as calls:
        trace, constants = record(function, IMAGES, lambda: calls[-1][1])
    return Trace(found_by="predict", parameters=1, **trace), constants


def submitted(network: nn.Module, images: torch.Tensor = IMAGES) -> np.ndarray:
    with torch.no_grad():
        return network(images).argmax(1).numpy()


def judged(network: nn.Module) -> dict[str, str]:
    layers = read_layers(*traced(network))
    found = Layers(found_by="predict", verified=True, parameters=1, layers=layers)
    return {item.code: item.status for item in judge(TASK, found)}


class Residual(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = nn.Conv2d(1, 8, 3, padding=1), nn.Conv2d(8, 8, 3, padding=1)
        self.norm, self.head = nn.BatchNorm2d(8), nn.Linear(8, 10)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        features = nn.functional.gelu(self.first(images))
        features = features + self.norm(self.second(features)).relu_()
        return self.head(features.mean((2, 3)))


@pytest.mark.parametrize(
    "network",
    [
        alexnet(),
        alexnet((7, 5, 3)),
        Residual().eval(),
        nn.Sequential(
            nn.Conv2d(1, 6, 5), nn.Tanh(), nn.AvgPool2d(2), nn.LeakyReLU(),
            nn.AdaptiveAvgPool2d(4), nn.Flatten(), nn.LayerNorm(96), nn.Linear(96, 10), nn.LogSoftmax(1),
        ).eval(),
        alexnet().to(memory_format=torch.channels_last),
    ],
)  # fmt: skip
def test_replay_gives_the_networks_own_scores(network: nn.Module) -> None:
    trace, constants = traced(network)
    with torch.no_grad():
        expected = network(IMAGES).numpy()
    np.testing.assert_allclose(replay(trace, constants, IMAGES.numpy()), expected, rtol=1e-4, atol=1e-5)


def test_normalisation_outside_the_module_is_replayed_too() -> None:
    network = alexnet()
    trace, constants = traced(lambda images: network((images - 0.286) / 0.353).argmax(1))
    assert verify(trace, constants, IMAGES.numpy(), submitted(network, (IMAGES - 0.286) / 0.353))


@pytest.mark.parametrize("take", ["split", "slice", "index"])
def test_a_predict_that_goes_through_the_pictures_in_parts_is_believed(take: str) -> None:
    network, order = alexnet(), torch.arange(len(IMAGES))

    def predict(images: torch.Tensor) -> torch.Tensor:
        if take == "split":
            parts = list(images.split(500))
        elif take == "slice":
            parts = [images[start : start + 500] for start in range(0, len(images), 500)]
        else:
            parts = [images[order]]
        return torch.cat([network(part).float().cpu() for part in parts])

    assert verify(*traced(predict), IMAGES.numpy(), submitted(network))


def test_a_trace_of_another_network_is_not_believed() -> None:
    torch.manual_seed(0)
    declared, real = alexnet(), nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
    with torch.no_grad():  # spread the classes, so that agreement by chance is unlikely
        predictions = real(IMAGES * 20).argmax(1).numpy()
    assert not verify(*traced(declared), IMAGES.numpy(), predictions)


def test_a_trace_that_does_not_begin_at_the_pictures_is_not_believed() -> None:
    network = alexnet()
    trace, constants = traced(lambda images: network(torch.from_numpy(images.numpy().copy())))
    other = torch.rand(16, 1, 28, 28, generator=torch.Generator().manual_seed(2))
    assert read_layers(trace, constants) == ()
    assert not verify(trace, constants, other.numpy(), (submitted(network, other) + 1) % 10)


def test_layers_are_listed_with_kernels_channels_and_shapes() -> None:
    layers = read_layers(*traced(alexnet((5, 3))))
    assert [(layer.op, layer.kernel, layer.channels, layer.shape) for layer in layers] == [
        ("convolution", (5, 5), (1, 4), (4, 28, 28)),
        ("pooling", (2, 2), (), (4, 14, 14)),
        ("convolution", (3, 3), (4, 8), (8, 14, 14)),
        ("pooling", (2, 2), (), (8, 7, 7)),
        ("dense", (), (392, 16), (16,)),
        ("dense", (), (16, 10), (10,)),
    ]


@pytest.mark.parametrize("kernels", [(5, 3), (3, 3), (7, 5, 3)])
def test_an_alexnet_meets_everything(kernels: tuple[int, ...]) -> None:
    assert set(judged(alexnet(kernels)).values()) == {"met"}


def test_one_block_is_partly_enough() -> None:
    assert judged(alexnet((5,))) == {"blocks": "partly", "kernels": "met", "dense_last": "met"}


def test_rising_kernels_are_missed() -> None:
    assert judged(alexnet((3, 5)))["kernels"] == "missed"


def test_a_dense_network_meets_nothing_of_convolutions() -> None:
    found = judged(nn.Sequential(nn.Flatten(), nn.Linear(784, 10)).eval())
    assert found == {"blocks": "missed", "kernels": "missed", "dense_last": "missed"}


def test_a_network_that_ends_in_a_convolution_is_missed() -> None:
    network = nn.Sequential(
        nn.Conv2d(1, 4, 3), nn.MaxPool2d(2), nn.Conv2d(4, 10, 3), nn.AdaptiveAvgPool2d(1), nn.Flatten()
    )
    assert judged(network.eval())["dense_last"] == "missed"


def test_a_branch_that_the_scores_do_not_use_does_not_count() -> None:
    class Decorated(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.shown, self.real = alexnet(), nn.Sequential(nn.Flatten(), nn.Linear(784, 10))

        def forward(self, images: torch.Tensor) -> torch.Tensor:
            self.shown(images)
            return self.real(images)

    assert judged(Decorated().eval())["blocks"] == "missed"


def operations(*items: dict[str, object]) -> Trace:
    built = [Operation(**{"kwargs": {}, "shapes": [], "outputs": [1], **item}) for item in items]
    return Trace(found_by="predict", parameters=0, operations=built, dtypes={}, output=1, complete=True)


IMAGE = {"tensor": 0}


@pytest.mark.parametrize(
    "trace",
    [
        operations({"op": "aten.from_file.default", "args": ["/etc/passwd"]}),
        operations({"op": "aten.save.default", "args": [IMAGE]}),
        operations({"op": "prims.something.default", "args": [IMAGE]}),
        operations({"op": "aten.__class__.__base__", "args": [IMAGE]}),
        operations({"op": "aten.repeat.default", "args": [IMAGE, [10**9, 1, 1, 1]]}),
        operations({"op": "aten.expand.default", "args": [IMAGE, [-1, 10**12, 28, 28]]}),
        operations({"op": "aten.view.default", "args": [IMAGE, [7, 7]]}),
        operations({"op": "aten.relu.default", "args": [{"tensor": 77}]}),
        operations({"op": "aten.relu.default", "args": ["text"]}),
        operations({"op": "aten.relu.default", "args": []}),
        operations({"op": "aten.constant_pad_nd.default", "args": [IMAGE, [10**5, 10**5, 10**5, 10**5], 0]}),
        operations(),
    ],
)  # fmt: skip
def test_hostile_recordings_are_refused(trace: Trace) -> None:
    with pytest.raises(ReplayError):
        replay(trace, {}, IMAGES.numpy())


def test_a_recording_cannot_ask_for_endless_work() -> None:
    weight = np.zeros((2000, 2000), dtype=np.float32)
    left = {"op": "aten.mm.default", "args": [{"tensor": 2}, {"tensor": 2}], "outputs": [1]}
    with pytest.raises(ReplayError, match="more work"):
        replay(operations(*[left] * 200), {"c2": weight}, IMAGES.numpy())


def test_what_a_gpu_calls_batch_normalisation_is_replayed_as_on_a_cpu() -> None:
    network = nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.Flatten(), nn.Linear(2704, 10)).eval()
    trace, constants = traced(network)
    renamed = trace.model_dump_json()
    for name in ("native_batch_norm", "_native_batch_norm_legit_no_training"):
        renamed = renamed.replace(f"aten.{name}.default", "aten.cudnn_batch_norm.default")
    on_gpu = Trace.model_validate_json(renamed)
    assert any(operation.op == "aten.cudnn_batch_norm.default" for operation in on_gpu.operations)
    assert verify(on_gpu, constants, IMAGES.numpy(), submitted(network))


def test_strange_weights_are_refused() -> None:
    trace = operations({"op": "aten.relu.default", "args": [IMAGE]})
    with pytest.raises(ReplayError, match="complex"):
        replay(trace, {"c9": np.zeros(2, dtype=np.complex64)}, IMAGES.numpy())


def test_declared_layers_that_make_no_sense_are_left_out() -> None:
    senseless = [
        {"op": "aten.convolution.default", "args": [IMAGE, {"tensor": 5}]},
        {"op": "aten.max_pool2d_with_indices.default", "args": [IMAGE]},
        {"op": "aten.mean.dim", "args": [IMAGE]},
        {"op": "aten.addmm.default", "args": [IMAGE], "shapes": [[]]},
    ]
    weights = {"c5": np.zeros((4, 1, 3, 3)), "cx": np.zeros(3), "strange": np.zeros(3)}
    for item in senseless:
        assert len(read_layers(operations(item), weights)) <= 1


@pytest.mark.parametrize(
    "trace",
    [
        operations({"op": "aten.relu.default", "args": [10**30]}),
        operations({"op": "aten.convolution.default", "args": [IMAGE], "kwargs": {"weight": IMAGE}}),
        operations({"op": "aten.avg_pool2d.default", "args": [IMAGE, [9**5, 9**5], [1, 1], [9**5, 9**5]]}),
        operations({"op": "aten.view.default", "args": [IMAGE, [16, 0, 784]]}),
        operations({"op": "aten.mean.dim", "args": [IMAGE, [10**30, "aa"]], "shapes": [[1]]}),
    ],
)  # fmt: skip
def test_senseless_recordings_are_not_believed_and_raise_nothing(trace: Trace) -> None:
    weights = {"c" + "9" * 5000: np.zeros(2), "c3": np.zeros(2, dtype=np.longdouble)}
    assert not verify(trace, weights, IMAGES.numpy(), np.zeros(16, dtype=np.int64))
    assert isinstance(read_layers(trace, weights), tuple)
