"""Believes the trace of a network for masks where a replay gives the submitted ones, and cuts what it shows.

A network can be run for show and its result multiplied by zero. So a skip connection counts only if the
output changes when it is cut: when, in another replay, the tensor comes from another picture, turned round.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from graders.metrics.replay import Cut, replay, shapes
from graders.metrics.segmentation import CELL
from graders.metrics.trace import Trace
from graders.metrics.unet import Plan, Step, read_plan

AGREEMENT = 0.98
"""Share of pixels that replay and submission must have in common."""
OVERLAP = 0.9
"""Intersection over union of the replayed and the submitted cells; masks without cells prove nothing."""
MATTERS = 2e-3
"""Change of the output that a cut must make, relative to how much the output varies.

The least change of the trained reference's cuts is 0.05, of an untrained U-Net's 0.15 where its output is
added up and below 0.01 where it is a probability of nearly one value. A U-Net with a hundredth of the say
beside another network makes one of 0.007, so that it passes.
"""
MOST_CUTS = 8

Constants = Mapping[str, NDArray[np.generic]]


def believed(
    trace: Trace, constants: Constants, images: NDArray[np.float32], submitted: NDArray[np.bool_]
) -> Trace | None:
    """The trace up to the tensor whose replay gives the submitted masks; None where there is none.

    Args:
        trace: what the notebook's process declared.
        constants: its weights, by `c<number>`.
        images: float32 (N, 1, H, W), the host's own.
        submitted: masks (N, H, W) that the notebook predicted for them in evaluation mode.
    """
    for output in dict.fromkeys((trace.returned, trace.output)):
        chosen = trace.model_copy(update={"output": output})
        try:
            found = replay(chosen, constants, images)
            if any(_agree(masks, submitted) for masks in _readings(found)):
                return chosen
        except Exception:  # noqa: S112 - everything in a recording is a stranger's bytes
            continue
    return None


def _readings(output: NDArray[np.float32]) -> list[NDArray[np.bool_]]:
    """Masks that an output may stand for: probabilities or logits of a cell, or scores of both classes."""
    if output.ndim == 4 and output.shape[1] == 2:
        return [output[:, 1] > output[:, 0]]
    maps = output[:, 0] if output.ndim == 4 and output.shape[1] == 1 else output
    return [maps >= CELL, maps > 0] if maps.ndim == 3 else []


def _agree(found: NDArray[np.bool_], submitted: NDArray[np.bool_]) -> bool:
    if found.shape != submitted.shape or not submitted.any():
        return False
    overlap = np.count_nonzero(found & submitted) / np.count_nonzero(found | submitted)
    return bool(np.mean(found == submitted) >= AGREEMENT and overlap >= OVERLAP)


def used_plan(trace: Trace, constants: Constants, images: NDArray[np.float32]) -> Plan:
    """What of a U-Net a believed trace makes, without what the output does not change with.

    Nothing of it where it cannot be read though it was replayed, as no recording of ours is.
    """
    try:
        return _used_plan(trace, constants, images)
    except Exception:  # everything in a recording is a stranger's bytes
        return Plan()


def _used_plan(trace: Trace, constants: Constants, images: NDArray[np.float32]) -> Plan:
    plan = read_plan(trace, shapes(trace, constants, images))
    usual = replay(trace, constants, images)

    def matters(step: Step) -> bool:
        changed = replay(trace, constants, images, Cut(step.operation, step.tensor))
        return bool(np.abs(changed - usual).mean() > MATTERS * np.abs(usual - usual.mean()).mean())

    if plan.expansions and not matters(plan.expansions[0]):
        return Plan(restored=plan.restored, unused=True)
    skips = tuple(step for step in _one_a_size(plan.skips)[:MOST_CUTS] if matters(step))
    return replace(plan, skips=skips, unused=len(skips) < len(_one_a_size(plan.skips)))


def _one_a_size(steps: Sequence[Step]) -> list[Step]:
    return list({step.size: step for step in reversed(steps)}.values())[::-1]
