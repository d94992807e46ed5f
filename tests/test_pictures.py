import base64
import io

import numpy as np
import pytest
from PIL import Image

from graders.model import say
from graders.pictures import MOST_SIDE, picture

CAPTION = say("picture.said", text="a")


@pytest.mark.parametrize(
    "shape", [(28, 28), (1, 1), (300, 200), (40, 30, 3), (MOST_SIDE, MOST_SIDE, 3), (1, 640)]
)
def test_pixels_are_those_that_were_given(shape: tuple[int, ...]) -> None:
    array = np.random.default_rng(1).integers(0, 256, shape, dtype=np.uint8)
    shown = picture(array, CAPTION)
    decoded = np.asarray(Image.open(io.BytesIO(base64.b64decode(shown.png))))
    times = shown.height // array.shape[0]
    assert (shown.height, shown.width) == (array.shape[0] * times, array.shape[1] * times)
    np.testing.assert_array_equal(decoded[::times, ::times], array)
    assert max(shown.height, shown.width) <= MOST_SIDE


@pytest.mark.parametrize(
    "array",
    [
        np.zeros((4, 4), np.float32),
        np.zeros((4, 4, 4), np.uint8),
        np.zeros(4, np.uint8),
        np.zeros((0, 4), np.uint8),
        np.zeros((MOST_SIDE + 1, 4), np.uint8),
    ],
)
def test_what_is_no_picture_is_refused(array: np.ndarray) -> None:
    with pytest.raises(ValueError, match="expected"):
        picture(array, CAPTION)
