"""Makes a notebook's random numbers repeat."""

import random

import numpy as np
import torch


def seed_everything(seed: int) -> None:
    """Seed every generator that a notebook is likely to draw from."""
    random.seed(seed)
    np.random.seed(seed % 2**32)
    torch.manual_seed(seed)
