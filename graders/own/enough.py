"""Whether there is enough data, and enough different data, to say anything.

A hidden part of `HIDDEN` of G groups gives a value whose 95 % interval is about ± 1.96 · sd / √(HIDDEN · G)
wide. A share that is right has at most sd 0.5. Errors of single examples, as a share of what the baseline
gets wrong, vary less: 0.25 is taken. With an interval beyond ± `STOP_WIDTH` no points can be told from
others, so the least number is G = (1.96 · sd / STOP_WIDTH)² / HIDDEN: 52 groups for classes, 13 else; a
person looks below `LOOK_WIDTH`: 143 and 36.
"""

import math

import numpy as np
from numpy.typing import NDArray

from graders.model import OwnKind, say
from graders.own.alike import Alike
from graders.own.equal import equal_to_earlier
from graders.own.examples import Examples, Rows
from graders.own.finding import Finding, Severity
from graders.own.split import HIDDEN

STOP_WIDTH, LOOK_WIDTH = 0.25, 0.15
SPREADS: dict[OwnKind, float] = {
    "classification": 0.5,
    "segmentation": 0.25,
    "regression": 0.25,
    "forecasting": 0.25,
    "text": 0.25,
    "reconstruction": 0.25,
    "sampling": 0.5,
}
MANY = 10
"""Copies of each on average, from which on they stop: fewer may be drawings of one plain thing."""
OF_A_CLASS = 5
"""Least groups of a class: with fewer, it is absent from the hidden part in more than one split of six (0.7
** 5).
"""
COPIED = 0.5
"""Share of the student's groups that are different; below it the set is mostly copies."""
MOST_SHOWN = 5


def least_groups(kind: OwnKind, width: float = STOP_WIDTH) -> int:
    """Groups that give an interval of ± `width`.

    >>> least_groups("classification"), least_groups("segmentation")
    (52, 13)
    """
    number: int = math.ceil((1.96 * SPREADS[kind] / width) ** 2 / HIDDEN)
    return number


def count_findings(examples: Examples, alike: Alike) -> list[Finding]:
    """Whether labels vary, and whether there are enough groups, also of each class.

    What the student's own groups leave too little of stops, and so do copies. Likenesses that chance may have
    made never do.
    """
    constant = _constant(examples)
    if constant is not None:
        return [constant]
    least = least_groups(examples.kind)
    own, number = (_independent(examples, groups) for groups in (examples.groups, alike.joined))
    different, sure = alike.different, alike.sure
    if examples.kind == "forecasting":
        # windows of one series overlap by their nature; equal ones do not
        different, sure = len(np.unique(equal_to_earlier(_windows(examples)))), True
    found = []
    severity: Severity
    if own >= least and different < COPIED * len(np.unique(examples.groups)):
        severity = "stop" if sure and different < least and MANY * different <= own else "look"
        code = "own.leak.copies" if sure else "own.leak.maybe_copies"
        message = say(code, examples=len(examples), different=different, least=least)
        found.append(Finding(message, severity, tuple(pair.second for pair in alike.pairs[:MOST_SHOWN])))
    elif number < least:
        severity = "stop" if own < least else "look"
        message = say("own.leak.few", examples=len(examples), groups=number, least=least)
        found.append(Finding(message, severity))
    elif number < least_groups(examples.kind, LOOK_WIDTH):
        wide = 1.96 * SPREADS[examples.kind] / math.sqrt(HIDDEN * number)
        found.append(Finding(say("own.leak.rather_few", groups=number, width=round(wide, 2)), "look"))
    return found + _classes(examples, alike.joined)


def _independent(examples: Examples, joined: Rows) -> int:
    """How many groups there are; of windows of one series, how many futures that do not overlap."""
    groups = len(np.unique(joined))
    if examples.kind != "forecasting" or examples.targets is None:
        return groups
    different = len(np.unique(equal_to_earlier(_windows(examples))))
    horizon: int = examples.targets.shape[1]
    return max(groups, different // max(1, horizon))


def _windows(examples: Examples) -> NDArray[np.float32]:
    """Histories with their futures, shape (n, T + h)."""
    return np.concatenate([np.asarray(examples.inputs), np.asarray(examples.targets)], axis=1)


def _constant(examples: Examples) -> Finding | None:
    targets = examples.targets
    if targets is None or not len(targets):
        return None
    if examples.kind == "segmentation":
        share = targets.reshape(len(targets), -1).mean(axis=1)
        if (share == 0).all() or (share == 1).all():
            return Finding(say("own.leak.empty_masks"), "stop")
        return None
    if (targets != targets.flat[0]).any():
        return None
    code = "own.leak.one_class" if examples.kind == "classification" else "own.leak.one_value"
    return Finding(say(code, examples=len(targets)), "stop")


def _classes(examples: Examples, joined: Rows) -> list[Finding]:
    if examples.kind != "classification" or examples.targets is None:
        return []
    pairs = np.unique(np.stack([examples.targets, joined], axis=1), axis=0)[:, 0]
    names, numbers = np.unique(pairs, return_counts=True)
    rare = names[numbers < OF_A_CLASS]
    if not len(rare):
        return []
    told = ", ".join(_name(examples, int(name)) for name in rare[:MOST_SHOWN])
    if len(rare) > MOST_SHOWN:
        told += ", …"
    severity: Severity = "stop" if len(names) - len(rare) < 2 else "look"
    return [Finding(say("own.leak.rare_classes", n=len(rare), names=told, least=OF_A_CLASS), severity)]


def _name(examples: Examples, label: int) -> str:
    return examples.classes[label][:40] if 0 <= label < len(examples.classes) else str(label)
