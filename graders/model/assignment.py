"""What is asked: a course, its assignments, their tasks and limits. Read from TOML by `graders.spec`."""

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field

from graders.model.base import Frozen, Language, Text
from graders.model.calibration import Calibration
from graders.model.checkpoint import Mode
from graders.model.judge import JudgeConfig
from graders.model.own import OwnKind
from graders.model.theory import Essay, Question, Rubric

Profile = Literal["mini", "full"]
Points = Annotated[float, Field(gt=0)]


class Limits(Frozen):
    """What one run may use. `course.toml` sets them, an assignment or `--limit key=value` may override."""

    cell_seconds: float = Field(300, gt=0)
    """Wall-clock seconds for one cell."""
    total_seconds: float = Field(1200, gt=0)
    """Wall-clock seconds for all cells together."""
    probe_seconds: float = Field(120, gt=0)
    """Wall-clock seconds for one call of the assignment's probe."""
    memory_mib: int = Field(4096, gt=0)
    """Resident memory of all processes of the run, MiB."""
    gpu_memory_mib: int = Field(8192, gt=0)
    """Memory on the GPU, MiB."""
    output_mib: float = Field(16, gt=0)
    """Text and pictures printed by all cells together, MiB."""
    artifact_mib: float = Field(256, gt=0)
    """Size of all files that the probe hands to the host together, MiB."""
    disk_mib: int = Field(1024, gt=0)
    """What the run may write into its working folder and `/tmp`, MiB each."""
    processes: int = Field(256, gt=0)
    """Processes and threads at one time."""
    notebook_mib: float = Field(50, gt=0)
    """Size of the submitted notebook file, MiB."""
    own_data_mib: float = Field(512, gt=0)
    """Size of all files of a student's folder together, where the student brings data along, MiB."""


class ThresholdOverride(Frozen):
    """An author's own thresholds in place of the calibrated ones."""

    zero: float
    full: float
    reason: str = Field(min_length=10)
    """Why the calibrated thresholds do not serve; shown in the report."""


class TaskBase(Frozen):
    """What all kinds of task have."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: Text
    points: Points
    bonus: bool = False
    """A bonus task adds to what is earned and not to what is possible."""
    notebook: str = Field("", pattern=r"^[a-z0-9]*$")
    """The notebook that it is measured in, where a lesson has several: `x` for `<slug>.x.ipynb`."""
    mode: Mode | None = None
    """How its notebook is run; tasks of one notebook agree. None leaves it to the assignment."""

    @property
    def group(self) -> tuple[str, str]:
        """The same for tasks of which only one is marked."""
        return "task", self.id


class MetricTask(TaskBase):
    """Hidden inputs go in, predictions come out, and the host scores them."""

    kind: Literal["metric"]
    metric: str
    """A key of `graders.metrics.METRICS`."""
    dataset: str | None = None
    """A key of `graders.data.DATASETS`, where the task is not measured on the assignment's."""
    probe: str
    """The function of the assignment's `probe.py` that calls the notebook."""
    diagnoses: str | None = None
    """The function that calls it in other ways; what comes of them explains, and costs no points."""
    needs: tuple[str, ...]
    """Names the notebook must define, as the contract words them: `predict(images)`."""
    zero: str
    """Run of the reference module that earns nothing: a baseline such as `linear`."""
    full: str
    """Run of the reference module that earns everything: `solve`."""
    scale: tuple[str, ...] = ()
    """Further runs shown as marks on the report's scale."""
    override: ThresholdOverride | None = None
    by_hand: bool = False
    """Whether the functions must do without a library that differentiates or has the layer asked for."""
    choice: str | None = None
    """Of the tasks that share this name a student solves one; of several the best one counts."""

    @property
    def group(self) -> tuple[str, str]:
        """See `TaskBase.group`."""
        return ("choice", self.choice) if self.choice is not None else super().group


