"""Judges the structure of a network: its traced operations, believed where a replay gives the predictions."""

from graders.artifacts import BadArtifactError, read_json
from graders.grading.metric import Measured
from graders.grading.setting import TRACED
from graders.grading.work import Work, arrays_of, finished_step
from graders.metrics.structure import judge, read_layers
from graders.metrics.trace import Trace
from graders.model import Diagnosis, Layers, Mark, Message, StructureTask, say
from graders.score import criteria_mark, failed_mark


def judge_structure(work: Work, task: StructureTask, measured: Measured | Mark | None) -> Mark:
    """The mark of a structure task.

    Args:
        work: what came in and what came out.
        task: what is asked.
        measured: the assignment's metric, whose predictions the replay must reproduce.
    """
    from graders.metrics.replay import verify  # with PyTorch, which most commands need not wait for

    result = finished_step(work, task, task.probe)
    if isinstance(result, Mark):
        return result
    hint = say("structure.hint_unreadable")
    constants = arrays_of(work, result)
    if isinstance(constants, Message):
        return failed_mark(task, constants, hint)
    try:
        trace = read_json(result.files.get(f"{result.name}.json", b""), Trace)
    except BadArtifactError as error:
        return failed_mark(task, error.message, hint)
    # as many pictures, since a recording may be of one batch size, but not those that it was made with:
    # for these it could simply list the answers
    others = slice(TRACED, 2 * TRACED)
    submitted = measured.few["evaluation"][others] if isinstance(measured, Measured) else None
    images = work.setting.hidden.inputs["images"][others]
    network = Layers(
        found_by=trace.found_by,
        verified=submitted is not None and verify(trace, constants, images, submitted),
        parameters=trace.parameters,
        layers=read_layers(trace, constants),
    )
    criteria = judge(task, network)
    met = sum(1 for criterion in criteria if criterion.status == "met")
    reason = say("structure.mark", met=met, n=len(criteria))
    noticed = [] if network.verified else [Diagnosis(message=say("structure.unverified"))]
    return criteria_mark(
        task, criteria, reason=reason, trusted=network.verified, evidence=(network, *noticed)
    )
