"""Calls: functions and classes of the notebook are followed, those of libraries are looked up."""

import ast
from collections.abc import Callable, Mapping
from dataclasses import replace

from graders.plan.expressions import Expressions
from graders.plan.library import FUNCTIONS, Arguments, Facts, length
from graders.plan.methods import method
from graders.plan.tally import MOST_CALLS
from graders.plan.values import (
    UNKNOWN,
    Class,
    Function,
    Instance,
    Made,
    Many,
    Named,
    Scope,
    in_batches,
    number_of,
)

KERAS_BATCH = 32
"""Keras' own batch size."""
EPOCHS = ("epochs", "max_epochs", "n_epochs", "nb_epoch")
"""What the number of epochs is called in calls of `fit` and of trainers."""
SAME_LENGTH = frozenset({"data", "targets", "values", "images", "labels", "T", "index", "text"})
"""Attributes that have as many items as what they belong to."""


class Calls(Expressions):
    """Follows calls."""

    def __init__(self, facts: Facts, modules: Mapping[str, str]) -> None:
        super().__init__(facts, modules)
        self.returned: object = UNKNOWN
        self._calls = 0
        self._known: dict[str, Callable[[object, Arguments], object]] = {
            "backward": self._backward,
            "fit": self._fit,
            "fit_generator": self._fit,
            "len": lambda of, given: length(given.get(0, "obj"), self.facts).count,
            "partial": self._partial,
            "replace": self._replace,
        }

    def _attribute(self, of: object, name: str) -> object:
        if isinstance(of, Instance):
            return self._member(of, name)
        if isinstance(of, Named):
            return Named(f"{of.path}.{name}", of.of)
        if isinstance(of, Class):
            return self._body(of).get(name, UNKNOWN)
        if isinstance(of, Made):
            return of.named.get(name, Named(name, of))
        if name == "shape":
            return (length(of, self.facts).count, UNKNOWN, UNKNOWN, UNKNOWN)
        return of if isinstance(of, Many) and name in SAME_LENGTH else Named(name, of)

    def _member(self, of: Instance, name: str) -> object:
        if name in of.attributes:
            return of.attributes[name]
        found = method_of(of.made_of, name)
        if found is None:
            return Named(name, of)
        bound = Function(found, of.made_of.scope, (of,))
        decorators = [one.id for one in found.decorator_list if isinstance(one, ast.Name)]
        return self.follow(bound, Arguments((), {})) if "property" in decorators else bound

    def _call(self, node: ast.Call, scope: Scope) -> object:
        called = self.evaluate(node.func, scope)
        values = [one for inner in node.args for one in self.expanded(inner, scope)]
        named: dict[str, object] = {}
        for keyword in node.keywords:
            value = self.evaluate(keyword.value, scope)
            if keyword.arg is not None:
                named[keyword.arg] = value
            elif isinstance(value, dict):
                named |= {key: one for key, one in value.items() if isinstance(key, str)}
        given = Arguments(values, named)
        if isinstance(called, Instance):
            own = method_of(called.made_of, "__call__")
            called = Function(own, called.made_of.scope, (called,)) if own else UNKNOWN
        match called:
            case Function():
                return self.follow(called, given)
            case Class():
                return self._made(called, given)
            case Named(path=path, of=of):
                return self._library(path, of, given)
        return UNKNOWN

    def _library(self, path: str, of: object, given: Arguments) -> object:
        name = path.rpartition(".")[2]
        if path.endswith("environ.get"):
            name = "getenv"
        if name in self._known:
            return self._known[name](of, given)
        found = method(name, of, given, self.facts)
        if found is not UNKNOWN:
            return found
        if name in FUNCTIONS:
            return FUNCTIONS[name](given, self.facts)
        self._hand_over(given)
        return Made(path, given.named) if name[:1].isupper() else UNKNOWN

    def _hand_over(self, given: Arguments) -> None:
        """Functions of the notebook that a library is given, and calls nobody knows how often."""
        before = self.tally.steps
        for one in (*given.values, *given.named.values()):
            if isinstance(one, Function):
                self.follow(one, Arguments((), {}))
        self.guessed |= self.tally.steps > before

    def _backward(self, of: object, given: Arguments) -> object:
        self._step(1.0, self.batch)
        return UNKNOWN

    def _step(self, steps: float, batch: float) -> None:
        old = self.tally
        self.tally = replace(old, steps=old.steps + steps, examples=old.examples + steps * batch)

    def _fit(self, of: object, given: Arguments) -> object:
        """Keras' `fit(x, y, epochs=3)` and Lightning's `Trainer(max_epochs=3).fit(model, loader)`."""
        options = {**(of.named if isinstance(of, Made) else {}), **given.named}
        epochs = next((number_of(options[name]) for name in EPOCHS if name in options), None)
        if epochs is None:  # scikit-learn's, which is over at once
            return of
        seen = next((one for one in (*given.values, *options.values()) if isinstance(one, Many)), None)
        items = seen or Many(self.facts.examples)
        batches = items if items.each else in_batches(items, options.get("batch_size", KERAS_BATCH))
        self._step(epochs * batches.count, batches.each or KERAS_BATCH)
        return UNKNOWN

    def _partial(self, of: object, given: Arguments) -> object:
        first = given.get(0, "func")
        if not isinstance(first, Function):
            return UNKNOWN
        values, named = (*first.given, *given.values[1:]), (*first.named, *given.named.items())
        return Function(first.node, first.scope, values, named)

    def _replace(self, of: object, given: Arguments) -> object:
        """`dataclasses.replace`."""
        first = given.get(0, "obj")
        if not isinstance(first, Instance):
            return UNKNOWN
        self.spend(len(first.attributes))
        return Instance(first.made_of, {**first.attributes, **given.named})

    def follow(self, function: Function, given: Arguments) -> object:
        """What a function of the notebook returns; the steps in it are counted."""
        if self._calls >= MOST_CALLS:
            self.guessed = True
            return UNKNOWN
        inner = Scope(outer=function.scope)
        self._bind_arguments(function, given, inner)
        before, guessed, early = self.tally, self.guessed, self.early
        result = self._followed_in(function, inner)
        named = isinstance(function.node, ast.FunctionDef) and function.node.name == "train"
        budget = number_of(inner.names.get("budget", UNKNOWN)) if named else None
        if budget is not None:  # as own data asks for: it trains for as long as it is told
            self.tally = replace(before, seconds=before.seconds + budget)
            self.guessed, self.early = guessed, early
        return result

    def _followed_in(self, function: Function, inner: Scope) -> object:
        """What a function returns that was given its arguments."""
        batch, yields, depth = self.batch, self.tally.yields, self._depth
        self._calls, self._depth = self._calls + 1, 0
        try:
            if isinstance(function.node, ast.Lambda):
                return self.evaluate(function.node.body, inner)
            self.returned = None
            self.run(function.node.body, inner)
            result, self.returned = self.returned, UNKNOWN
            yielded = self.tally.yields - yields
            return Many(yielded) if yielded else result
        finally:
            self._calls, self._depth, self.batch = self._calls - 1, depth, batch
            self.tally = replace(self.tally, yields=yields)

    def _bind_arguments(self, function: Function, given: Arguments, inner: Scope) -> None:
        asked = function.node.args
        names = [one.arg for one in (*asked.posonlyargs, *asked.args)]
        self.spend(len(names))
        inner.names |= dict.fromkeys([*names, *(one.arg for one in asked.kwonlyargs)], UNKNOWN)
        for name, default in zip(reversed(names), reversed(asked.defaults), strict=False):
            inner.names[name] = self.evaluate(default, function.scope)
        for one, optional in zip(asked.kwonlyargs, asked.kw_defaults, strict=True):
            if optional is not None:
                inner.names[one.arg] = self.evaluate(optional, function.scope)
        inner.names |= dict(zip(names, (*function.given, *given.values), strict=False))
        inner.names |= {**dict(function.named), **given.named}

    def _body(self, of: Class) -> dict[str, object]:
        """What the body of a class assigns."""
        inside = Scope(outer=of.scope)
        self.spend(len(of.node.body))
        for statement in of.node.body:
            match statement:
                case (
                    ast.AnnAssign(target=ast.Name(id=name), value=value)
                    | ast.Assign(targets=[ast.Name(id=name)], value=value)
                ):
                    inside.names[name] = UNKNOWN if value is None else self.evaluate(value, inside)
        return inside.names

    def _made(self, made_of: Class, given: Arguments) -> Instance:
        """An object: what its class's body and `__init__` assign, or the fields of a dataclass."""
        made = Instance(made_of, self._body(made_of))
        start = method_of(made_of, "__init__")
        if start is not None:
            self.follow(Function(start, made_of.scope, (made,)), given)
        else:
            fields = [
                one.target.id
                for one in made_of.node.body
                if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)
            ]
            made.attributes.update(zip(fields, given.values, strict=False))
            made.attributes.update({name: one for name, one in given.named.items() if name in fields})
        return made


def method_of(of: Class, name: str, within: int = 5) -> ast.FunctionDef | None:
    """A method of a class, or of one of the notebook that it is made from, so many generations up."""
    for statement in of.node.body:
        if isinstance(statement, ast.FunctionDef) and statement.name == name:
            return statement
    for base in of.node.bases:
        above = of.scope.find(base.id, UNKNOWN) if isinstance(base, ast.Name) else None
        if isinstance(above, Class) and within:
            found = method_of(above, name, within - 1)
            if found is not None:
                return found
    return None
