"""Finds out what this machine can and cannot do by attacking every tier, with targets of its own."""

from graders.doctor.checkup import around, examine, exit_code
from graders.doctor.findings import Checkup, Finding, TierReport
from graders.doctor.show import shown

__all__ = ["Checkup", "Finding", "TierReport", "around", "examine", "exit_code", "shown"]
