import numpy as np
import pytest
from scipy.linalg import sqrtm
from sklearn.neighbors import NearestNeighbors

from graders.data.clothes_mini import draw
from graders.data.features import features
from graders.data.seeds import random_stream
from graders.data.types import Split
from graders.metrics.frechet import (
    MISTAKES,
    between,
    distance,
    frechet,
    moments,
    read_pictures,
    same_pictures,
    show_samples,
)
from graders.metrics.manifold import class_shares, precision_recall, share_of_copies, tell_samples
from graders.metrics.memorised import doubt_copied, nearness

KNOWN, HELD_OUT = draw(random_stream(b"known"), 1_500).images, draw(random_stream(b"held out"), 400).images
NEW = draw(random_stream(b"new"), 400).images / np.float32(255)
TARGETS = {"images": HELD_OUT, "features": features(HELD_OUT)[0], "known": KNOWN}


def by_sqrtm(one, other):
    (mean, covariance), (other_mean, other_covariance) = one, other
    root = sqrtm(covariance @ other_covariance)
    return ((mean - other_mean) ** 2).sum() + np.trace(covariance + other_covariance - 2 * root.real)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("dimensions", [1, 2, 16])
def test_the_distance_is_that_of_scipys_square_root(seed, dimensions):
    random = np.random.default_rng(seed)
    mixed = random.normal(size=(2, dimensions, dimensions))
    one, other = (moments(random.normal(size=(200, dimensions)) @ mix + random.normal()) for mix in mixed)
    assert distance(one, other) == pytest.approx(by_sqrtm(one, other), rel=1e-6)
    assert distance(one, other) == pytest.approx(distance(other, one))


def test_variances_that_share_their_axes_have_a_closed_form():
    variances, others = np.array([4.0, 1.0, 0.0]), np.array([1.0, 9.0, 2.0])
    apart = np.array([1.0, -2.0, 0.5])
    expected = (apart**2).sum() + ((np.sqrt(variances) - np.sqrt(others)) ** 2).sum()
    found = distance((apart, np.diag(variances)), (np.zeros(3), np.diag(others)))
    assert found == pytest.approx(expected)


def test_mean_and_covariance_are_numpys_with_and_without_counts():
    vectors = np.random.default_rng(1).normal(size=(50, 4))
    counts = np.random.default_rng(2).integers(0, 4, 50).astype(float)
    for weights, plain in ((None, vectors), (counts, vectors.repeat(counts.astype(int), axis=0))):
        mean, covariance = moments(vectors, weights)
        np.testing.assert_allclose(mean, plain.mean(0))
        np.testing.assert_allclose(covariance, np.cov(plain.T))


@pytest.mark.parametrize(
    "images",
    [np.zeros((400, 28, 28)), np.full((400, 28, 28), 0.5), np.repeat(NEW[:1], 400, axis=0), NEW[:1]],
    ids=["black", "grey", "one picture", "a single one"],
)
def test_pictures_without_variance_have_a_finite_and_bad_distance(images):
    found = frechet(images.astype(np.float32), TARGETS)
    assert np.isfinite([found.value, found.low, found.high]).all()
    assert found.low > 10 * frechet(NEW, TARGETS).high


def test_new_pictures_are_nearer_than_spoilt_ones_and_these_nearer_than_noise():
    noise = random_stream(b"noise").random_sample(NEW.shape).astype(np.float32)
    spoilt = np.clip(NEW + 0.6 * (noise - 0.5), 0, 1)
    new, worse, worst = (frechet(images, TARGETS) for images in (NEW, spoilt, noise))
    assert new.high < worse.low
    assert worse.high < worst.low
    assert frechet(HELD_OUT / np.float32(255), TARGETS).value == pytest.approx(0, abs=0.01)


