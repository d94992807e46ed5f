"""Many submissions at once: what is left to do, in which order, in processes that may die."""

from graders.batch.attempt import ATTEMPTS, give_up, several_attempts
from graders.batch.finished import distinct, is_finished, row_of
from graders.batch.interrupt import stoppable
from graders.batch.messages import Done, Fault, Step, Unwritten
from graders.batch.pool import Began, GaveUp, Happening, Pool, Retried, warm_up
from graders.batch.schedule import Forecast, cheap_first, longest_first, most_jobs, stretch
from graders.batch.scratch import scratch
from graders.batch.worker import Orders

__all__ = [
    "ATTEMPTS",
    "Began",
    "Done",
    "Fault",
    "Forecast",
    "GaveUp",
    "Happening",
    "Orders",
    "Pool",
    "Retried",
    "Step",
    "Unwritten",
    "cheap_first",
    "distinct",
    "give_up",
    "is_finished",
    "longest_first",
    "most_jobs",
    "row_of",
    "scratch",
    "several_attempts",
    "stoppable",
    "stretch",
    "warm_up",
]
