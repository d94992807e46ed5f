"""The unit in which training is compared: examples seen, and what a step costs besides."""

STEP = 16
"""Examples that one step costs besides those that it sees: small batches are dear."""


def work_of(steps: float, examples: float) -> float:
    """How much work so many steps are that see so many examples together.

    >>> work_of(10, 640)
    800
    """
    return examples + STEP * steps
