"""Notebooks that bring data of their own, in parts."""

from collections.abc import Callable

from graders.model import Mark, OwnData, OwnKind

Judge = Callable[..., Mark]

TABLE = """
import numpy as np
own_kind = "classification"
def load_all():
    random = np.random.default_rng(3)
    X = random.normal(size=(1200, 4))
    warm = X[:, 0] * X[:, 1] + 0.1 * random.normal(size=1200) > 0
    return X, np.where(warm, "warm", "cold"), None
"""
FOREST = """
from sklearn.ensemble import ExtraTreesClassifier
def train(X, y, budget):
    return ExtraTreesClassifier(100, random_state=0).fit(X, y)
def predict(model, X):
    return model.predict(X)
"""
PICTURES = """
import numpy as np
own_kind = "classification"
def drawn(count, seed=3):
    random = np.random.default_rng(seed)
    down, right = np.mgrid[:24, :24]
    pictures, labels = [], []
    for at in range(count):
        y, x, size = random.uniform(8, 16, 2).tolist() + [random.uniform(3, 6)]
        if at % 2:
            shape = np.hypot(down - y, right - x) < size
        else:
            shape = np.maximum(abs(down - y), abs(right - x)) < size * 0.9
        ground = random.normal(0, 0.12, (24, 24)) + random.uniform(0.1, 0.4) + 0.02 * random.normal() * right
        pictures.append(np.clip(ground + shape * random.uniform(0.3, 0.5), 0, 1))
        labels.append(at % 2)
    return np.array(pictures, np.float32), np.array(labels)
"""
GUESS = """
def train(X, y, budget):
    return y[0]
def predict(model, X):
    return [model] * len(X)
"""
KINDS: dict[OwnKind, str] = {
    "regression": """
def load_all():
    random = np.random.default_rng(3)
    X = random.normal(size=(500, 4))
    return X, X[:, 0] * X[:, 1] + np.sin(2 * X[:, 2]) + 0.1 * random.normal(size=500), None
def train(X, y, budget):
    from sklearn.ensemble import ExtraTreesRegressor
    return ExtraTreesRegressor(100, random_state=0).fit(X, y)
def predict(model, X):
    return model.predict(X)
""",
    "forecasting": """
def load_all():
    random = np.random.default_rng(3)
    steps = np.arange(900)
    series = np.sin(steps / 3.1) + 0.6 * np.sin(steps / 7.7) + 0.1 * random.normal(size=900)
    X = np.array([series[at : at + 40] for at in range(0, 840)])
    return X, np.array([series[at + 40 : at + 46] for at in range(0, 840)]), None
def train(X, y, budget):
    return np.linalg.lstsq(X, y, rcond=None)[0]
def predict(model, X):
    return X @ model
""",
    "segmentation": """
def load_all():
    random = np.random.default_rng(3)
    X, y = [], []
    for _ in range(120):
        mask = np.zeros((24, 24), int)
        a, b = random.integers(2, 14, 2)
        mask[a : a + 8, b : b + 8] = 1
        X.append(np.clip(random.uniform(0, 0.5) + 0.25 * mask + 0.1 * random.normal(size=(24, 24)), 0, 1))
        y.append(mask)
    return X, y, list(range(120))
def train(X, y, budget):
    return 0.12
def predict(model, X):
    return [x > np.median(x) + model for x in X]
""",
    "text": """
def load_all():
    random = np.random.default_rng(3)
    words = ["cat", "dog", "sees", "runs", "home", "river", "under", "stone"]
    return [" ".join(random.choice(words, 30)) for _ in range(150)], None, None
def train(X, alphabet, budget):
    counts = np.ones((len(alphabet), len(alphabet)))
    for text in X:
        for one, other in zip(text, text[1:]):
            counts[alphabet.index(one), alphabet.index(other)] += 1
    return alphabet, np.log(counts / counts.sum(1, keepdims=True))
def predict(model, X):
    alphabet, table = model
    return np.array([table[alphabet.index(prefix[-1])] for prefix in X])
""",
    "reconstruction": PICTURES
    + """
def load_all():
    return (255 * drawn(200)[0]).astype(np.uint8), None, None
def train(X, y, budget):
    return X.mean(0)
def predict(model, X):
    return np.stack([model] * len(X)).astype(np.uint8)
""",
    "sampling": PICTURES
    + """
def load_all():
    return drawn(300)[0], None, None
def train(X, y, budget):
    return X
def predict(model, n):
    random = np.random.default_rng(0)
    return np.clip(model[random.integers(0, len(model), n)] + 0.05 * random.normal(size=(n, 24, 24)), 0, 1)
""",
}


def own_data(mark: Mark) -> OwnData:
    """What the mark says of the data."""
    return next(item for item in mark.evidence if isinstance(item, OwnData))
