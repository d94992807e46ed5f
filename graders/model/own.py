"""What own data can be of: the kinds of examples that a student may bring along."""

from typing import Literal, get_args

OwnKind = Literal[
    "classification", "segmentation", "regression", "forecasting", "text", "reconstruction", "sampling"
]
OWN_KINDS: tuple[OwnKind, ...] = get_args(OwnKind)
