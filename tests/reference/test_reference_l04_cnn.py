import dataclasses
import itertools
import subprocess
import sys
from pathlib import Path

import l04_cnn
import pytest
import torch
import training
from torch import nn

from graders import data

REFERENCE = Path(l04_cnn.__file__).parent
CPU = torch.device("cpu")
SIZES = [(width, depth) for width in (4, 12, 64) for depth in (1, 2, 3, 4)]


@pytest.fixture(scope="module")
def clothes(tmp_path_factory):
    return training.load(str(data.public_folder("clothes", "mini", tmp_path_factory.mktemp("cache"))))


@pytest.fixture(scope="module")
def solution(clothes):
    """The whole solution on a tiny budget."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(l04_cnn.BUDGETS, "mini", l04_cnn.Budget(epochs=2, study_pictures=320, study_epochs=1))
        return l04_cnn.solve(clothes.first(1_280), CPU, 0, "mini")


def count(model):
    return sum(weights.numel() for weights in model.parameters())


def test_the_public_folder_is_loaded_as_a_network_takes_it(clothes):
    for images, labels in (
        (clothes.train_images, clothes.train_labels),
        (clothes.validation_images, clothes.validation_labels),
    ):
        assert images.shape[1:] == (1, 28, 28)
        assert images.dtype == torch.float32
        assert (images.min(), images.max()) == (0, 1)
        assert labels.dtype == torch.int64
        assert len(labels) == len(images)
        assert labels.unique().tolist() == list(range(10))


@pytest.mark.parametrize(("width", "depth"), SIZES)
def test_networks_of_all_sizes_give_ten_scores_a_picture(width, depth):
    model = l04_cnn.build(width, depth)
    assert model(torch.rand(3, 1, 28, 28)).shape == (3, 10)


@pytest.mark.parametrize(("width", "depth"), SIZES)
def test_parameters_follow_from_width_and_depth(width, depth):
    channels = [1, *(width * 2**block for block in range(depth))]
    kernels = (5, 3, 3, 3)
    expected = sum(
        channels[block] * channels[block + 1] * kernels[block] ** 2 + 3 * channels[block + 1]
        for block in range(depth)
    )
    expected += (channels[-1] * (28 >> depth) ** 2 + 1) * 128 + 129 * 10
    assert count(l04_cnn.build(width, depth)) == expected


@pytest.mark.parametrize("depth", [0, 5])
def test_a_depth_that_does_not_fit_is_refused_with_the_depths_that_do(depth):
    with pytest.raises(ValueError, match=f"depth is {depth}; it must be from 1 to 4"):
        l04_cnn.build(8, depth)


def test_kernels_fall_and_dense_layers_come_last():
    layers = [layer for layer in l04_cnn.ConvNet(l04_cnn.Sizes()).modules() if not list(layer.children())]
    kernels = [layer.kernel_size[0] for layer in layers if isinstance(layer, nn.Conv2d)]
    assert kernels == sorted(kernels, reverse=True)
    assert kernels[0] > kernels[-1]
    last_convolution = max(i for i, layer in enumerate(layers) if isinstance(layer, nn.Conv2d))
    first_dense = min(i for i, layer in enumerate(layers) if isinstance(layer, nn.Linear))
    assert last_convolution < first_dense
    assert isinstance(layers[-1], nn.Linear)
    assert sum(isinstance(layer, nn.MaxPool2d) for layer in layers) >= 2


@pytest.mark.parametrize(("width", "depth"), [(16, 1), (256, 2), (64, 3)])
def test_the_dense_network_has_plain_layers_only(width, depth):
    sizes = [784, *([width] * depth), 10]
    expected = sum((before + 1) * after for before, after in itertools.pairwise(sizes))
    assert count(l04_cnn.build_dense(width, depth)) == expected


@pytest.mark.slow
def test_import_trains_nothing_and_needs_nothing_of_the_toolkit():
    script = (
        "import sys, torch\n"
        "def refuse(*_, **__): raise AssertionError('trained on import')\n"
        "torch.Tensor.backward = refuse\n"
        "import l04_cnn\n"
        "print(*(name for name in sys.modules if name.split('.')[0] == 'graders'))"
    )
    run = subprocess.run(
        [sys.executable, "-c", script], cwd=REFERENCE, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == ""


def test_a_short_fit_learns(clothes):
    torch.manual_seed(0)
    model = l04_cnn.build(8, 2)
    before = training.accuracy(model, clothes.validation_images, clothes.validation_labels)
    training.fit(model, clothes.first(1_280), epochs=3, seed=0, device=CPU, rate=4e-3)
    after = training.accuracy(model, clothes.validation_images, clothes.validation_labels)
    assert before < 0.3
    assert after > 0.6


def test_fit_keeps_the_best_weights_and_says_how_good_they_are(clothes):
    model = l04_cnn.build_dense(16, 1)
    small = clothes.first(640)
    best = training.fit(model, small, epochs=4, seed=0, device=CPU, rate=0.05)
    assert best == training.accuracy(model, small.validation_images, small.validation_labels)
    assert not model.training


def test_fit_stops_early_where_nothing_gets_better(clothes):
    steps = []
    model = l04_cnn.build_dense(4, 1)
    model.register_forward_hook(lambda *_: steps.append(model.training))
    training.fit(model, clothes.first(640), epochs=50, seed=0, device=CPU, rate=1e-30, patience=2)
    # ten steps an epoch: the first epoch counts as best, two more bring nothing
    assert sum(steps) == 30


def test_the_same_seed_gives_the_same_network(clothes):
    weights = []
    for _ in range(2):
        torch.manual_seed(1)
        model = l04_cnn.build(4, 2)
        training.fit(model, clothes.first(320), epochs=1, seed=3, device=CPU)
        weights.append(torch.cat([part.flatten() for part in model.parameters()]))
    assert torch.equal(*weights)


def test_predict_gives_scores_on_the_cpu_whatever_state_the_model_is_in(solution, clothes):
    solution.model.train()
    scores = solution.predict(clothes.validation_images[:7])
    assert scores.shape == (7, 10)
    assert scores.dtype == torch.float32
    assert scores.device == CPU
    assert torch.equal(scores, solution.predict(clothes.validation_images[:7]))


def test_the_studies_have_the_rows_that_the_assignment_asks_for(solution):
    rows = solution.experiments
    assert all(set(row) == {"study", "width", "depth", "parameters", "accuracy"} for row in rows)
    assert len({row["width"] for row in rows if row["study"] == "width"}) == 4
    assert {row["depth"] for row in rows if row["study"] == "depth"} == {1, 2, 3, 4}
    assert [row["depth"] for row in rows if row["study"] == "dense"] == [2]


def test_parameters_of_each_row_can_be_recounted(solution):
    for row in solution.experiments:
        network = solution.build_dense if row["study"] == "dense" else solution.build
        assert count(network(row["width"], row["depth"])) == row["parameters"]


def test_a_row_can_be_trained_again_in_place(solution, clothes):
    model = solution.build(8, 2)
    before = training.accuracy(model, clothes.validation_images, clothes.validation_labels)
    solution.train(model)
    assert training.accuracy(model, clothes.validation_images, clothes.validation_labels) > before


@pytest.mark.parametrize("name", ["linear", "dense"])
def test_baselines_leave_a_model_and_nothing_of_the_studies(name, clothes, monkeypatch):
    monkeypatch.setitem(l04_cnn.BUDGETS, "mini", dataclasses.replace(l04_cnn.BUDGETS["mini"], epochs=1))
    baseline = getattr(l04_cnn, name)(clothes.first(640), CPU, 0, "mini")
    assert baseline.predict(clothes.validation_images[:5]).shape == (5, 10)
    assert not any(isinstance(layer, nn.Conv2d) for layer in baseline.model.modules())
    assert baseline.experiments == []
    assert baseline.build is baseline.build_dense is baseline.train is None


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_on_a_gpu_the_same_loop_learns(clothes):
    torch.manual_seed(0)
    model = l04_cnn.build(8, 2)
    best = training.fit(model, clothes.first(1_280), epochs=3, seed=0, device=torch.device("cuda"), rate=4e-3)
    assert best > 0.6
    assert training.scores(model, clothes.validation_images).device == CPU
