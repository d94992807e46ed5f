import numpy as np

from graders.data.seeds import random_stream
from graders.data.variant import vary

PICTURES = np.zeros((400, 28, 28), np.uint8)
PICTURES[:, 10:18, 12:16] = 100
PICTURES[:, 0, 0] = 250
VARIED = vary(PICTURES, random_stream(b"secret"))


def test_pictures_move_by_a_pixel_at_most_in_one_direction():
    rows = (VARIED[:, :, 13] > 0).argmax(1) - 10
    columns = (VARIED[:, 13] > 0).argmax(1) - 12
    assert set(zip(rows.tolist(), columns.tolist(), strict=True)) == {
        (0, 0),
        (0, 1),
        (0, -1),
        (1, 0),
        (-1, 0),
    }


def test_brightness_changes_by_a_tenth_at_most():
    levels = VARIED[:, 13, 13]
    assert 90 <= levels.min() < 95
    assert 105 < levels.max() <= 110


def test_bright_pixels_do_not_wrap_around_to_black():
    assert VARIED[:, :2, :2].max(axis=(1, 2))[(VARIED[:, 0, 0] > 0)].min() >= 225


def test_another_secret_gives_another_variant():
    assert (vary(PICTURES, random_stream(b"other")) != VARIED).any()
