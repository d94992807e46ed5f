"""What makes an answer doubtful whatever its score; guards only flag, for a person to look.

`alike`, which compares a class, is imported by itself: MinHash takes half a second to load.
"""

from graders.theory.guards.table import GUARDS, check

__all__ = ["GUARDS", "check"]
