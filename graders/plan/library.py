"""What calls of libraries return, as far as loops depend on it: how many items, in batches of how many.

Functions are known by their last name, whatever module they come from: `DataLoader`, `randperm`, `split`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, prod

from graders.plan.values import (
    LARGEST,
    MOST_KNOWN,
    UNKNOWN,
    Many,
    bounded,
    in_batches,
    many_of,
    number_of,
)

USUAL_BATCH = 64
"""Examples of a batch where the code does not say."""
USUAL_EPOCHS = 10
"""Epochs where nothing is known of their number."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the counting is told of the assignment."""

    examples: float
    """Training examples of its data set."""
    validation: float
    """Validation examples."""
    environment: Mapping[str, str]
    """Variables that the notebook will see, such as `GRADE_MODE`."""


@dataclass(frozen=True, slots=True)
class Arguments:
    """What a call was given."""

    values: Sequence[object]
    named: Mapping[str, object]

    def get(self, place: int, name: str) -> object:
        """An argument by its name or its place; `UNKNOWN` where it was left out."""
        if name in self.named:
            return self.named[name]
        return self.values[place] if 0 <= place < len(self.values) else UNKNOWN


def length(value: object, facts: Facts) -> Many:
    """How many items a value has; where nothing is known, as many as the data set has examples.

    >>> length((1, 2), Facts(5000, 1500, {})), length(UNKNOWN, Facts(5000, 1500, {}))
    (Many(count=2, each=None), Many(count=5000, each=None))
    """
    if isinstance(value, Many):
        return value
    if isinstance(value, tuple | str | dict):
        return Many(len(value))
    return Many(facts.examples)


def _range(given: Arguments, facts: Facts) -> object:
    parts = [number for value in given.values if isinstance(number := bounded(value), int | float)]
    if not parts or len(parts) != len(given.values) or len(parts) > 3:
        return UNKNOWN
    start, stop = (0, parts[0]) if len(parts) == 1 else (parts[0], parts[1])
    step = parts[2] if len(parts) == 3 else 1
    count = max(0, ceil((stop - start) / step)) if step else 0
    if count <= MOST_KNOWN and all(isinstance(part, int) for part in parts):
        return tuple(range(int(start), int(stop), int(step))) if step else ()
    return Many(min(count, LARGEST))


def _loader(given: Arguments, facts: Facts) -> object:
    sampler = given.named.get("batch_sampler")
    if isinstance(sampler, Many | tuple):
        return sampler
    batch = given.get(1, "batch_size") if "batch_size" in given.named or len(given.values) > 1 else 1
    known = batch is None or number_of(batch) is not None
    return in_batches(length(given.get(0, "dataset"), facts), batch if known else USUAL_BATCH)


def _dataset(given: Arguments, facts: Facts) -> object:
    training = given.named.get("train", given.values[1] if len(given.values) > 1 else True)
    other = training is False or given.named.get("split") in ("test", "val", "valid")
    return Many(facts.validation if other else facts.examples)


def _pairs(given: Arguments, facts: Facts) -> object:
    """`zip` of lists whose items are known; else it has as many items as the first of what it joins."""
    lists = [value for value in given.values if isinstance(value, tuple)]
    if lists and len(lists) == len(given.values):
        return many_of(list(zip(*lists, strict=False)))
    return _first(given, facts)


def _numbered(given: Arguments, facts: Facts) -> object:
    items = _same(given, facts)
    return tuple(enumerate(items)) if isinstance(items, tuple) else items


def _first(given: Arguments, facts: Facts) -> object:
    """The smallest thing with items: those of `TensorDataset` all have as many."""
    known = [value for value in given.values if isinstance(value, Many | tuple)]
    return min(known, key=lambda value: length(value, facts).count) if known else UNKNOWN


def _same(given: Arguments, facts: Facts) -> object:
    return given.values[0] if given.values else given.named.get("iterable", UNKNOWN)


def _drawn(given: Arguments, facts: Facts) -> object:
    """So many numbers at random; of `randint(a, b, (n,))` the shape counts."""
    for value in (given.named.get("size"), *reversed(given.values)):
        if isinstance(value, tuple) and value:
            count = number_of(value[0])
            return UNKNOWN if count is None else Many(count, number_of(value[1]) if len(value) > 1 else None)
    count = number_of(given.values[0]) if given.values else None
    return UNKNOWN if count is None else Many(count)


