"""What was counted so far, and how much is looked at before counting gives up."""

from dataclasses import dataclass

from graders.plan.values import LARGEST

MOST_NODES = 100_000
"""Nodes of syntax that are looked at in one notebook, those of a function each time that it is called."""
MOST_CALLS = 12
"""Calls within calls that are followed."""
MOST_DEPTH = 60
"""Expressions, and blocks of statements, within one another that are followed."""
FEW = 8
"""Items of a list that are followed one by one, such as the widths of a study."""


class GaveUpError(Exception):
    """There is more to look at than is looked at."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What was counted so far."""

    steps: float = 0.0
    examples: float = 0.0
    """Examples that these steps see together."""
    seconds: float = 0.0
    """That trainings with a budget are given."""
    yields: float = 0.0
    """Values that the generator which is followed has yielded."""

    def plus(self, once: "Tally", rounds: float) -> "Tally":
        """This tally and `rounds` times what came since, of which `once` has the first.

        >>> Tally(steps=5).plus(Tally(steps=7), rounds=10).steps
        25
        """
        return Tally(
            steps=min(LARGEST, self.steps + (once.steps - self.steps) * rounds),
            examples=min(LARGEST, self.examples + (once.examples - self.examples) * rounds),
            seconds=min(LARGEST, self.seconds + (once.seconds - self.seconds) * rounds),
            yields=min(LARGEST, self.yields + (once.yields - self.yields) * rounds),
        )
