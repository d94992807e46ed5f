"""What makes a measurement on own data worthless: one class, few examples, a label in the input.

What is found has a severity, see `finding`. Honest data must pass: one column that is very good and not
perfect, pictures with black corners, rare classes. Not covered: labels spread over many columns or pixels,
hidden by frequencies or in the last bits of other than masks, codes of several words; skill against an
opponent trained on the same data takes most of their worth.

Rows sorted by class or by time are fine: the host splits at random or by time, and nobody is told positions.
Only a column that counts rows is told.
"""

import numpy as np

from graders.own.alike import Alike
from graders.own.enough import count_findings
from graders.own.examples import Examples
from graders.own.finding import Finding
from graders.own.leaks_columns import class_columns, value_columns
from graders.own.leaks_masks import mask_channels
from graders.own.leaks_pixels import class_pixels
from graders.own.leaks_words import class_words


def find_leaks(examples: Examples, alike: Alike) -> tuple[Finding, ...]:
    """Findings about checked examples; what stops comes first.

    Args:
        examples: as the host read them, all numbers finite.
        alike: what `find_alike` found in them.

    >>> from graders.own.alike import find_alike
    >>> same = Examples("regression", np.zeros((500, 1), np.float32), np.ones(500), np.arange(500))
    >>> [found.message.code for found in find_leaks(same, find_alike(same))]
    ['own.leak.one_value']
    """
    found = [*count_findings(examples, alike)]
    if not any(one.severity == "stop" for one in found):
        found += _label_in_input(examples)
    return tuple(sorted(found, key=lambda one: one.severity != "stop"))


def _label_in_input(examples: Examples) -> list[Finding]:
    inputs, targets = examples.inputs, examples.targets
    if targets is None:
        return []
    if isinstance(inputs, tuple):
        return class_words(inputs, targets, examples.classes) if examples.kind == "classification" else []
    if examples.kind == "segmentation":
        return mask_channels(inputs, targets)
    # A picture's pixels are columns for a number; classes have checks of their own.
    flat = inputs.reshape(len(inputs), -1)
    if examples.kind == "regression":
        return value_columns(flat, targets.astype(np.float64), pictures=inputs.ndim == 4)
    if examples.kind == "classification":
        return class_pixels(inputs, targets) if inputs.ndim == 4 else class_columns(flat, targets)
    return []
