"""Makes a notebook's random numbers repeat."""

import os
import random

import numpy as np
import torch


def seed_everything(seed: int) -> None:
    """Seed every generator that a notebook is likely to draw from."""
    random.seed(seed)
    np.random.seed(seed % 2**32)
    if os.environ["GRADE_DEVICE"] == "cpu":
        # `torch.manual_seed` reads the source of every function on the stack, for GPUs that may come later
        torch.default_generator.manual_seed(seed)
    else:
        torch.manual_seed(seed)
