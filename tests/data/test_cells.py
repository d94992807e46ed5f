import numpy as np
import pytest
from PIL import Image

from graders import data
from graders.data.cells import DEAD, NOISE, add_noise, relight
from graders.data.cells_drawn import SIDE, draw
from graders.data.cells_mini import CLEAN, HIDDEN, TRAIN, VALIDATION
from graders.data.seeds import random_stream
from graders.errors import DataMissingError

SECRET = b"a secret of the tests"
NAMES = ("cells", "noisy_cells")


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def folder(cache):
    return data.shared_folder(NAMES, "mini", cache)


@pytest.fixture(scope="module")
def hidden(cache):
    return data.hidden("cells", "mini", SECRET, cache)


def overlap(one, other):
    return np.count_nonzero(one & other) / max(1, np.count_nonzero(one | other))


def test_students_find_pictures_and_masks_of_the_same_names(folder):
    for split, count in (("train", TRAIN), ("validation", VALIDATION)):
        names = [
            sorted(path.name for path in (folder / split / kind).iterdir()) for kind in ("images", "masks")
        ]
        assert names[0] == names[1]
        assert len(names[0]) == count
    with Image.open(folder / "train/images/000.png") as image:
        assert (image.mode, image.size) == ("L", (SIDE, SIDE))
    with Image.open(folder / "train/masks/000.png") as mask:
        assert set(np.unique(np.asarray(mask))) == {0, 255}


def test_validation_is_what_students_see(folder, cache):
    split = data.validation("cells", "mini", cache)
    with Image.open(folder / "validation/images/007.png") as image:
        np.testing.assert_allclose(split.inputs["images"][7, 0], np.asarray(image) / 255, atol=1e-6)
    assert split.inputs["images"].shape == (VALIDATION, 1, SIDE, SIDE)
    assert split.inputs["images"].dtype == np.float32
    assert split.targets["masks"].dtype == np.uint8
    noisy = data.validation("noisy_cells", "mini", cache)
    with Image.open(folder / "noisy/validation/clean/007.png") as image:
        np.testing.assert_allclose(noisy.targets["clean"][7], np.asarray(image) / 255, atol=1e-6)


def test_the_same_secret_draws_the_same_pictures_and_another_one_others(hidden, cache):
    again = data.hidden("cells", "mini", SECRET, cache)
    other = data.hidden("cells", "mini", b"another", cache)
    for one, same in (
        (hidden.inputs["images"], again.inputs["images"]),
        (hidden.targets["masks"], again.targets["masks"]),
        (hidden.variant["images"], again.variant["images"]),
    ):
        np.testing.assert_array_equal(one, same)
    assert hidden.inputs["images"].shape == (HIDDEN, 1, SIDE, SIDE)
    assert not any(
        np.array_equal(one, two)
        for one, two in zip(hidden.inputs["images"], other.inputs["images"], strict=True)
    )


def test_no_picture_is_in_two_splits(hidden, folder, cache):
    restored = data.hidden("noisy_cells", "mini", SECRET, cache)
    public = [
        np.asarray(Image.open(path)).tobytes()
        for path in sorted(folder.glob("*/images/*.png"))
        + sorted(folder.glob("noisy/validation/clean/*.png"))
    ]
    mine = [np.round(image * 255).astype(np.uint8).tobytes() for image in hidden.inputs["images"]]
    mine += [np.round(image * 255).astype(np.uint8).tobytes() for image in restored.targets["clean"]]
    assert len(set(public + mine)) == TRAIN + 2 * VALIDATION + HIDDEN + CLEAN


def test_no_single_brightness_tells_cells_from_the_rest(hidden):
    images, masks = np.round(hidden.inputs["images"][:60, 0] * 255), hidden.targets["masks"][:60] > 0
    best = [
        max(overlap(image > level, mask) for level in range(20, 250, 5))
        for image, mask in zip(images, masks, strict=True)
    ]
    assert 0.4 < np.mean(best) < 0.7


def test_cells_touch_are_dim_in_part_and_lie_beside_what_is_brighter():
    drawn = draw(random_stream(b"one"), 60, (0.0, 0.0))
    cells = drawn.masks > 0
    assert 0.1 < cells.mean() < 0.35
    assert cells.any(axis=(1, 2)).all()
    # seams: background between two cells, one pixel away on both sides
    seams = ~cells[:, :, 1:-1] & cells[:, :, :-2] & cells[:, :, 2:]
    assert seams.any(axis=(1, 2)).mean() > 0.5
    brightest = [
        image[~mask].max() > image[mask].max() for image, mask in zip(drawn.images, cells, strict=True)
    ]
    assert 0.2 < np.mean(brightest) < 0.9


def test_light_is_uneven():
    drawn = draw(random_stream(b"two"), 40)
    halves = [
        (image[:, :32][~mask[:, :32]].mean(), image[:, 32:][~mask[:, 32:]].mean())
        for image, mask in zip(drawn.images, drawn.masks > 0, strict=True)
    ]
    assert np.mean([max(pair) / min(pair) for pair in halves]) > 1.15


def test_noise_is_as_the_statement_says():
    grey = np.full((20, SIDE, SIDE), 128, np.uint8)
    noisy = add_noise(grey, random_stream(b"noise")) / 255
    assert (noisy == 0).mean() == pytest.approx(DEAD, abs=0.01)
    alive = noisy[noisy > 0]
    assert alive.mean() == pytest.approx(128 / 255, abs=0.01)
    assert alive.std() == pytest.approx(NOISE, abs=0.01)


def test_hidden_noise_is_on_hidden_pictures(cache):
    found = data.hidden("noisy_cells", "mini", SECRET, cache)
    noisy, clean = found.inputs["images"][:, 0], found.targets["clean"]
    assert noisy.shape == clean.shape == (CLEAN, SIDE, SIDE)
    errors = (noisy - clean)[noisy > 0]
    assert errors.std() == pytest.approx(NOISE, abs=0.02)
    assert found.variant == {}


def test_the_variant_is_the_same_pictures_in_slightly_other_light(hidden):
    change = np.abs(hidden.variant["images"] - hidden.inputs["images"]).mean(axis=(1, 2, 3))
    assert 0.002 < change.mean() < 0.05
    assert (change > 0).mean() > 0.95
    black = np.zeros((3, 4, 4), np.uint8)
    np.testing.assert_array_equal(relight(black, random_stream(b"light")), black)


def damage_count(folder):
    next((folder / "validation/images").iterdir()).unlink()


def damage_size(folder):
    Image.new("L", (3, 3)).save(folder / "validation/images/000.png")


def damage_mode(folder):
    Image.new("RGB", (SIDE, SIDE)).save(folder / "validation/masks/000.png")


def damage_file(folder):
    (folder / "validation/masks/000.png").write_bytes(b"no picture")


@pytest.mark.parametrize("damage", [damage_count, damage_size, damage_mode, damage_file])
def test_a_damaged_folder_is_an_authors_error(tmp_path, damage):
    damage(data.public_folder("cells", "mini", tmp_path))
    with pytest.raises(DataMissingError, match="delete it"):
        data.validation("cells", "mini", tmp_path)
