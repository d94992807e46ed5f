"""Trainings too long to repeat: how a notebook is run, and what was handed in instead of its training."""

from typing import Literal

from pydantic import Field

from graders.model.base import Frozen, Message

Mode = Literal["rerun", "checkpoint", "auto"]
"""What an author or a command asks for: train again, score the weights handed in, or whichever fits."""
RunMode = Literal["rerun", "checkpoint"]
"""How one notebook was run; it sees it as `GRADE_MODE`."""


class CurvePoint(Frozen):
    """One row of a loss curve, as the student wrote it."""

    epoch: int
    train_loss: float | None = None
    """None where the row has none."""
    validation_loss: float | None = None
    figure: float | None = None
    """The metric on the validation split, where the curve has a column for it."""


class Resumed(Frozen):
    """Epochs that were trained again from the checkpoint of mid-training."""

    epoch: int
    """The last epoch before it was saved."""
    losses: tuple[float, ...]
    """Training loss of each epoch that was run again, as the notebook's process says."""
    claimed: tuple[float | None, ...]
    """What the curve says of the same epochs."""
    before: float | None = None
    """The metric on the validation split with the checkpoint's weights; None where it was not measured."""
    after: float | None = None
    """The same after the epochs that were run again."""
    verdict: Literal["agrees", "differs", "unclear"]
    """`unclear`: the curve has no row to compare with."""
    seconds: float


class Checkpoint(Frozen):
    """Weights that were scored in place of a training, and what goes with them."""

    notebook: str = ""
    """Name of its notebook, where the lesson has several."""
    file: str = Field(max_length=200)
    """Name of the file with the weights."""
    numbers: int
    """Numbers in the file, by its header."""
    built: int | None = None
    """Parameters of the network that `load_model` built, as the notebook's process says."""
    others: int = 0
    """Numbers of that network that are no parameters, such as BatchNorm's running statistics."""
    metric: str = ""
    """What `figure` of the curve's points is; empty where the curve has no such column."""
    measured: float | None = None
    """That metric on the public validation split, measured by the host."""
    curve: tuple[CurvePoint, ...] = ()
    """Thinned evenly where it is long; empty where there is none that can be read."""
    epochs: int = 0
    """Rows of the curve before it was thinned."""
    claimed: float | None = None
    """What the curve's column for it says in the row `at`."""
    at: int = 0
    """The epoch that the weights say they are of, or else the last of the curve."""
    problems: tuple[Message, ...] = ()
    """What is wrong with the files and what to change."""
    resumed: Resumed | None = None
    """None where there was no checkpoint of mid-training, or none that could be used."""
