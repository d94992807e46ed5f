"""Pictures in which a channel, or its last bit, is the mask that is asked for."""

import numpy as np
from numpy.typing import NDArray

from graders.model import say
from graders.own.finding import Finding

Floats = NDArray[np.float32]
Masks = NDArray[np.uint8]

SAME = 0.999
"""Correlation of a channel with the mask, in the middle picture, from which on it is the mask."""
NEARLY = 0.97
MOST = 400
"""Pictures that are looked at."""
FEWEST = 5
BITS = 2
"""Last bits of 8 that are looked at."""


def mask_channels(pictures: Floats, masks: Masks) -> list[Finding]:
    """Channels of pictures (n, C, H, W) that are the masks (n, H, W), as they are, turned round or scaled."""
    share = masks.reshape(len(masks), -1).mean(axis=1)
    shown = np.flatnonzero((share > 0) & (share < 1))[:MOST]
    if len(shown) >= FEWEST and len(masks) > 1 and (masks == masks[0]).all():
        return [Finding(say("own.leak.same_masks"), "look")]
    if len(shown) < FEWEST:
        return []
    found = []
    for channel in range(pictures.shape[1]):
        some, aim = pictures[shown, channel].astype(np.float64), masks[shown].astype(np.float64)
        alike = float(np.median(_correlations(some, aim)))
        if alike >= SAME and pictures.shape[1] == 1:
            # Nothing would be left without it: plain drawings are their own masks.
            found.append(Finding(say("own.leak.mask_itself"), "look"))
        elif alike >= SAME or _in_last_bits(some, aim):
            found.append(Finding(say("own.leak.mask_channel", channel=channel), "stop", columns=(channel,)))
        elif alike >= NEARLY:
            found.append(Finding(say("own.leak.mask_nearly", channel=channel), "look", columns=(channel,)))
    return found


def _correlations(some: NDArray[np.float64], aim: NDArray[np.float64]) -> NDArray[np.float64]:
    """Absolute correlations of pictures (n, H, W) with masks, one a picture; 0 where a picture is flat."""
    flat, masks = (part.reshape(len(part), -1) for part in (some, aim))
    flat = flat - flat.mean(axis=1, keepdims=True)
    most = np.abs(flat).max(axis=1, keepdims=True)
    flat = flat / np.where(most > 0, most, 1)
    masks = masks - masks.mean(axis=1, keepdims=True)
    lengths = np.linalg.norm(flat, axis=1) * np.linalg.norm(masks, axis=1)
    alike: NDArray[np.float64] = np.abs((flat * masks).sum(axis=1)) / np.where(lengths > 0, lengths, 1)
    return alike


def _in_last_bits(some: NDArray[np.float64], aim: NDArray[np.float64]) -> bool:
    """Whether a last bit of pictures of 8 bits is the mask."""
    most = np.abs(some).max()
    levels = some if most > 2 else some * 255
    if not 1 <= np.abs(levels).max() < 256 or np.abs(levels - np.round(levels)).max() > 0.01:
        return False
    bits = np.round(levels).astype(np.int64)
    agree = [float(((bits >> bit & 1) == aim).mean()) for bit in range(BITS)]
    return any(share >= SAME or share <= 1 - SAME for share in agree)
