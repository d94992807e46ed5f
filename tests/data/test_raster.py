import numpy as np
import pytest

from graders.data import raster


def square(left, top, right, bottom):
    return np.array([[[left, top], [right, top], [right, bottom], [left, bottom]]], float)


def test_pixels_are_covered_by_as_much_as_lies_inside():
    filled = raster.coverage(square(1.25, 1, 3, 2.5), 4)[0]
    np.testing.assert_allclose(filled[1], [0, 0.75, 1, 0])
    np.testing.assert_allclose(filled[2], [0, 0.375, 0.5, 0])
    assert filled[0].sum() == filled[3].sum() == 0


def test_either_way_round_fills_the_same():
    corners = square(0.3, 0.7, 3.1, 2.9)
    np.testing.assert_allclose(raster.coverage(corners, 4), raster.coverage(corners[:, ::-1], 4))


def test_what_lies_outside_the_picture_is_cut_off():
    np.testing.assert_array_equal(raster.coverage(square(-9, -9, 90, 90), 4), np.ones((1, 4, 4)))
    assert raster.coverage(square(-9, 0, -1, 4), 4).sum() == 0
    assert raster.coverage(square(5, 0, 9, 4), 4).sum() == 0


def test_area_of_a_circle():
    angle = np.linspace(0, 2 * np.pi, 100, endpoint=False)
    circle = 14 + 10 * np.stack([np.cos(angle), np.sin(angle)], 1)[None]
    assert raster.coverage(circle, 28).sum() == pytest.approx(100 * np.pi, rel=5e-3)


def test_polygons_do_not_leak_into_one_another():
    both = raster.coverage(np.concatenate([square(0, 0, 4, 4), square(1, 1, 2, 2)]), 4)
    assert both[0].sum() == pytest.approx(16)
    assert both[1].sum() == pytest.approx(1)
