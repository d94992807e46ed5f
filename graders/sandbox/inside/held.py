"""Which weights are where: in a file, in a network, in any network that the notebook has left behind.

Tensors are compared by their hashes, in each of the precisions in which either side keeps them, so that what
was saved in half precision is found again.
"""

import gc
import hashlib
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.parameter import is_lazy

Hash = tuple[torch.dtype, torch.Size, bytes]
"""Of a tensor in one precision."""


@dataclass(frozen=True, slots=True)
class Known:
    """Hashes of tensors."""

    hashes: frozenset[Hash]
    precisions: Set[torch.dtype]
    """In which they were taken."""


def alive() -> Iterator[Tensor]:
    """Parameters of every network in this process, wherever the notebook keeps it."""
    for one in gc.get_objects():
        if issubclass(type(one), nn.Module):  # `isinstance` would ask the object, which may answer anything
            yield from made(list(one.__dict__.get("_parameters", {}).values()))


def made(tensors: Iterable[Tensor | None]) -> Iterator[Tensor]:
    """Those that have numbers: a lazy layer has none before its first call."""
    return (one for one in tensors if one is not None and not is_lazy(one) and not one.is_meta)


def precisions(*groups: Iterable[Tensor]) -> Set[torch.dtype]:
    """In which any of these are kept."""
    return {one.dtype for group in groups for one in group if one.is_floating_point()}


def known(tensors: Iterable[Tensor], taken_in: Set[torch.dtype]) -> Known:
    """Hashes of the tensors in these precisions."""
    return Known(frozenset(said for one in tensors for said in _hashes(one, taken_in)), taken_in)


def missing(tensors: Iterable[Tensor], among: Known) -> Iterator[Tensor]:
    """Those that are not known in any precision."""
    return (one for one in tensors if among.hashes.isdisjoint(_hashes(one, among.precisions)))


def _hashes(tensor: Tensor, taken_in: Set[torch.dtype]) -> Iterator[Hash]:
    plain = tensor.detach().cpu().contiguous()
    for precision in taken_in if plain.is_floating_point() else (plain.dtype,):
        numbers = plain.to(precision).reshape(-1).view(torch.uint8).numpy().data
        yield precision, plain.shape, hashlib.sha256(numbers).digest()


def statistics(network: nn.Module) -> Iterator[Tensor]:
    """What layers that learn keep beside their parameters, such as BatchNorm's running mean."""
    for part in network.modules():
        if any(one.requires_grad for one in part.parameters(recurse=False)):
            kept = part.state_dict()
            for name, one in part.named_buffers(recurse=False):
                if name in kept and one.is_floating_point():
                    yield one


def sizes(network: nn.Module) -> Iterator[int]:
    """Parameters of each part of the network, by the usual ways to count them."""
    for part in network.modules():
        weights = list(made(part.parameters()))
        yield size(weights)
        yield size(one for one in weights if one.requires_grad)
        yield size((*weights, *made(part.buffers())))
        # what two layers share, counted for both
        yield size(made(one for _, one in part.named_parameters(remove_duplicate=False)))


def size(tensors: Iterable[Tensor]) -> int:
    """Numbers in all of them."""
    return sum(one.numel() for one in tensors)
