"""Counts the training steps of a notebook without running it: statements are followed, loops multiplied.

A step is a call of `backward`, or a batch of Keras' or Lightning's `fit`. Functions and classes of the
notebook are followed, `if` takes the larger branch where the condition is not known, and a loop is read once
and multiplied. Not covered: training that is written in NumPy, when early stopping stops, what happens
inside libraries, how large a model is.

The work is bounded: so many nodes of syntax, so many calls within calls; what is left after that is not
counted, and the count says that it is a guess.
"""

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graders.plan.library import Facts
from graders.plan.parsing import parsed
from graders.plan.rounds import Rounds
from graders.plan.tally import MOST_DEPTH, GaveUpError
from graders.plan.values import (
    UNKNOWN,
    Class,
    Function,
    Instance,
    Named,
    Scope,
    arithmetic,
)

STEP = 16
"""Examples that one step costs besides those that it sees: small batches are dear."""


@dataclass(frozen=True, slots=True)
class Count:
    """How much training there is in a notebook."""

    steps: float
    examples: float
    """Examples that these steps see together."""
    cells: tuple[float, ...]
    """Steps of each code cell."""
    seconds: float
    """That calls of `train(X, y, budget)` are given; the steps in them are not counted."""
    early: bool
    """True where a loop may end before its rounds are over."""
    guessed: bool
    """True where a loop's rounds are not known, a cell is no Python, or there was too much to read."""

    @property
    def work(self) -> float:
        """The unit in which training is compared: examples seen, and what a step costs besides."""
        return self.examples + STEP * self.steps


def count_steps(sources: Sequence[str], facts: Facts, modules: Mapping[str, str] | None = None) -> Count:
    r"""The training steps in the code cells of a notebook.

    Args:
        sources: text of the code cells.
        facts: what is known of the assignment.
        modules: text of modules that the cells may import, by name.

    >>> cells = ["for epoch in range(30):\n  for x in DataLoader(d, batch_size=50):\n    f(x).backward()"]
    >>> count_steps(cells, Facts(1000, 100, {})).steps
    600.0
    """
    cells = parsed(sources)
    walker = Walker(facts, modules or {})
    scope = Scope()
    steps = []
    for statements in cells.cells:
        before = walker.tally.steps
        try:
            walker.run(statements, scope)
        except Exception:  # too much, or text that nobody thought of: it must not cost a class its grades
            walker.guessed = True
        steps.append(walker.tally.steps - before)
    return Count(
        steps=walker.tally.steps,
        examples=walker.tally.examples,
        cells=tuple(steps),
        seconds=walker.tally.seconds,
        early=walker.early,
        guessed=walker.guessed or cells.left_out > 0,
    )


