import numpy as np
import torch

from graders import data
from graders.data.lstm_cases import CASES, RESULTS, WEIGHTS, draw
from graders.data.seeds import random_stream

DRAWN = draw(random_stream(b"cases of the tests"), 25)


def case_of(number: int) -> dict[str, torch.Tensor]:
    """The arrays of one case without what surrounds them."""
    steps, batch, inputs, units = DRAWN.inputs["sizes"][number]
    shapes = {
        "x": (steps, batch, inputs),
        "h0": (batch, units),
        "c0": (batch, units),
        "weight_ih": (4 * units, inputs),
        "weight_hh": (4 * units, units),
        "bias_ih": (4 * units,),
        "bias_hh": (4 * units,),
        "d_output": (steps, batch, units),
    }
    return {
        name: torch.tensor(DRAWN.inputs[name][number][tuple(slice(size) for size in shape)])
        for name, shape in shapes.items()
    }


def corner(array: np.ndarray, like: torch.Tensor) -> np.ndarray:
    cut = array[tuple(slice(size) for size in like.shape)]
    assert np.count_nonzero(~np.isnan(array)) == cut.size, "NaN outside the case and nowhere else"
    return cut


def test_results_and_gradients_are_torchs() -> None:
    for number in range(len(DRAWN)):
        case = {name: tensor.requires_grad_() for name, tensor in case_of(number).items()}
        _, _, inputs = case["x"].shape
        lstm = torch.nn.LSTM(inputs, case["h0"].shape[1], dtype=torch.float64)
        named = {f"{name}_l0": case[name] for name in WEIGHTS}
        state = (case["h0"][None], case["c0"][None])
        output, (h_n, c_n) = torch.func.functional_call(lstm, named, (case["x"], state))
        exact = dict(zip(RESULTS, (output, h_n[0], c_n[0]), strict=True))
        for name, tensor in exact.items():
            found = corner(DRAWN.targets[name][number], tensor)
            np.testing.assert_allclose(found, tensor.detach().numpy(), rtol=1e-10, atol=1e-12)
        output.backward(case["d_output"].detach())
        for name in ("x", "h0", "c0", *WEIGHTS):
            found = corner(DRAWN.targets[f"d_{name}"][number], case[name])
            np.testing.assert_allclose(found, case[name].grad.numpy(), rtol=1e-9, atol=1e-12)


def test_cases_are_of_many_sizes_and_drawn_from_the_secret(tmp_path) -> None:
    one, again, other = (
        data.hidden("lstm_cases", "mini", secret, tmp_path) for secret in (b"one", b"one", b"other")
    )
    np.testing.assert_array_equal(one.targets["output"], again.targets["output"])
    assert len(one) == CASES
    assert len({tuple(row) for row in one.inputs["sizes"]}) > CASES / 2
    assert (one.inputs["sizes"] != other.inputs["sizes"]).any()
