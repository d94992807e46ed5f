"""GoogLeNet and ResNet-50 of torchvision as encoders of pictures.

Szegedy et al. 2015, "Going deeper with convolutions"; He et al. 2016, "Deep residual learning for image
recognition". A picture becomes the means of the network's last map over its quarters, as in
`graders.data.encoders`: of one mean over all nothing would tell what stands where.

Not imported with the rest of the toolkit, which needs no torchvision.
"""

import hashlib
import pickle
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from rich.console import Console
from rich.progress import track
from torchvision.models import get_model, get_model_weights
from torchvision.models.feature_extraction import create_feature_extractor

from graders.data.encoders import QUARTERS, Features
from graders.data.flickr import opened

LAST_MAPS = {"googlenet": "inception5b", "resnet50": "layer4"}
"""Where the last map comes out, by network."""
BATCH = 32


def encode(encoder: str, pictures: Sequence[Path], local: Path | None, progress: bool) -> Features:
    """Features of picture files.

    Args:
        encoder: a key of `LAST_MAPS`.
        pictures: N files of any size.
        local: weights under the name that torchvision's hub gives them; None to take them from there.
        progress: whether to show a bar on standard error.

    Returns:
        float32 (N, 4 · C): C numbers of the upper left quarter, upper right, lower left, lower right.

    Raises:
        DataMissingError: a picture cannot be read.
        OSError: weights cannot be read, or the hub cannot be reached.
        ValueError: the weights are not those of this network, or not those that their name says.
    """
    kind = get_model_weights(encoder).DEFAULT
    weights = _load(local or _from_hub(kind))
    device = "cuda" if torch.cuda.is_available() else "cpu"
    network = _network(encoder, weights).to(device)
    transform = kind.transforms()
    parts = [pictures[start : start + BATCH] for start in range(0, len(pictures), BATCH)]
    shown = track(parts, f"{encoder} looks at pictures", console=Console(stderr=True), disable=not progress)
    found = []
    with torch.inference_mode():
        for part in shown:
            images = torch.stack([transform(opened(path)) for path in part]).to(device)
            quarters = torch.nn.functional.adaptive_avg_pool2d(network(images)["map"], QUARTERS)
            found.append(quarters.permute(0, 2, 3, 1).flatten(1).cpu().numpy())
    return np.concatenate(found)


def _network(encoder: str, weights: dict[str, Any]) -> torch.nn.Module:
    """The network up to its last map, in `eval()`."""
    # the published GoogLeNet expects inputs that it scales anew itself
    options = {"transform_input": True, "aux_logits": False, "init_weights": False}
    network = get_model(encoder, **(options if encoder == "googlenet" else {}))
    own = {name: values for name, values in weights.items() if not name.startswith("aux")}
    try:
        network.load_state_dict(own)
    except RuntimeError as error:
        raise ValueError(f"no weights of {encoder}: {str(error)[:300]}") from error
    cut: torch.nn.Module = create_feature_extractor(network.eval(), {LAST_MAPS[encoder]: "map"})
    return cut


def _from_hub(kind: Any) -> Path:
    """The file of published weights, downloaded where it is missing."""
    path = Path(torch.hub.get_dir()) / "checkpoints" / Path(kind.url).name
    if not path.is_file():
        kind.get_state_dict(check_hash=True)
    return path


def _load(path: Path) -> dict[str, Any]:
    """Weights from a file whose name ends in the first digits of its SHA-256, as torchvision's hub has it."""
    content = path.read_bytes()
    digest, said = hashlib.sha256(content).hexdigest(), path.stem.rpartition("-")[2]
    if not said or not digest.startswith(said):
        raise ValueError(f"{path}: SHA-256 is {digest}, expected one that begins with {said!r}")
    try:
        found = torch.load(path, map_location="cpu", weights_only=True)
    except (pickle.UnpicklingError, RuntimeError, ValueError, EOFError) as error:
        raise ValueError(f"{path}: no weights ({str(error)[:200]})") from error
    if not isinstance(found, dict):
        raise ValueError(f"{path}: found {type(found).__name__}, expected a dictionary of weights")
    return found
