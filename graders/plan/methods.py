"""What methods of values return, as far as loops depend on it: `x.split(64)`, `x.view(-1, 64)`, `x.cpu()`."""

from graders.plan.library import Arguments, Facts, length
from graders.plan.values import UNKNOWN, Instance, Many, in_batches, many_of, number_of

# fmt: off
KEEPS = frozenset({
    "to", "cpu", "cuda", "float", "double", "half", "long", "int", "numpy", "clone", "detach",
    "contiguous", "astype", "copy", "values", "to_numpy", "tolist", "squeeze", "unsqueeze", "type",
    "permute", "log", "exp", "div", "mul", "sub", "add", "clamp", "sort", "shuffle", "train", "eval",
    "requires_grad_", "pin_memory", "bfloat16", "byte", "bool", "abs", "sqrt", "square", "map",
    "batch_encode", "list", "items", "keys", "reset_index",
})
# fmt: on
"""Methods whose result has as many items as what they are called on."""


def method(name: str, of: object, given: Arguments, facts: Facts) -> object:
    """What a method of a value returns."""
    if isinstance(of, dict):
        return _of_dictionary(name, of, given)
    if isinstance(of, Instance):  # a network that is moved, or set to train
        return of if name in KEEPS else UNKNOWN
    if not isinstance(of, Many | tuple):
        return UNKNOWN
    items = length(of, facts)
    sizes = [value for value in given.values if isinstance(value, int | float)]
    if name in ("split", "chunk") and sizes:
        return in_batches(items, sizes[0] if name == "split" else items.count / max(1.0, float(sizes[0])))
    if name in ("view", "reshape") and sizes:
        if sizes[0] > 0:
            return Many(number_of(sizes[0]) or 0.0, items.count / sizes[0])
        inner = number_of(sizes[1]) if len(sizes) > 1 else None
        return in_batches(items, inner) if inner else items
    if name == "size" and sizes:
        return items.count
    return of if name in KEEPS else UNKNOWN


def _of_dictionary(name: str, of: dict[object, object], given: Arguments) -> object:
    key = given.get(0, "key")
    if name == "get" and isinstance(key, str | int):
        return of.get(key, given.get(1, "default"))
    views = {"items": of.items(), "keys": of.keys(), "values": of.values()}
    return many_of(list(views[name])) if name in views else UNKNOWN