class Walker(Rounds):
    """Follows statements; a block returns whether it has certainly come to its `return`."""

    def __init__(self, facts: Facts, modules: Mapping[str, str]) -> None:
        super().__init__(facts, modules)
        self._read: dict[str, Scope] = {}
        self._blocks = 0
        self._followed: dict[type[ast.stmt], Callable[[Any, Scope], bool | None]] = {
            ast.Expr: self._expression,
            ast.Assign: self._assign,
            ast.AnnAssign: self._annotated,
            ast.AugAssign: self._augmented,
            ast.Return: self._return,
            ast.FunctionDef: self._function,
            ast.AsyncFunctionDef: self._function,
            ast.ClassDef: self._class,
            ast.Import: self._import,
            ast.ImportFrom: self._import_from,
            ast.With: self._with,
            ast.AsyncWith: self._with,
            ast.If: self._if,
            ast.For: self._for,
            ast.AsyncFor: self._for,
            ast.While: self._while,
            ast.Try: lambda node, scope: self.run([*node.body, *node.orelse, *node.finalbody], scope),
        }

    def run(self, statements: Sequence[ast.stmt], scope: Scope) -> bool:
        """Follows a block of statements."""
        if self._blocks >= MOST_DEPTH:
            raise GaveUpError
        self._blocks += 1
        try:
            return any(self._statement(statement, scope) for statement in statements)
        finally:
            self._blocks -= 1

    def _statement(self, node: ast.stmt, scope: Scope) -> bool:
        self.spend()
        follow = self._followed.get(type(node))
        return bool(follow and follow(node, scope))

    def _expression(self, node: ast.Expr, scope: Scope) -> None:
        self.evaluate(node.value, scope)

    def _assign(self, node: ast.Assign, scope: Scope) -> None:
        value = self.evaluate(node.value, scope)
        for target in node.targets:
            self.bind(target, value, scope)

    def _annotated(self, node: ast.AnnAssign, scope: Scope) -> None:
        if node.value is not None:
            self.bind(node.target, self.evaluate(node.value, scope), scope)

    def _augmented(self, node: ast.AugAssign, scope: Scope) -> None:
        old = self.evaluate(node.target, scope) if isinstance(node.target, ast.Name) else UNKNOWN
        self.bind(node.target, arithmetic(type(node.op), old, self.evaluate(node.value, scope)), scope)

    def _return(self, node: ast.Return, scope: Scope) -> bool:
        self.returned = self.evaluate(node.value, scope) if node.value is not None else None
        return True

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope) -> None:
        scope.names[node.name] = Function(node, scope)

    def _class(self, node: ast.ClassDef, scope: Scope) -> None:
        scope.names[node.name] = Class(node, scope)

    def _with(self, node: ast.With | ast.AsyncWith, scope: Scope) -> bool:
        for item in node.items:
            entered = self.evaluate(item.context_expr, scope)
            if item.optional_vars is not None:
                self.bind(item.optional_vars, entered, scope)
        return self.run(node.body, scope)

    def _if(self, node: ast.If, scope: Scope) -> bool:
        holds = self.truth(self.evaluate(node.test, scope))
        if holds is None:
            return self._larger(node.body, node.orelse, scope)
        return self.run(node.body if holds else node.orelse, scope)

    def _for(self, node: ast.For | ast.AsyncFor, scope: Scope) -> bool:
        self._loop(node, self.evaluate(node.iter, scope), scope)
        return self.run(node.orelse, scope)

    def _larger(self, body: Sequence[ast.stmt], orelse: Sequence[ast.stmt], scope: Scope) -> bool:
        """Both branches, of which the one with more steps counts."""
        before = self.tally
        ended = self.run(body, scope)
        first, self.tally = self.tally, before
        other = self.run(orelse, scope)
        self.tally = max(first, self.tally, key=lambda tally: (tally.steps, tally.seconds))
        return ended and other

    def _import(self, node: ast.Import, scope: Scope) -> None:
        for alias in node.names:
            path = alias.name if alias.asname else alias.name.partition(".")[0]
            scope.names[alias.asname or path] = Named(path)

    def _import_from(self, node: ast.ImportFrom, scope: Scope) -> None:
        inside = self._module(node.module or "")
        for alias in node.names:
            library = Named(f"{node.module}.{alias.name}")
            found = inside.find(alias.name, UNKNOWN) if inside else library
            scope.names[alias.asname or alias.name] = found

    def _module(self, name: str) -> Scope | None:
        """The names of a module that was given, read once."""
        if name not in self.modules:
            return None
        if name not in self._read:
            self._read[name] = scope = Scope()
            for statements in parsed([self.modules[name]]).cells:
                self.run(statements, scope)
        return self._read[name]

    def bind(self, target: ast.expr, value: object, scope: Scope) -> None:
        """Gives a value to a name, to several, or to an attribute of an object of the notebook."""
        self.spend()
        match target:
            case ast.Name(id=name):
                scope.names[name] = value
            case ast.Tuple(elts=targets) | ast.List(elts=targets):
                fits = isinstance(value, tuple) and len(value) == len(targets)
                values = value if fits and isinstance(value, tuple) else (UNKNOWN,) * len(targets)
                for one, part in zip(targets, values, strict=True):
                    self.bind(one, part, scope)
            case ast.Starred(value=inner):
                self.bind(inner, UNKNOWN, scope)
            case ast.Subscript(value=of, slice=ast.Constant(value=str(key))):
                table = self.evaluate(of, scope)
                if isinstance(table, dict):
                    table[key] = value
            case ast.Attribute(value=of, attr=name):
                owner = self.evaluate(of, scope)
                if isinstance(owner, Instance):
                    owner.attributes[name] = value
