"""Homework grading for a neural-networks course taught with PyTorch notebooks."""

__version__ = "0.1.0"