class StructureTask(TaskBase):
    """The operations of a network are traced, replayed in the host and looked at."""

    kind: Literal["structure"]
    probe: str
    plan: Literal["alexnet", "unet"] = "alexnet"
    """What it should be: a classifier of convolutions and dense layers, or a network for masks."""
    blocks: int = Field(2, ge=1)
    """Least number of blocks of convolution and pooling; of a U-Net, of sizes that skip connections join."""
    criteria: dict[str, Points]
    """Points for each criterion of the plan, in `graders.metrics.structure` or `graders.metrics.unet`; they
    add up to `points`."""


class StudyTask(TaskBase):
    """A table of experiments that the notebook leaves behind, recounted and spot-checked."""

    kind: Literal["study"]
    probe: str
    """The function of `probe.py` that reads the table."""
    retrain: str | None = None
    """The function of `probe.py` that trains one row again; None where none is."""
    study: str
    """Value of the rows' `study` column that belongs to this task."""
    varies: Literal["width", "depth"] | None = None
    """The size under study; None for a baseline row that is only compared."""
    sizes: int = Field(3, ge=1)
    """Least number of different sizes."""
    criteria: dict[str, Points]
    """Points for each of `graders.metrics.study`'s criteria; they add up to `points`."""


class TheoryTask(TaskBase):
    """Questions in `theory.toml`, answered in Markdown."""

    kind: Literal["theory"]
    questions: tuple[str, ...] = ()
    """Ids of its questions; empty for all that no other task names."""


class EssayTask(TaskBase):
    """A text under a heading of its own; the essay of `theory.toml` with this `id` says what is asked."""

    kind: Literal["essay"]


class PictureTask(TaskBase):
    """Pictures that the notebook leaves behind, for a person to look at."""

    kind: Literal["picture"]
    probe: str
    """The function of `probe.py` that fetches them."""


class OwnDataTask(TaskBase):
    """Data of the student's own: the host splits it, and the course's reference learns from the same part."""

    kind: Literal["own_data"]
    accepts: tuple[OwnKind, ...] = Field(min_length=1)
    """Kinds of data that may be brought along; where there are several the notebook names one: `own_kind`."""
    budget_seconds: float = Field(60, gt=0)
    """Wall-clock seconds that `train` is given; the reference gets the same."""
    heading: Text = Text(ru="О данных", en="About the data")
    """What students say of the data, under this Markdown heading: what it is, its source, what helped."""
    choice: str | None = None
    """As for a metric: own data in place of the course's."""

    @property
    def group(self) -> tuple[str, str]:
        """See `TaskBase.group`."""
        return ("choice", self.choice) if self.choice is not None else super().group


Probed = MetricTask | StructureTask | StudyTask | PictureTask
"""Tasks that a function of `probe.py` measures; the others are read."""

Task = Annotated[
    MetricTask | StructureTask | StudyTask | TheoryTask | EssayTask | PictureTask | OwnDataTask,
    Field(discriminator="kind"),
]


class AssignmentFile(Frozen):
    """`assignment.toml` as its author writes it."""

    title: Text
    dataset: str
    """A key of `graders.data.DATASETS`."""
    profile: Profile | None = None
    """Pins the profile; None leaves it to the course or the command line."""
    possible: Points
    """Sum of the points of all tasks that are not bonus."""
    mode: Mode | None = None
    """Whether notebooks train again or their weights are scored; None leaves it to the course."""
    retrain_seconds: float = Field(90, gt=0)
    """Wall-clock budget of the row of a study that is trained again."""
    pretrained: bool = False
    """Whether notebooks get the course's folder of pretrained weights, `weights` of `[runtime]`."""
    limits: dict[str, float] = Field(default_factory=dict)
    """Overrides of the course's limits."""
    tasks: tuple[Task, ...] = Field(min_length=1)


