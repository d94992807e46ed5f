"""What a run did not get, out of notes that a student's process wrote and errors that it sent.

Both can be forged. So nothing is ever earned by them: they can only make a person look at what would else be
a zero. Notes beyond what is kept are dropped; a file of notes that is too large, or no plain file, is none.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable
from typing import get_args

from graders.artifacts import BadArtifactError
from graders.model import Refused, RefusedKind, SandboxName
from graders.sandbox.collect import read_regular
from graders.sandbox.offline import REFUSED, SAMPLES

MOST_BYTES = 131_072
"""Of the file of notes: twice what its writers allow themselves."""
MOST_NOTES = 20
"""Of one kind: a long list of requirements must not hide a download that failed."""
MOST_CHARACTERS = 300
KINDS = get_args(RefusedKind)
OWN_FILES = ("namespaces", "bubblewrap")
MODULE = re.compile(r"No module named '([A-Za-z_]\w*)")
COLAB = """
    accelerate aiohttp albumentations altair bokeh catboost cupy datasets diffusers easydict einops fastai
    gensim geopandas gradio graphviz gymnasium h5py httpx huggingface_hub imageio imblearn ipywidgets jax
    joblib kaggle kagglehub keras keras_hub librosa lightgbm lxml matplotlib missingno mlxtend moviepy
    networkx nltk numba openai openpyxl optax optuna pandas peft plotly polars psutil pyarrow pydot pygame
    requests safetensors scipy seaborn sentence_transformers sentencepiece shap skimage sklearn soundfile
    spacy statsmodels sympy tabulate tensorboard tensorflow tensorflow_datasets tensorflow_hub timm
    tokenizers torchaudio torchdata torchsummary torchvision tqdm transformers wandb wordcloud xarray
    xgboost yfinance
"""
PACKAGES = {name: name for name in COLAB.split()} | {
    "cv2": "opencv-python",
    "PIL": "pillow",
    "bs4": "beautifulsoup4",
    "yaml": "pyyaml",
    "sklearn": "scikit-learn",
    "skimage": "scikit-image",
}
"""Modules that Colab has from the start, with the names of their packages."""


def read_refusals(outbox: int) -> tuple[Refused, ...]:
    """The notes in the folder with this handle."""
    try:
        data = read_regular(outbox, REFUSED, MOST_BYTES)
    except (BadArtifactError, OSError):
        return ()
    found: dict[Refused, None] = {}
    kinds: Counter[str] = Counter()
    for line in (data or b"").splitlines():
        note = _note(line)
        if note is not None and note not in found and kinds[note.kind] < MOST_NOTES:
            found[note] = None
            kinds[note.kind] += 1
    return tuple(found)


def _note(line: bytes) -> Refused | None:
    try:
        kind, what = json.loads(line)
    except (ValueError, TypeError, RecursionError):
        return None
    if not isinstance(kind, str) or kind not in KINDS or not isinstance(what, str):
        return None
    text = printable(what)
    return Refused(kind=kind, what=text) if text else None


def printable(text: str) -> str:
    r"""One line of a stranger's text, without what could disturb the lines around it.

    >>> printable("a\u202eb\nc")
    'a?b?c'
    """
    return "".join(sign if sign.isprintable() else "?" for sign in text[:MOST_CHARACTERS]).strip()


def lacking(errors: Iterable[tuple[str, str]], tier: SandboxName) -> tuple[Refused, ...]:
    """What exceptions, by type and text, say was missing that a notebook written for Colab could count on."""
    found: dict[Refused, None] = {}
    for kind, message in errors:
        module = MODULE.search(message[:MOST_CHARACTERS]) if kind == "ModuleNotFoundError" else None
        if module is not None and module[1] in PACKAGES:
            found[Refused(kind="package", what=PACKAGES[module[1]])] = None
        if kind in ("FileNotFoundError", "PermissionError", "OSError"):
            if f"{SAMPLES}/" in message:
                found[Refused(kind="path", what=f"/content/{SAMPLES}")] = None
            elif "/content" in message and tier not in OWN_FILES:
                found[Refused(kind="path", what="/content")] = None
    return tuple(found)