def test_the_interval_covers_the_expected_distance_about_nineteen_times_in_twenty():
    random = np.random.default_rng(4)

    def drawn():
        return random.normal(size=(150, 4)) * 1.5 + 0.3, random.normal(size=(150, 4))

    expected = np.mean([distance(*map(moments, drawn())) for _ in range(2_000)])
    found = [between(*drawn()) for _ in range(200)]
    assert 0.9 <= np.mean([one.low <= expected <= one.high for one in found]) <= 0.99
    generated, real = drawn()
    assert between(generated, real) == between(generated, real), "the same vectors give the same interval"


@pytest.mark.parametrize(
    ("predictions", "code"),
    [
        (np.array(1.0), "predictions.length"),
        (np.zeros((3, 28, 28)), "predictions.length"),
        (np.zeros((2, 784)), "pictures.shape"),
        (np.zeros((2, 3, 28, 28)), "pictures.shape"),
        (np.full((2, 28, 28), "a"), "contract.not_numeric"),
        (np.full((2, 28, 28), np.nan), "predictions.not_finite"),
    ],
)
def test_what_is_no_picture_is_told(predictions, code):
    assert read_pictures(predictions, {"images": np.zeros((2, 28, 28))}, 0).code == code


@pytest.mark.parametrize("shape", [(2, 28, 28), (2, 1, 28, 28)])
@pytest.mark.parametrize("dtype", [np.uint8, np.int64, np.float16, np.float32, np.float64])
def test_bytes_and_floats_of_both_shapes_are_read(shape, dtype):
    whole = np.issubdtype(dtype, np.integer)
    read = read_pictures(np.full(shape, 51 if whole else 0.2, dtype), {"images": np.zeros((2, 28, 28))}, 0)
    assert (read.shape, read.dtype) == ((2, 28, 28), np.float32)
    np.testing.assert_allclose(read, 0.2, atol=1e-3)


@pytest.mark.parametrize(
    ("code", "mistaken"),
    [("mistake.minus_one", NEW * 2 - 1), ("mistake.bytes", NEW * 255), ("mistake.negative", 1 - NEW)],
)
def test_a_mistake_is_mended_by_its_own_transformation_alone(code, mistaken):
    values = {name: frechet(mend(mistaken), TARGETS).value for name, mend in MISTAKES.items()}
    assert min(values, key=values.get) == code
    assert values[code] < frechet(mistaken, TARGETS).value / 3
    assert all(frechet(mend(NEW), TARGETS).value > frechet(NEW, TARGETS).value for mend in MISTAKES.values())


def test_a_grey_level_more_is_no_other_picture():
    other = NEW[:3].copy()
    other[0] += 0.5 / 255
    other[1, 3, 3] += 0.1
    assert same_pictures(NEW[:3], other).tolist() == [True, False, True]


def test_a_report_shows_the_first_pictures_and_fewer_leave_the_rest_black():
    validation = Split({}, TARGETS)
    for images in (NEW, NEW[:3], NEW * 300 - 5):
        (shown,) = show_samples(images, validation)
        assert (shown.width, shown.height) == (280, 112)


def within(one, other):
    """Share of rows of `other` that lie in the third-neighbour ball of a row of `one`."""
    reach = NearestNeighbors(n_neighbors=4).fit(one).kneighbors(one)[0][:, 3]
    apart = np.linalg.norm(one[:, None] - other, axis=2)
    return (apart <= reach[:, None]).any(0).mean()


@pytest.mark.parametrize("seed", range(3))
def test_precision_and_recall_are_those_of_scikit_learns_neighbours(seed):
    random = np.random.default_rng(seed)
    real, generated = random.normal(size=(120, 3)), random.normal(size=(90, 3)) * 0.7 + 0.4
    found = precision_recall(real.astype(np.float32), generated.astype(np.float32))
    assert found == pytest.approx((within(real, generated), within(generated, real)), abs=0.02)


