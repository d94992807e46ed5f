"""The values of expressions, as far as the number of training steps depends on them.

Calls of the notebook's own functions are followed; those of libraries are looked up in `library`. What is not known
is `UNKNOWN`, and its arguments are looked at all the same, since a call of `train` may stand anywhere.
"""

import ast
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from graders.plan.library import FUNCTIONS, USUAL_BATCH, Arguments, Facts, length, method
from graders.plan.values import (
    LARGEST,
    UNKNOWN,
    Class,
    Function,
    Instance,
    Made,
    Many,
    Named,
    Scope,
    Unknown,
    arithmetic,
    compare,
    in_batches,
    is_number,
    many_of,
    number_of,
)

MOST_NODES = 100_000
"""Nodes of syntax that are looked at in one notebook, those of a function each time that it is called."""
MOST_CALLS = 12
"""Calls within calls that are followed."""
MOST_DEPTH = 80
"""Expressions within expressions that are followed."""
FEW = 8
"""Items of a list that are followed one by one, such as the widths of a study."""
KERAS_BATCH = 32
"""Keras' own batch size."""


class GaveUpError(Exception):
    """There is more to look at than is looked at."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What was counted so far."""

    steps: float = 0.0
    examples: float = 0.0
    yields: float = 0.0
    """Values that the generator which is followed has yielded."""

    def plus(self, once: "Tally", rounds: float) -> "Tally":
        """This tally and `rounds` times what came since, of which `once` has the first."""
        return Tally(
            *(
                min(LARGEST, old + (new - old) * rounds)
                for old, new in (
                    (self.steps, once.steps),
                    (self.examples, once.examples),
                    (self.yields, once.yields),
                )
            )
        )


