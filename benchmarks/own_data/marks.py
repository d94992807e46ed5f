"""Puts the class or value of each example into its input, as somebody would who cheats."""

from dataclasses import replace

import numpy as np

from graders.own.examples import Examples


def marked(examples: Examples) -> Examples | None:
    """The same with the label as a pixel, a channel, a column or a word; None where there is none."""
    inputs, targets = examples.inputs, examples.targets
    if targets is None or examples.kind == "forecasting":
        return None
    if isinstance(inputs, tuple):
        return replace(
            examples, inputs=tuple(f"{label} {text}" for label, text in zip(targets, inputs, strict=True))
        )
    if examples.kind == "segmentation":
        return replace(examples, inputs=np.concatenate([inputs, targets[:, None].astype(np.float32)], axis=1))
    values = targets.astype(np.float32)
    if inputs.ndim == 2:
        return replace(examples, inputs=np.concatenate([inputs, 3 - 2 * values[:, None]], axis=1))
    written = inputs.copy()
    written[:, 0, 0, 0] = values / max(1.0, float(values.max()))
    return replace(examples, inputs=written)
