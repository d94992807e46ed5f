"""The record of one graded submission: the truth that every view is made from."""

from typing import Annotated, Literal

from pydantic import Field

from graders.model.assignment import Profile
from graders.model.base import Frozen, Message
from graders.model.calibration import StudyPoint, Threshold
from graders.model.checkpoint import Checkpoint
from graders.model.own import OwnKind
from graders.model.run import Run
from graders.model.theory import AnswerScore

FOR_A_PERSON = ("theory", "essay", "picture")
"""Kinds of task that a person reads or looks at in every submission."""

MarkStatus = Literal["passed", "partial", "failed", "borderline", "not_run", "needs_review"]


class Measurement(Frozen):
    """A measured value with its 95 % interval."""

    value: float
    low: float
    high: float
    n: int
    """How many hidden examples it was measured on."""


class Diagnosis(Frozen):
    """Something that was noticed while measuring; it costs no points by itself."""

    kind: Literal["diagnosis"] = "diagnosis"
    message: Message


class Fault(Frozen):
    """An exception in the student's code, as the probe saw it."""

    kind: Literal["fault"] = "fault"
    type: str
    message: str
    traceback: str = ""
    """Plain text, the student's own frames only, capped."""


class Criterion(Frozen):
    """One thing that a structure or a study is looked at for."""

    code: str
    """Key of the task's `criteria` table."""
    status: Literal["met", "partly", "missed", "unknown"]
    earned: float
    possible: float
    message: Message


class Criteria(Frozen):
    """What a structure or a study was looked at for, and what was found."""

    kind: Literal["criteria"] = "criteria"
    items: tuple[Criterion, ...]


class Layer(Frozen):
    """One operation of a traced network."""

    op: Literal["convolution", "pooling", "dense", "normalisation", "activation", "dropout", "other"]
    name: str
    """The operation as PyTorch calls it, such as `max_pool2d`."""
    kernel: tuple[int, ...] = ()
    channels: tuple[int, ...] = ()
    """Input and output channels or features."""
    stride: tuple[int, ...] = ()
    shape: tuple[int, ...] = ()
    """Shape of the output without the batch."""


class Layers(Frozen):
    """A traced network, as the notebook's process declared it."""

    kind: Literal["layers"] = "layers"
    found_by: Literal["predict", "model", "discovery"]
    """Where the module was found."""
    verified: bool
    """True where the host replayed the operations and got the submitted predictions."""
    parameters: int
    layers: tuple[Layer, ...]


class StudyRow(Frozen):
    """One row of the notebook's `experiments`."""

    study: str
    width: int
    depth: int
    parameters: int
    """As the notebook says."""
    recounted: int | None
    """Parameters of `build(width, depth)`; None where it could not be built."""
    accuracy: float
    """As the notebook says, from 0 to 1."""


class SpotCheck(Frozen):
    """The row that was trained again and scored on hidden data."""

    row: StudyRow
    measured: Measurement
    """Mean over the trainings."""
    trainings: int = 1
    """How often it was trained again, with another seed each time."""
    spread: float = 0.0
    """Standard deviation that one training is taken to have: the row's own or the reference's, if larger."""
    tolerance: float
    """Three standard errors of the claimed and the measured accuracy together."""
    verdict: Literal["agrees", "unclear", "differs"]
    """`unclear`: outside the tolerance, but not so far above it that chance can be left out."""
    seconds: float


class Study(Frozen):
    """A table of experiments beside the reference's own."""

    kind: Literal["study"] = "study"
    varies: Literal["width", "depth"] | None
    rows: tuple[StudyRow, ...]
    reference: tuple[StudyPoint, ...]
    spot_check: SpotCheck | None = None
    conclusion: str = ""
    """The student's own sentences about the trend; plain text, capped."""


class Picture(Frozen):
    """A picture that the host encoded itself."""

    png: str = Field(pattern=r"^[A-Za-z0-9+/]+={0,2}$")
    """PNG file in base64."""
    width: int
    height: int
    """Pixels."""
    caption: Message


class Pictures(Frozen):
    """Pictures for a person: what a notebook drew, or what it says of public examples."""

    kind: Literal["pictures"] = "pictures"
    items: tuple[Picture, ...]
    title: Message | None = None


class SheetRow(Frozen):
    """One example that is shown as text."""

    text: str
    """Plain text of the student's data, capped."""
    label: Message


