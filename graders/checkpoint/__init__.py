"""What a student hands in instead of a training: weights and a loss curve, read as data, and what is odd."""

from graders.checkpoint.counts import misfits, written_counts
from graders.checkpoint.curve import Curve, read_curve
from graders.checkpoint.files import Brought, find_brought
from graders.checkpoint.suspicion import suspicions
from graders.checkpoint.weights import Weights, read_weights

__all__ = [
    "Brought",
    "Curve",
    "Weights",
    "find_brought",
    "misfits",
    "read_curve",
    "read_weights",
    "suspicions",
    "written_counts",
]
