"""Judges pictures that a notebook leaves behind: shown to a person, who decides."""

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from graders.artifacts import BadArtifactError, read_json
from graders.grading.work import Work, arrays_of, finished_step
from graders.model import Frozen, Mark, Message, Pictures, PictureTask, say
from graders.pictures import MOST_SIDE, picture
from graders.score import failed_mark, picture_mark

MOST = 8
"""Pictures of one task."""


class Captions(Frozen):
    """What the notebook's process says of its pictures."""

    captions: tuple[str, ...] = Field(max_length=MOST)


def judge_picture(work: Work, task: PictureTask) -> Mark:
    """The mark of a picture task: provisional points where there is something to look at."""
    result = finished_step(work, task, task.probe)
    if isinstance(result, Mark):
        return result
    arrays = arrays_of(work, result)
    if isinstance(arrays, Message):
        return failed_mark(task, arrays, say("probe.hint_contract"))
    try:
        captions = read_json(result.files.get(f"{result.name}.json", b""), Captions).captions
    except BadArtifactError as error:
        return failed_mark(task, error.message, say("probe.hint_contract"))
    found = _read(arrays.get("pictures"))
    if isinstance(found, Message):
        return failed_mark(task, found, say("probe.hint_contract"))
    said = [*(caption[:200] for caption in captions), *[""] * len(found)]
    items = tuple(
        picture(array, say("picture.said", text=text)) for array, text in zip(found, said, strict=False)
    )
    return picture_mark(task, Pictures(items=items), blank=all(np.ptp(array) == 0 for array in found))


def _read(pictures: NDArray[np.generic] | None) -> NDArray[np.uint8] | Message:
    """The pictures, or what is wrong with them."""
    if pictures is None:
        return say("probe.no_artifact", name="pictures")
    n, *sides, channels = pictures.shape if pictures.ndim == 4 else (0, 0, 0, 0)
    if (
        pictures.dtype != np.uint8
        or channels != 3
        or not 1 <= n <= MOST
        or not all(1 <= side <= MOST_SIDE for side in sides)
    ):
        found = f"{pictures.dtype} {' × '.join(map(str, pictures.shape))}"
        return say("picture.shape", found=found, most=MOST, side=MOST_SIDE)
    read: NDArray[np.uint8] = pictures.astype(np.uint8)
    return read
