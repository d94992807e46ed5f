import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq
from torch.distributions import Normal, kl_divergence

from graders.data import Split
from graders.metrics.codes import doubt_recalled, least_error, show_reconstructions, tell_codes
from graders.metrics.elbo import MISTAKES, MOST_NATS, PIXELS, SIGMA, elbo, nats, read_codes, same_decoded


def packed(mean: np.ndarray, log_variance: np.ndarray, decoded: np.ndarray) -> np.ndarray:
    return np.concatenate([mean, log_variance, decoded.reshape(len(mean), PIXELS)], axis=1)


def pictures(n: int, seed: int = 0) -> np.ndarray:
    """Patterns of three numbers each with some noise, (n, 1, 28, 28)."""
    random = np.random.default_rng(seed)
    basis = np.random.default_rng(1).normal(size=(3, PIXELS)) / 16
    flat = 0.5 + random.normal(size=(n, 3)) @ basis + 0.05 * random.normal(size=(n, PIXELS))
    return np.clip(flat, 0, 1).astype(np.float32).reshape(n, 1, 28, 28)


@given(st.integers(1, 12), st.integers(1, 64), st.integers(0, 2**31 - 1))
def test_the_bound_is_that_of_torchs_distributions(n: int, length: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    mean, log_variance = random.normal(0, 2, (2, n, length))
    images, decoded = random.random((n, 1, 28, 28)), random.random((n, PIXELS))
    rows = packed(mean, log_variance, decoded)
    q = Normal(torch.tensor(mean), torch.tensor(np.exp(log_variance / 2)))
    spent = kl_divergence(q, Normal(torch.zeros(1), torch.ones(1))).sum(1)
    density = Normal(torch.tensor(decoded), SIGMA).log_prob(torch.tensor(images.reshape(n, -1))).sum(1)
    measured = elbo(rows, {"images": images})
    assert nats(rows) == pytest.approx(spent.numpy())
    assert measured.value == pytest.approx(((density - spent) / PIXELS).mean().item())
    assert measured.n == n
    assert measured.low <= measured.value <= measured.high or n < 5


def linear(images: np.ndarray, noise: np.ndarray, scale: float = 1.0, told: float = 1.0) -> np.ndarray:
    """The best linear autoencoder, with other deviations of codes: drawn with, and told."""
    flat = images.reshape(len(images), -1).astype(np.float64)
    length = noise.shape[1]
    middle = flat.mean(0)
    values, directions = np.linalg.eigh(np.cov(flat.T, bias=True))
    values, directions = values[-length:], directions[:, -length:]
    weights = directions * np.sqrt(np.maximum(values - SIGMA**2, 0))
    spread = np.maximum(values, SIGMA**2)
    mean = (flat - middle) @ weights / spread
    deviation = SIGMA / np.sqrt(spread) * np.ones_like(mean)
    decoded = middle + (mean + scale * deviation * noise) @ weights.T
    return packed(mean, 2 * np.log(told * deviation), decoded)


def test_of_a_linear_model_it_is_the_exact_likelihood() -> None:
    """Tipping & Bishop: with the true posterior the bound is tight."""
    images = pictures(2_000)
    noise = np.random.default_rng(4).normal(size=(2_000, 3))
    flat = images.reshape(2_000, -1).astype(np.float64)
    values = np.linalg.eigvalsh(np.cov(flat.T, bias=True))
    kept = values[-3:]
    rest = values[:-3].sum() / SIGMA**2 + (PIXELS - 3) * np.log(SIGMA**2)
    exact = -0.5 * (PIXELS * np.log(2 * np.pi) + np.log(kept).sum() + 3 + rest) / PIXELS
    assert elbo(linear(images, noise), {"images": images}).value == pytest.approx(exact, abs=2e-4)


@pytest.mark.parametrize("factor", [0.05, 0.3, 3.0, 20.0])
def test_a_log_variance_that_is_not_that_of_the_posterior_costs(factor: float) -> None:
    """Codes are drawn with what is returned: less noise has to be paid for, and more noise spoils them."""
    images = pictures(500)
    noise = np.random.default_rng(4).normal(size=(500, 3))
    honest, other = (
        elbo(linear(images, noise, *both), {"images": images}) for both in ((1, 1), (factor,) * 2)
    )
    assert other.value < honest.value


def test_an_autoencoder_without_noise_pays_for_precision_without_end() -> None:
    images = pictures(100)
    exact = packed(np.zeros((100, 2)), np.full((100, 2), -60_000.0), images)
    blank = packed(np.zeros((100, 2)), np.zeros((100, 2)), np.broadcast_to(images.mean(0), images.shape))
    assert elbo(exact, {"images": images}).value < elbo(blank, {"images": images}).value - 50


def test_no_number_makes_it_infinite() -> None:
    images = pictures(3)
    for value in (1e300, -1e300, 65_504.0):
        measured = elbo(packed(np.full((3, 2), value), np.full((3, 2), value), images), {"images": images})
        assert np.isfinite([measured.value, measured.low, measured.high]).all()
        assert measured.value > -1.01 * MOST_NATS / PIXELS


@pytest.mark.parametrize(
    ("predictions", "code"),
    [
        (np.array(1.0), "predictions.length"),
        (np.zeros((2, 786)), "predictions.length"),
        (np.zeros((3, 784)), "elbo.shape"),
        (np.zeros((3, 785)), "elbo.shape"),
        (np.zeros((3, 850)), "elbo.shape"),
        (np.zeros((3, 2, 786)), "elbo.shape"),
        (np.full((3, 786), "a"), "contract.not_numeric"),
        (np.full((3, 786), np.nan), "predictions.not_finite"),
        (np.full((3, 786), np.inf, np.float16), "predictions.not_finite"),
    ],
)
def test_what_is_no_code_is_told(predictions: np.ndarray, code: str) -> None:
    assert read_codes(predictions, {"images": np.zeros((3, 1, 28, 28))}, 0).code == code


@pytest.mark.parametrize("length", [1, 32])
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.int64])
def test_codes_of_any_length_and_type_are_read(length: int, dtype: type) -> None:
    read = read_codes(np.ones((3, 2 * length + 784), dtype), {"images": np.zeros((3, 1, 28, 28))}, 0)
    assert read.dtype == np.float64


