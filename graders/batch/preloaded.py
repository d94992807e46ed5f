"""What the process that workers are forked from imports, so that none of them has to."""

from graders.batch import worker
from graders.metrics.replay import preload

__all__ = ["worker"]

preload()
