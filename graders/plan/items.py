"""What `of[key]` is: an item, a batch that is picked out by numbers, a part of something with many items."""

from graders.plan.library import Facts, length
from graders.plan.values import UNKNOWN, Many, Named, Unknown


def item(of: object, key: object, facts: Facts) -> object:
    """An item by its key, or as many items as the key has.

    >>> item(Many(5000), Many(64), Facts(1, 1, {})), item((4, 8), 1, Facts(1, 1, {}))
    (Many(count=64, each=None), 8)
    """
    if isinstance(of, dict):
        return of.get(key, UNKNOWN) if isinstance(key, str | int | float) else UNKNOWN
    if isinstance(of, Named) and of.path.endswith("environ") and isinstance(key, str):
        return facts.environment.get(key, UNKNOWN)
    if _names_columns(key):
        return of if isinstance(of, Many) else UNKNOWN
    if isinstance(key, Many | tuple):
        return length(key, facts)
    found = isinstance(of, tuple) and isinstance(key, int) and -len(of) <= key < len(of)
    return of[key] if found and isinstance(of, tuple) and isinstance(key, int) else UNKNOWN


def _names_columns(key: object) -> bool:
    """Whether a key names columns of a table, which leaves it as many rows."""
    return isinstance(key, str) or (isinstance(key, tuple) and bool(key) and isinstance(key[0], str))


def part(of: object, low: object, high: object, facts: Facts) -> object:
    """`of[low:high]`; a bound that is None is left out.

    >>> part(Many(5000), None, 1500, Facts(1, 1, {})), part(Many(50), -20, None, Facts(1, 1, {}))
    (Many(count=1500.0, each=None), Many(count=20, each=None))
    """
    if isinstance(of, tuple):
        known = (low is None or isinstance(low, int)) and (high is None or isinstance(high, int))
        return (
            of[low if isinstance(low, int) else None : high if isinstance(high, int) else None]
            if known
            else UNKNOWN
        )
    if not isinstance(of, Many | Unknown | Named):
        return UNKNOWN
    whole = length(of, facts).count
    begin, end = _bound(low, whole, 0.0), _bound(high, whole, whole)
    return Many(max(0.0, end - begin), of.each if isinstance(of, Many) else None)


def _bound(value: object, whole: float, otherwise: float) -> float:
    """One end of a part, counted from the beginning."""
    if not isinstance(value, int | float):
        return otherwise
    return max(0.0, whole + value) if value < 0 else min(whole, float(value))