def _chosen(given: Arguments, facts: Facts) -> object:
    """`np.random.choice(n, size)`."""
    count = number_of(given.get(1, "size"))
    return UNKNOWN if count is None else Many(count)


def _extreme(pick: Callable[[list[float]], float]) -> Callable[[Arguments, Facts], object]:
    def of(given: Arguments, facts: Facts) -> object:
        values = given.values[0] if len(given.values) == 1 else given.values
        numbers = (
            [one for one in values if isinstance(one, int | float)]
            if isinstance(values, tuple | list)
            else []
        )
        return pick(numbers) if numbers else UNKNOWN

    return of


def _whole(given: Arguments, facts: Facts) -> object:
    value = given.values[0] if given.values else UNKNOWN
    if isinstance(value, str) and len(value) <= 15 and value.strip().isdigit():
        return int(value)
    return int(value) if isinstance(value, int | float) and abs(value) <= LARGEST else UNKNOWN


def _ceiling(given: Arguments, facts: Facts) -> object:
    value = given.values[0] if given.values else UNKNOWN
    return ceil(value) if isinstance(value, int | float) and abs(value) <= LARGEST else UNKNOWN


def _environment(given: Arguments, facts: Facts) -> object:
    name = given.get(0, "key")
    if not isinstance(name, str):
        return UNKNOWN
    default = given.values[1] if len(given.values) > 1 else None
    return facts.environment.get(name, default)


def _parts(given: Arguments, facts: Facts) -> object:
    """`random_split(data, [a, b])` and `train_test_split(a, b, test_size=0.2)`."""
    whole = length(given.get(0, "dataset"), facts)
    lengths = given.get(1, "lengths")
    if isinstance(lengths, tuple) and lengths and all(isinstance(one, int | float) for one in lengths):
        numbers = [number_of(one) or 0.0 for one in lengths]
        shares = sum(numbers) <= 1.0001
        return tuple(Many(one * whole.count if shares else one, None) for one in numbers)
    return tuple(whole for _ in range(2 * max(1, len(given.values))))


def _dictionary(given: Arguments, facts: Facts) -> object:
    """`dict(epochs=3)`."""
    first = given.values[0] if given.values else {}
    return {**first, **given.named} if isinstance(first, dict) else UNKNOWN


def _product(given: Arguments, facts: Facts) -> object:
    """`itertools.product(rates, widths)`."""
    return Many(min(prod(length(value, facts).count for value in given.values), LARGEST))


def _limited(given: Arguments, facts: Facts) -> object:
    items, most = length(given.get(0, "iterable"), facts), number_of(given.get(1, "stop"))
    return items if most is None else Many(min(items.count, most), items.each)


FUNCTIONS: dict[str, Callable[[Arguments, Facts], object]] = {
    "range": _range,
    "trange": _range,
    "arange": _range,
    "DataLoader": _loader,
    "TensorDataset": _first,
    "zip": _pairs,
    "stack": _same,
    "tensor": _same,
    "as_tensor": _same,
    "from_numpy": _same,
    "array": _same,
    "asarray": _same,
    "Tensor": _same,
    "list": _same,
    "tuple": _same,
    "sorted": _same,
    "reversed": _same,
    "enumerate": _numbered,
    "tqdm": _same,
    "track": _same,
    "iter": _same,
    "compile": _same,
    "islice": _limited,
    "product": _product,
    "dict": _dictionary,
    "Subset": lambda given, facts: length(given.get(1, "indices"), facts),
    "randperm": _drawn,
    "permutation": _drawn,
    "randint": _drawn,
    "rand": _drawn,
    "randn": _drawn,
    "zeros": _drawn,
    "ones": _drawn,
    "choice": _chosen,
    "random_split": _parts,
    "train_test_split": _parts,
    "min": _extreme(min),
    "max": _extreme(max),
    "int": _whole,
    "float": _same,
    "ceil": _ceiling,
    "round": _whole,
    "getenv": _environment,
    "FashionMNIST": _dataset,
    "MNIST": _dataset,
    "CIFAR10": _dataset,
}
"""By the last name of what is called."""
