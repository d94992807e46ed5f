import gc

import torch
from torch import nn

from graders.sandbox.inside.held import alive, known, made, missing, precisions, size, sizes, statistics


def absent(network: nn.Module, *tensors: torch.Tensor) -> int:
    weights = list(network.parameters())
    return size(missing(weights, known(tensors, precisions(tensors, weights))))


def test_weights_are_found_in_a_file_of_any_precision() -> None:
    network = nn.Linear(4, 3)
    for precision in (torch.float32, torch.float16, torch.bfloat16, torch.float64):
        saved = [value.to(precision) for value in network.state_dict().values()]
        loaded = nn.Linear(4, 3)
        loaded.load_state_dict(dict(zip(network.state_dict(), saved, strict=True)))
        assert absent(loaded, *saved) == 0, precision
        assert absent(loaded.half(), *saved) == 0, precision


def test_what_is_not_in_the_file_is_counted_and_many_layers_of_one_shape_are_all_looked_for() -> None:
    network = nn.ModuleList([nn.Linear(2, 2) for _ in range(120)])
    saved = list(network.state_dict().values())
    assert absent(network, *saved) == 0
    assert absent(network, *saved[2:]) == 6
    assert absent(network) == 720


def test_a_shared_tensor_stands_in_the_file_once() -> None:
    network = nn.Sequential(nn.Linear(3, 3), nn.Linear(3, 3))
    network[1].weight = network[0].weight
    assert absent(network, network[0].weight, network[0].bias, network[1].bias) == 0
    assert {15, 24} <= set(sizes(network)), "shared weights are counted once, or for both"


def test_networks_are_found_wherever_they_are_kept_and_lazy_ones_are_passed_over() -> None:
    class Trainer:
        def __init__(self) -> None:
            self.hidden = {"net": nn.Linear(5, 2)}
            self.lazy = nn.LazyLinear(3)

    trainer = Trainer()
    weights = list(trainer.hidden["net"].parameters())
    assert size(missing(weights, known(alive(), {torch.float32}))) == 0
    assert list(made(trainer.lazy.parameters())) == []
    copied = [weight.detach().clone() + 1 for weight in weights]
    del trainer
    gc.collect()
    assert size(missing(copied, known(alive(), {torch.float32}))) == 12


def test_running_statistics_belong_to_a_network_where_its_layer_learns() -> None:
    network = nn.Sequential(nn.BatchNorm1d(4), nn.BatchNorm1d(6))
    network[1].requires_grad_(False)
    network.register_buffer("mask", torch.zeros(9), persistent=False)
    assert size(statistics(network)) == 8
    assert {20, 8} <= set(sizes(network)), "with what is frozen, and without"