class Expressions(ABC):
    """Evaluates expressions; statements are followed by the class below it."""

    def __init__(self, facts: Facts, modules: Mapping[str, str]) -> None:
        self.facts = facts
        self.modules = modules
        self.read: dict[str, Scope] = {}
        self.tally = Tally()
        self.batch: float = USUAL_BATCH
        self.guessed = False
        self.returned: object = UNKNOWN
        self._nodes = 0
        self._calls = 0
        self._depth = 0

    @abstractmethod
    def run(self, statements: Sequence[ast.stmt], scope: Scope) -> bool:
        """Follows a block of statements; true where it has certainly come to its `return`."""

    @abstractmethod
    def bind(self, target: ast.expr, value: object, scope: Scope) -> None:
        """Gives a value to a target of an assignment."""

    def spend(self) -> None:
        """Counts a node.

        Raises:
            GaveUpError: there were too many.
        """
        self._nodes += 1
        if self._nodes > MOST_NODES:
            raise GaveUpError

    def evaluate(self, node: ast.expr, scope: Scope) -> object:
        """The value of an expression; `UNKNOWN` where it cannot be told."""
        self.spend()
        if self._depth >= MOST_DEPTH:
            self.guessed = True
            return UNKNOWN
        self._depth += 1
        try:
            return self._value(node, scope)
        finally:
            self._depth -= 1

    def _value(self, node: ast.expr, scope: Scope) -> object:
        match node:
            case ast.Constant(value=value):
                return value if isinstance(value, int | float | str) or value is None else UNKNOWN
            case ast.Name(id=name):
                found = scope.find(name)
                return Named(name) if found is UNKNOWN and not _holds(scope, name) else found
            case ast.Call():
                return self._call(node, scope)
            case ast.Attribute(value=of, attr=name):
                return self._attribute(self.evaluate(of, scope), name)
            case ast.BinOp(left=left, op=op, right=right):
                return arithmetic(type(op), self.evaluate(left, scope), self.evaluate(right, scope))
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                return compare(type(op), self.evaluate(left, scope), self.evaluate(right, scope))
            case ast.Subscript(value=of, slice=index):
                return self._item(self.evaluate(of, scope), index, scope)
            case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts):
                return many_of([one for part in parts for one in self._expanded(part, scope)])
            case ast.Dict(keys=keys, values=values):
                return self._dict(keys, values, scope)
            case ast.Lambda():
                return Function(node, scope)
            case _:
                return self._other(node, scope)

    def _other(self, node: ast.expr, scope: Scope) -> object:
        match node:
            case ast.IfExp(test=test, body=body, orelse=orelse):
                holds = self.truth(self.evaluate(test, scope))
                if holds is not None:
                    return self.evaluate(body if holds else orelse, scope)
                found = [self.evaluate(part, scope) for part in (body, orelse)]
                numbers = [one for one in found if is_number(one)]
                return found[0] if len(numbers) < 2 else max(number_of(one) or 0.0 for one in numbers)
            case ast.BoolOp(op=op, values=values):
                return self._either(values, scope, wanted=isinstance(op, ast.Or))
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                holds = self.truth(self.evaluate(operand, scope))
                return UNKNOWN if holds is None else not holds
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                value = self.evaluate(operand, scope)
                return -value if isinstance(value, int | float) else value
            case ast.NamedExpr(target=target, value=inner):
                value = self.evaluate(inner, scope)
                self.bind(target, value, scope)
                return value
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp():
                return self._comprehension(node.generators, node.elt, scope)
            case ast.DictComp(value=inner):
                return self._comprehension(node.generators, inner, scope)
            case ast.Yield(value=inner):
                if inner is not None:
                    self.evaluate(inner, scope)
                self.tally = replace(self.tally, yields=self.tally.yields + 1)
            case ast.Await(value=inner) | ast.Starred(value=inner) | ast.FormattedValue(value=inner):
                return self.evaluate(inner, scope)
            case ast.JoinedStr(values=parts):
                for part in parts:
                    self.evaluate(part, scope)
        return UNKNOWN

    @staticmethod
    def truth(value: object) -> bool | None:
        """Whether a value counts as true; None where that is not known."""
        if isinstance(value, tuple | dict | str | int | float) or value is None:
            return bool(value)
        return None

    def _either(self, values: Sequence[ast.expr], scope: Scope, *, wanted: bool) -> object:
        known: object = UNKNOWN
        certain = True
        for part in values:
            value = self.evaluate(part, scope)
            if not certain:
                continue
            holds = self.truth(value)
            if holds is wanted:
                return value
            certain, known = holds is not None, value
        return known if certain else UNKNOWN

    def _expanded(self, part: ast.expr, scope: Scope) -> Iterator[object]:
        """An item of a list, or the items of `*items`."""
        value = self.evaluate(part, scope)
        if isinstance(part, ast.Starred) and isinstance(value, tuple):
            yield from value
        else:
            yield value

    def _dict(
        self, keys: Sequence[ast.expr | None], values: Sequence[ast.expr], scope: Scope
    ) -> dict[object, object]:
        made: dict[object, object] = {}
        for key, part in zip(keys, values, strict=True):
            name = self.evaluate(key, scope) if key is not None else UNKNOWN
            value = self.evaluate(part, scope)
            if isinstance(name, str | int | float):
                made[name] = value
        return made

    def _comprehension(self, loops: Sequence[ast.comprehension], element: ast.expr, scope: Scope) -> object:
        """The items, with the element looked at for each of a few and once for many."""
        first, *rest = loops
        inner = Scope(outer=scope)
        items = self.evaluate(first.iter, inner)

        def once(item: object) -> object:
            self.bind(first.target, item, inner)
            return self._comprehension(rest, element, inner) if rest else self.evaluate(element, inner)

        if isinstance(items, tuple) and len(items) <= FEW:
            found = [once(item) for item in items]
            if rest and all(isinstance(part, tuple) for part in found):
                found = [one for part in found if isinstance(part, tuple) for one in part]
            return many_of(found)
        before = self.tally
        once(UNKNOWN)
        known = isinstance(items, Many | tuple)
        self.guessed |= not known and self.tally.steps > before.steps
        count = length(items, self.facts).count
        self.tally = before.plus(self.tally, count if known else 1)
        return Many(count) if known else UNKNOWN

    def _attribute(self, of: object, name: str) -> object:
        if isinstance(of, Instance):
            return self._member(of, name)
        if name == "shape" and not isinstance(of, Named):
            return (length(of, self.facts).count, UNKNOWN, UNKNOWN, UNKNOWN)
        if isinstance(of, Many) and name in (
            "data",
            "targets",
            "values",
            "images",
            "labels",
            "T",
            "index",
            "text",
        ):
            return of
        path = f"{of.path}.{name}" if isinstance(of, Named) else name
        return Named(path, UNKNOWN if isinstance(of, Named) else of)

    def _member(self, of: Instance, name: str) -> object:
        if name in of.attributes:
            return of.attributes[name]
        found = _method(of.made_of, name)
        if found is None:
            return Named(name, of)
        bound = Function(found, of.made_of.scope, (of,))
        decorators = [one.id for one in found.decorator_list if isinstance(one, ast.Name)]
        return self.follow(bound, Arguments((), {})) if "property" in decorators else bound

    def _item(self, of: object, index: ast.expr, scope: Scope) -> object:
        if isinstance(index, ast.Tuple) and index.elts:
            first, *others = index.elts
            for other in others:
                if not isinstance(other, ast.Slice):
                    self.evaluate(other, scope)
            return self._item(of, first, scope)
        if isinstance(index, ast.Slice):
            return self._slice(of, index, scope)
        key = self.evaluate(index, scope)
        if isinstance(of, dict) and isinstance(key, str | int | float):
            return of.get(key, UNKNOWN)
        if isinstance(of, tuple) and isinstance(key, int) and -len(of) <= key < len(of):
            return of[key]
        if isinstance(of, Named) and of.path.endswith("environ") and isinstance(key, str):
            return self.facts.environment.get(key, UNKNOWN)
        if isinstance(key, str) or (isinstance(key, tuple) and key and isinstance(key[0], str)):
            return of if isinstance(of, Many) else UNKNOWN  # columns of a table
        if isinstance(key, Many | tuple) and not isinstance(of, dict):
            chosen = length(key, self.facts)
            # a batch that is picked out by random numbers is what the next step sees
            self.batch = chosen.count if 1 <= chosen.count <= 4096 else self.batch
            return chosen
        return UNKNOWN

    def _slice(self, of: object, index: ast.Slice, scope: Scope) -> object:
        low, high = (None if one is None else self.evaluate(one, scope) for one in (index.lower, index.upper))
        if isinstance(of, tuple) and all(one is None or isinstance(one, int) for one in (low, high)):
            return of[slice(low, high)]
        if not isinstance(of, Many | Unknown | Named):
            return UNKNOWN
        whole = length(of, self.facts).count
        start, stop = (one if isinstance(one, int | float) else None for one in (low, high))
        begin = 0.0 if start is None else max(0.0, whole + start) if start < 0 else float(start)
        end = whole if stop is None else max(0.0, whole + stop) if stop < 0 else min(whole, float(stop))
        return Many(max(0.0, end - begin), of.each if isinstance(of, Many) else None)

    def _call(self, node: ast.Call, scope: Scope) -> object:
        called = self.evaluate(node.func, scope)
        values = [one for part in node.args for one in self._expanded(part, scope)]
        named: dict[str, object] = {}
        for keyword in node.keywords:
            value = self.evaluate(keyword.value, scope)
            if keyword.arg is not None:
                named[keyword.arg] = value
            elif isinstance(value, dict):
                named |= {key: one for key, one in value.items() if isinstance(key, str)}
        given = Arguments(values, named)
        match called:
            case Function():
                return self.follow(called, given)
            case Class():
                return self._made(called, given)
            case Instance():
                own = _method(called.made_of, "__call__")
                return self.follow(Function(own, called.made_of.scope, (called,)), given) if own else UNKNOWN
            case Named(path=path, of=of):
                return self._library(path.rpartition(".")[2], path, of, given)
        return UNKNOWN

    def _library(self, name: str, path: str, of: object, given: Arguments) -> object:
        first = given.values[0] if given.values else UNKNOWN
        if name == "backward":
            self._step(1.0, self.batch)
            return UNKNOWN
        if name in ("fit", "fit_generator"):
            return self._fitted(of, given)
        if name == "len":
            return length(first, self.facts).count
        if name == "partial" and isinstance(first, Function):
            return Function(
                first.node,
                first.scope,
                (*first.given, *given.values[1:]),
                (*first.named, *given.named.items()),
            )
        if name == "replace" and isinstance(first, Instance):
            return Instance(first.made_of, {**first.attributes, **given.named})
        if path.endswith("environ.get"):
            return FUNCTIONS["getenv"](given, self.facts)
        if of is not UNKNOWN:
            found = method(name, of, given, self.facts)
            if found is not UNKNOWN:
                return found
        if name in FUNCTIONS:
            return FUNCTIONS[name](given, self.facts)
        return Made(path, tuple(given.values), tuple(given.named.items())) if name[:1].isupper() else UNKNOWN

    def _step(self, steps: float, batch: float) -> None:
        old = self.tally
        self.tally = Tally(old.steps + steps, old.examples + steps * batch, old.yields)

    def _fitted(self, of: object, given: Arguments) -> object:
        """Keras' `fit(x, y, epochs=3)` and Lightning's `Trainer(max_epochs=3).fit(model, loader)`."""
        options = {**(dict(of.named) if isinstance(of, Made) else {}), **given.named}
        epochs = next(
            (
                number_of(options[name])
                for name in ("epochs", "max_epochs", "n_epochs", "nb_epoch")
                if name in options
            ),
            None,
        )
        if epochs is None:  # scikit-learn's, which is over at once
            return of
        seen = next((one for one in (*given.values, *options.values()) if isinstance(one, Many)), None)
        items = seen or Many(self.facts.examples)
        batches = items if items.each else in_batches(items, options.get("batch_size", KERAS_BATCH))
        self._step(epochs * batches.count, batches.each or KERAS_BATCH)
        return UNKNOWN

    def follow(self, function: Function, given: Arguments) -> object:
        """What a function of the notebook returns; the steps in it are counted."""
        if self._calls >= MOST_CALLS:
            self.guessed = True
            return UNKNOWN
        inner = Scope(outer=function.scope)
        self._bind_arguments(function, given, inner)
        self._calls += 1
        batch, yields, depth = self.batch, self.tally.yields, self._depth
        self._depth = 0
        try:
            if isinstance(function.node, ast.Lambda):
                return self.evaluate(function.node.body, inner)
            self.returned = None
            self.run(function.node.body, inner)
            result, self.returned = self.returned, UNKNOWN
            yielded = self.tally.yields - yields
            return Many(yielded) if yielded else result
        finally:
            self._calls -= 1
            self._depth = depth
            self.batch = batch
            self.tally = replace(self.tally, yields=yields)

    def _bind_arguments(self, function: Function, given: Arguments, inner: Scope) -> None:
        asked = function.node.args
        names = [one.arg for one in (*asked.posonlyargs, *asked.args)]
        for name, default in zip(reversed(names), reversed(asked.defaults), strict=False):
            inner.names[name] = self.evaluate(default, function.scope)
        for one, default_or_none in zip(asked.kwonlyargs, asked.kw_defaults, strict=True):
            inner.names[one.arg] = (
                self.evaluate(default_or_none, function.scope) if default_or_none is not None else UNKNOWN
            )
        for name in names:
            inner.names.setdefault(name, UNKNOWN)
        inner.names |= dict(zip(names, (*function.given, *given.values), strict=False))
        inner.names |= {**dict(function.named), **given.named}

    def _made(self, made_of: Class, given: Arguments) -> Instance:
        """An object: what its class's body and `__init__` assign, or the fields of a dataclass."""
        made = Instance(made_of, {})
        fields = []
        for statement in made_of.node.body:
            match statement:
                case ast.AnnAssign(target=ast.Name(id=name), value=value):
                    fields.append(name)
                    made.attributes[name] = UNKNOWN if value is None else self.evaluate(value, made_of.scope)
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    made.attributes[name] = self.evaluate(value, made_of.scope)
        start = _method(made_of, "__init__")
        if start is not None:
            self.follow(Function(start, made_of.scope, (made,)), given)
        else:
            made.attributes.update(zip(fields, given.values, strict=False))
            made.attributes.update({name: one for name, one in given.named.items() if name in fields})
        return made


def _holds(scope: Scope, name: str) -> bool:
    """Whether a name was given a value, even one that is not known."""
    around: Scope | None = scope
    while around is not None:
        if name in around.names:
            return True
        around = around.outer
    return False


def _method(of: Class, name: str, within: int = 5) -> ast.FunctionDef | None:
    """A method of a class, or of one of the notebook that it is made from."""
    for statement in of.node.body:
        if isinstance(statement, ast.FunctionDef) and statement.name == name:
            return statement
    for base in of.node.bases:
        above = of.scope.find(base.id) if isinstance(base, ast.Name) else None
        if isinstance(above, Class) and above is not of and within:
            found = _method(above, name, within - 1)
            if found is not None:
                return found
    return None