class Assignment(AssignmentFile):
    """An assignment with everything that stands beside its `assignment.toml`, checked as a whole."""

    slug: str
    folder: Path
    rubric: Rubric | None
    """Questions of the theory tasks and essays; None where there is neither."""
    calibration: Calibration | None
    """Measured thresholds; None before the first calibration."""

    @property
    def datasets(self) -> tuple[str, ...]:
        """All data sets that its tasks are measured on; that which students get comes first."""
        others = [task.dataset for task in self.tasks if isinstance(task, MetricTask) and task.dataset]
        return tuple(dict.fromkeys([self.dataset, *others]))

    @property
    def notebooks(self) -> tuple[str, ...]:
        """Names of its notebooks: one empty name for `<slug>.ipynb`, else `x` for each `<slug>.x.ipynb`."""
        return tuple(dict.fromkeys(task.notebook for task in self.tasks if task.notebook)) or ("",)

    @property
    def probes(self) -> tuple[str, ...]:
        """Functions of `probe.py` that measure the tasks, each once, in the order of the tasks."""
        return tuple(dict.fromkeys(task.probe for task in self.tasks if isinstance(task, Probed)))

    def part(self, notebook: str) -> Self:
        """The assignment with the tasks of one notebook alone."""
        return self.model_copy(
            update={"tasks": tuple(task for task in self.tasks if task.notebook == notebook)}
        )

    @property
    def wanted_mode(self) -> Mode | None:
        """What its tasks, which are of one notebook, or the assignment itself ask for; None for neither."""
        return next((task.mode for task in self.tasks if task.mode is not None), self.mode)

    def questions_of(self, task: TheoryTask) -> tuple[Question, ...]:
        """The questions that a theory task asks, in the rubric's order."""
        theory = [other for other in self.tasks if isinstance(other, TheoryTask)]
        named = {name for other in theory for name in other.questions}
        questions = self.rubric.questions if self.rubric else ()
        return tuple(
            question
            for question in questions
            if (question.id in task.questions if task.questions else question.id not in named)
        )

    def essay_of(self, task: EssayTask) -> Essay:
        """What an essay task asks for.

        Raises:
            ValueError: there is no such essay; `graders.spec` refuses such an assignment.
        """
        for essay in self.rubric.essays if self.rubric else ():
            if essay.id == task.id:
                return essay
        raise ValueError(f"{self.slug} has no essay {task.id} in its theory.toml")


class Runtime(Frozen):
    """Where students' notebooks run: `[runtime]` of `course.toml`."""

    python: Path | None = None
    """Interpreter of the students' environment, relative to the course; None for the toolkit's own."""
    kernels: dict[str, Path] = Field(default_factory=dict)
    """Other interpreters, by the kernel name that a notebook asks for."""
    weights: Path | None = None
    """Folder of pretrained weights, relative to the course, laid out as `torch.hub` keeps them; notebooks of
    assignments with `pretrained = true` may read it and find it by `TORCH_HOME`. None where there is none."""
    threads: int = Field(2, gt=0)
    """Threads for arithmetic in one notebook. Fixed, since results of training depend on it."""


class MirrorConfig(Frozen):
    """Files of the Internet that notebooks get without a network: `[mirror]` of `course.toml`."""

    folder: Path
    """Folder with `mirror.toml` and the files that it lists, relative to the course."""


class CourseFile(Frozen):
    """`course.toml` as its author writes it."""

    title: Text
    language: Language = "en"
    """Language of the reports; `--language` overrides."""
    profile: Profile = "mini"
    mode: Mode = "rerun"
    """Whether notebooks train again or weights that came with them are scored; `--mode` overrides."""
    secret: Path
    """File with the secret that hidden splits and spot checks are drawn from, relative to the course."""
    sample_secret: bool = False
    """True where the secret is published with the course, as in the sample course; reports say so."""
    limits: dict[str, float] = Field(default_factory=dict)
    runtime: Runtime = Runtime()
    mirror: MirrorConfig | None = None
    """None where notebooks get nothing from the Internet. See docs/notebooks.md."""
    judge: JudgeConfig | None = None
    """A model that reads theory answers too; None where the course names none. See docs/judges.md."""


class Course(CourseFile):
    """A course folder that was read without a problem."""

    root: Path
    assignments: tuple[Assignment, ...]

    def assignment(self, slug: str) -> Assignment | None:
        """The assignment called `slug`, or None."""
        return next((found for found in self.assignments if found.slug == slug), None)