def test_each_mistake_is_mended_by_its_own_transformation_best() -> None:
    images = pictures(50).reshape(50, -1)
    mean = np.zeros((50, 2))
    wrong = {
        "mistake.logits": np.log(np.clip(images, 1e-3, 0.999) / np.clip(1 - images, 1e-3, 0.999)),
        "mistake.minus_one": images * 2 - 1,
        "mistake.bytes": images * 255,
    }
    assert wrong.keys() == MISTAKES.keys()
    for code, decoded in wrong.items():
        values = {
            name: elbo(mend(packed(mean, mean, decoded)), {"images": images}).value
            for name, mend in MISTAKES.items()
        }
        assert max(values, key=values.__getitem__) == code


def test_rounding_is_no_other_reconstruction() -> None:
    one = np.zeros((3, 786))
    other = one + np.array([[0.001], [0.5], [0.0]])
    assert same_decoded(one, other).tolist() == [True, False, True]
    assert same_decoded(one, np.zeros((3, 790))).tolist() == [True] * 3


def codes_told(rows: np.ndarray, images: np.ndarray) -> dict[str, dict[str, object]]:
    return {message.code: dict(message.params) for message in tell_codes(rows, {"images": images})}


def test_numbers_in_use_and_nats_are_told_and_a_used_code_is_not_called_collapsed() -> None:
    images = pictures(400)
    found = codes_told(linear(images, np.zeros((400, 8))), images)
    assert set(found) == {"elbo.parts"}
    assert found["elbo.parts"]["n"] == 8
    assert found["elbo.parts"]["used"] == 3


def test_a_collapse_is_told_in_words() -> None:
    images = pictures(400)
    random = np.random.default_rng(0)
    blank = np.broadcast_to(images.mean(0), images.shape)
    mean, log_variance = random.normal(0, 0.02, (2, 400, 20))
    assert "elbo.collapsed" in codes_told(packed(mean, log_variance, blank), images)
    mean[:, 0] = random.normal(0, 3, 400)  # one number carries something and the others nothing
    assert "elbo.collapsed" in codes_told(packed(mean, log_variance, blank), images)


def test_deviations_in_place_of_logarithms_are_noticed() -> None:
    images = pictures(100)
    rows = linear(images, np.zeros((100, 3)))
    assert "elbo.not_logarithm" not in codes_told(rows, images)
    rows[:, 3:6] = np.exp(rows[:, 3:6] / 2)
    assert "elbo.not_logarithm" in codes_told(rows, images)


@pytest.mark.parametrize("nats_", [0.0, 1.0, 30.0])
def test_the_least_error_is_that_of_a_code_with_the_same_nats(nats_: float) -> None:
    variances = np.random.default_rng(3).random(50) ** 4
    # by Lagrange's multipliers: what all numbers lose in nats, they lose at the same price
    level = brentq(
        lambda one: 0.5 * np.log(np.maximum(variances / one, 1)).sum() - nats_, 1e-30, variances.max()
    )
    assert least_error(variances, nats_) == pytest.approx(np.minimum(variances, level).mean(), rel=1e-6)


@pytest.mark.parametrize("share", [0.0, 0.2, 0.7, 1.0])
def test_pictures_that_come_back_as_they_were_are_doubted(share: float) -> None:
    images = pictures(300)
    rows = linear(images, np.random.default_rng(0).normal(size=(300, 3)))
    recalled = int(share * 300)
    rows[:recalled, -PIXELS:] = images.reshape(300, -1)[:recalled]
    found = doubt_recalled(rows, {"images": images})
    assert (found is not None) == (share > 0.5)
    assert found is None or found.code == "doubt.recalled"


def test_blur_and_noise_do_not_hide_that_a_picture_was_looked_up() -> None:
    images = pictures(300)
    flat, random = images.reshape(300, -1), np.random.default_rng(0)
    honest = linear(images, random.normal(size=(300, 3)))
    error = np.sqrt(((honest[:, -PIXELS:] - flat) ** 2).mean())
    for rough in (flat + 0.5 * error * random.normal(size=flat.shape), 0.5 * (flat + honest[:, -PIXELS:])):
        rows = packed(honest[:, :3], honest[:, 3:6], np.clip(rough, 0, 1))
        assert doubt_recalled(rows, {"images": images}) is not None


@pytest.mark.parametrize("n", [1, 2, 60])
def test_fewer_pictures_than_numbers_of_a_code_accuse_nobody(n: int) -> None:
    images = pictures(n)
    rows = packed(np.zeros((n, 1)), np.zeros((n, 1)), np.full((n, PIXELS), 0.5))
    assert doubt_recalled(rows, {"images": images}) is None
    assert elbo(rows, {"images": images}).n == n


def test_pictures_stand_above_their_reconstructions() -> None:
    images = pictures(20)
    rows = packed(np.zeros((20, 1)), np.zeros((20, 1)), 1 - images)
    (shown,) = show_reconstructions(rows, Split({}, {"images": images}))
    assert shown.width == 4 * shown.height
    assert shown.caption.code == "elbo.shown"