class Sheet(Frozen):
    """Examples of a student's own data for a person, as text."""

    kind: Literal["sheet"] = "sheet"
    items: tuple[SheetRow, ...]
    title: Message


class About(Frozen):
    """What a student says of their own data."""

    kind: Literal["about"] = "about"
    text: str
    """Plain text, capped."""


class Rival(Frozen):
    """A model that learned from the same part of a student's data and met the same hidden part."""

    name: str
    """`yours`, `reference`, or a baseline such as `otsu`."""
    measured: Measurement
    seconds: float
    """That it trained."""


class OwnData(Frozen):
    """A student's own data, and how models compare on it."""

    kind: Literal["own_data"] = "own_data"
    data: OwnKind
    sha256: str
    """Of what `load_all` gave: what a person approved holds for this very data."""
    examples: int
    groups: int
    """Into how many what belongs together, copies included, was put."""
    trained_on: int
    budget: float
    """Seconds that each model had for its training."""
    unit: str
    """Code of what the values are in."""
    rivals: tuple[Rival, ...] = ()
    """The student's first, then the reference, then the baselines; empty where nothing was compared."""


Evidence = Annotated[
    Diagnosis | Fault | Criteria | Layers | Study | AnswerScore | Pictures | Sheet | About | OwnData,
    Field(discriminator="kind"),
]


class Mark(Frozen):
    """What one task earned, and why."""

    task: str
    kind: Literal["metric", "structure", "study", "theory", "essay", "picture", "own_data"]
    status: MarkStatus
    earned: float | None
    """None where the task could not be measured, which is not a zero."""
    possible: float
    bonus: bool = False
    settled: bool
    """False while no person and no settled rule stands behind the points."""
    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    threshold: Threshold | None = None
    reason: Message
    hint: Message | None = None
    """What to do next; None where nothing is to be done."""
    evidence: tuple[Evidence, ...] = ()


class Flag(Frozen):
    """Something a person should look at; never a deduction."""

    kind: Literal[
        "claim_mismatch",
        "better_on_hidden",
        "beyond_reference",
        "by_hand",
        "variant_gap",
        "spot_check",
        "unverified_trace",
        "refused",
        "checkpoint",
    ]
    message: Message
    notebook: str = ""
    """Name of its notebook, where the lesson has several."""


class Claim(Frozen):
    """A figure in the notebook's saved output, beside the same cell's output in the rerun, or in the file."""

    cell: int
    """Number of the code cell; 0 for a line of the student's file."""
    notebook: str = ""
    """Name of its notebook, where the lesson has several."""
    text: str
    """The line it stands in, plain text, capped."""
    said: float
    rerun: float | None
    """The same figure printed by the rerun; None where the rerun printed none."""


class Edit(Frozen):
    """A person's change of a mark; the mark itself is never overwritten."""

    task: str
    question: str = ""
    """The question of a theory task; empty for the task as a whole."""
    answer: str = ""
    """SHA-256 of the answer that was marked, so that the edit is not applied to another text."""
    machine: float | None = None
    """Points that the machine gave when the person marked."""
    earned: float
    author: str
    at: str
    reason: str


class Record(Frozen):
    """One graded submission: `reports/<student>/<slug>.json`."""

    schema_version: Literal[1] = Field(1, alias="schema")
    student: str
    assignment: str
    profile: Profile
    public: bool = False
    """True for a self-check on public data, which is no mark."""
    sample_secret: bool = False
    """True where hidden data came from a published secret."""
    graded_at: str
    status: Literal["graded", "needs_review", "ungradable"]
    earned: float
    provisional: float
    """The part of `earned` that no person and no settled rule stands behind yet."""
    possible: float
    run: Run
    seconds: float = 0.0
    """Wall-clock seconds of grading in all: the run, learning from own data, repeated runs, measuring.

    0 in a record that was made before this was kept.
    """
    marks: tuple[Mark, ...]
    claims: tuple[Claim, ...] = ()
    flags: tuple[Flag, ...] = ()
    checkpoints: tuple[Checkpoint, ...] = ()
    """Weights that were scored in place of a training, one for each notebook that was run so."""
    notes: tuple[Message, ...] = ()
    """What was noticed about the files of the submission."""
    versions: dict[str, str]
    hashes: dict[str, str]
    edits: tuple[Edit, ...] = ()
