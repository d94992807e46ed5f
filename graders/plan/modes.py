"""Whether a submission will be scored from the weights that came with it instead of its training."""

from pathlib import Path

from graders.model import Mode


def has_weights(folder: Path | None, slug: str, names: tuple[str, ...] = ("",)) -> bool:
    """Whether weights stand beside every notebook: `<slug>.safetensors`, or `<slug>.x.safetensors`."""
    if folder is None:
        return False
    files = [folder / (f"{slug}.{name}.safetensors" if name else f"{slug}.safetensors") for name in names]
    return all(path.is_file() and not path.is_symlink() for path in files)


def from_checkpoint(mode: Mode, *, weights: bool, over: bool) -> bool:
    """Whether the weights are scored and the training is not repeated.

    Args:
        mode: what is asked for.
        weights: whether they were handed in.
        over: whether the training is expected to take more than its budget.

    >>> from_checkpoint("auto", weights=True, over=False), from_checkpoint("auto", weights=True, over=True)
    (False, True)
    """
    return weights and (mode == "checkpoint" or (mode == "auto" and over))