def test_one_picture_again_and_again_is_precise_and_recalls_next_to_nothing():
    real = TARGETS["features"]
    precision, recall = precision_recall(real, np.repeat(real[:1], 300, axis=0))
    assert precision == 1
    assert recall <= 0.01
    assert precision_recall(real, real[:1])[0] == 1


def test_classes_are_counted_among_pictures_that_the_classifier_is_sure_about():
    probabilities = np.full((5, 10), 0.01, np.float32)
    probabilities[[0, 1, 2], [3, 3, 7]] = 0.91
    assert class_shares(probabilities).tolist() == pytest.approx([0, 0, 0, 2 / 3, 0, 0, 0, 1 / 3, 0, 0])
    assert not class_shares(probabilities[3:]).any()


def test_classes_that_are_not_drawn_and_copies_are_told():
    raw = draw(random_stream(b"classes"), 400)
    few = raw.images[raw.labels < 8] / np.float32(255)
    told = {message.code: message.params for message in tell_samples(few, TARGETS)}
    assert told["samples.classes"]["missing"] == "8, 9"
    assert set(told) == {"samples.manifold", "samples.classes"}
    doubled = {message.code: message.params for message in tell_samples(np.concatenate([NEW, NEW]), TARGETS)}
    assert doubled["samples.copies"]["share"] == 50
    assert doubled["samples.all_classes"]["covered"] == 10
    assert share_of_copies(NEW) == 0


def moved(images, down, right):
    framed = np.pad(images, ((0, 0), (1, 1), (1, 1)))
    return framed[:, 1 - down : 29 - down, 1 - right : 29 - right]


GIVEN = KNOWN[:400] / np.float32(255)
COPIES = {
    "exact": GIVEN,
    "moved": moved(GIVEN, 0, 1),
    "moved in both directions": moved(GIVEN, 1, 1),
    "noisy": np.clip(GIVEN + 0.1 * random_stream(b"n").normal(size=GIVEN.shape), 0, 1).astype(np.float32),
    "darker": GIVEN * np.float32(0.8),
    "a few only": np.repeat(GIVEN[:20], 20, axis=0),
    "one in ten": np.concatenate([NEW[:360], GIVEN[:40]]),
}


@pytest.mark.parametrize("cheat", COPIES)
def test_copies_of_known_pictures_are_doubted(cheat):
    found = doubt_copied(COPIES[cheat], TARGETS)
    assert found is not None
    assert found.code == "doubt.memorised"


def test_new_pictures_are_not_doubted_however_bad_they_are():
    noise = random_stream(b"noise").random_sample(NEW.shape).astype(np.float32)
    smooth = (GIVEN + GIVEN[::-1]) / 2
    for images in (NEW, noise, smooth, np.zeros_like(NEW), np.repeat(NEW[3:4], 50, axis=0)):
        assert doubt_copied(images, TARGETS) is None


def test_nearness_is_that_of_scikit_learns_neighbours_between_small_pictures():
    def small(images):
        framed = np.pad(images / 255, ((0, 0), (1, 1), (1, 1)))
        blurred = sum(framed[:, i : i + 28, j : j + 28] for i in range(3) for j in range(3)) / 9
        return blurred.reshape(-1, 14, 2, 14, 2).mean((2, 4)).reshape(len(images), -1)

    distances, _ = NearestNeighbors(n_neighbors=11).fit(small(KNOWN)).kneighbors(small(HELD_OUT))
    expected = distances[:, 0] / distances[:, 1:].mean(1)
    np.testing.assert_allclose(nearness(HELD_OUT / np.float32(255), KNOWN), expected, rtol=1e-3)


def test_nearness_where_all_that_is_known_is_the_same_or_one_picture_is_not_nan():
    same = np.repeat(KNOWN[:1], 20, axis=0)
    assert nearness(GIVEN[:1], same).tolist() == [1.0]
    assert nearness(GIVEN[:2], KNOWN[:1]).tolist() == [1.0, 1.0]
