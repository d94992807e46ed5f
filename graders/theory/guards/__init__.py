"""What makes an answer doubtful whatever its score; guards only flag, for a person to look."""

from graders.theory.guards.alike import Alike, Handed, find_alike
from graders.theory.guards.table import GUARDS, check

__all__ = ["GUARDS", "Alike", "Handed", "check", "find_alike"]
