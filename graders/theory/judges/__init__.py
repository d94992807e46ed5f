"""Judges of theory answers: off by default, asked only where one is named, settling nothing alone.

A judge says yes, no, partial or unsure of each key point, with a quote. The share is computed here, quotes
are looked up here, and whoever gets no verdict gets a person.
"""

from graders.model.judge import JudgeConfig, PointVerdict, Refusal, Verdict
from graders.theory.judges.opening import chosen, judge_of
from graders.theory.judges.protocol import Judge

__all__ = ["Judge", "JudgeConfig", "PointVerdict", "Refusal", "Verdict", "chosen", "judge_of"]
