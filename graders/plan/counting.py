"""Counts the training steps of a notebook without running it: its statements are followed, its loops multiplied.

A step is a call of `backward`, or a batch of Keras' or Lightning's `fit`. Functions and classes of the notebook are
followed, `if` takes the larger branch where the condition is not known, and a loop is read once and multiplied. Not
covered: training that is written in NumPy, early stopping, what happens inside libraries, how large a model is.

The work is bounded: so many nodes of syntax, so many calls within calls; what is left after that is not counted, and
the count says that it is a guess.
"""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graders.plan.expressions import FEW, Expressions, GaveUpError
from graders.plan.library import USUAL_BATCH, Facts, length
from graders.plan.parsing import parsed
from graders.plan.values import (
    LARGEST,
    UNKNOWN,
    Class,
    Function,
    Instance,
    Many,
    Named,
    Scope,
    arithmetic,
    number_of,
)


@dataclass(frozen=True, slots=True)
class Count:
    """How much training there is in a notebook."""

    steps: float
    examples: float
    """Examples that these steps see together."""
    cells: tuple[float, ...]
    """Steps of each code cell."""
    guessed: bool
    """True where a loop's rounds are not known, a cell is no Python, or there was too much to read."""


def count_steps(sources: Sequence[str], facts: Facts, modules: Mapping[str, str] | None = None) -> Count:
    """The training steps in the code cells of a notebook.

    Args:
        sources: text of the code cells.
        facts: what is known of the assignment.
        modules: text of modules that the cells may import, by name.

    >>> cells = ["for epoch in range(30):\\n    for x in DataLoader(d, batch_size=50):\\n        loss(x).backward()"]
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
        except (GaveUpError, RecursionError, MemoryError, OverflowError):
            walker.guessed = True
        steps.append(walker.tally.steps - before)
    return Count(
        walker.tally.steps, walker.tally.examples, tuple(steps), walker.guessed or cells.left_out > 0
    )


class Walker(Expressions):
    """Follows statements; a block returns whether it has certainly come to its `return`."""

    def run(self, statements: Sequence[ast.stmt], scope: Scope) -> bool:
        """Follows a block of statements."""
        return any(self._statement(statement, scope) for statement in statements)

    def _statement(self, node: ast.stmt, scope: Scope) -> bool:
        self.spend()
        match node:
            case ast.Expr(value=value):
                self.evaluate(value, scope)
            case ast.Assign(targets=targets, value=value):
                found = self.evaluate(value, scope)
                for target in targets:
                    self.bind(target, found, scope)
            case ast.AnnAssign(target=target, value=value) if value is not None:
                self.bind(target, self.evaluate(value, scope), scope)
            case ast.AugAssign(target=target, op=op, value=value):
                old = self.evaluate(target, scope) if isinstance(target, ast.Name) else UNKNOWN
                self.bind(target, arithmetic(type(op), old, self.evaluate(value, scope)), scope)
            case ast.Return(value=value):
                self.returned = self.evaluate(value, scope) if value is not None else None
                return True
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                scope.names[node.name] = Function(node, scope)
            case ast.ClassDef():
                scope.names[node.name] = Class(node, scope)
            case ast.Import() | ast.ImportFrom():
                self._import(node, scope)
            case ast.With(items=items, body=body) | ast.AsyncWith(items=items, body=body):
                for item in items:
                    entered = self.evaluate(item.context_expr, scope)
                    if item.optional_vars is not None:
                        self.bind(item.optional_vars, entered, scope)
                return self.run(body, scope)
            case _:
                return self._branching(node, scope)
        return False

    def _branching(self, node: ast.stmt, scope: Scope) -> bool:
        match node:
            case ast.If(test=test, body=body, orelse=orelse):
                holds = self.truth(self.evaluate(test, scope))
                if holds is not None:
                    return self.run(body if holds else orelse, scope)
                return self._larger(body, orelse, scope)
            case ast.For(iter=iterated) | ast.AsyncFor(iter=iterated):
                items = self.evaluate(iterated, scope)
                self._loop(node, items, scope)
                return self.run(node.orelse, scope)
            case ast.While():
                self._while(node, scope)
            case ast.Try(body=body, orelse=orelse, finalbody=final):
                return self.run([*body, *orelse, *final], scope)
            case ast.Match(cases=cases):
                for case in cases:
                    self.run(case.body, scope)
        return False

    def _larger(self, body: Sequence[ast.stmt], orelse: Sequence[ast.stmt], scope: Scope) -> bool:
        """Both branches, of which the one with more steps counts."""
        before = self.tally
        ended = self.run(body, scope)
        first, self.tally = self.tally, before
        other = self.run(orelse, scope)
        self.tally = max(first, self.tally, key=lambda tally: tally.steps)
        return ended and other

    def _loop(self, node: ast.For | ast.AsyncFor, items: object, scope: Scope) -> None:
        if isinstance(items, tuple) and len(items) <= FEW:
            for item in items[: self._most_rounds(node, node.body, scope, len(items))]:
                self.bind(node.target, item, scope)
                self.run(node.body, scope)
            return
        before, batch = self.tally, self.batch
        if isinstance(items, Many) and items.each:
            self.batch = items.each
        self.bind(node.target, UNKNOWN, scope)
        self.run(node.body, scope)
        self.batch = batch
        known = length(items, self.facts).count if isinstance(items, Many | tuple) else None
        if known is None and self.tally.steps > before.steps:
            self.guessed = True
        rounds = self.facts.examples / USUAL_BATCH if known is None else known
        self.tally = before.plus(self.tally, self._most_rounds(node, node.body, scope, rounds))

    def _most_rounds(
        self, node: ast.For | ast.AsyncFor, body: Sequence[ast.stmt], scope: Scope, rounds: float
    ) -> int:
        """The rounds of a loop, less where it says `if step == 200: break`."""
        named = {one.id for one in ast.walk(node.target) if isinstance(one, ast.Name)}
        for statement in body:
            match statement:
                case ast.If(
                    test=ast.Compare(
                        left=ast.Name(id=name), ops=[ast.Eq() | ast.GtE() | ast.Gt()], comparators=[end]
                    ),
                    body=[*_, ast.Break()],
                ) if name in named:
                    most = number_of(self.evaluate(end, scope))
                    if most is not None:
                        rounds = min(rounds, most + 1)
        return int(min(rounds, LARGEST))

    def _while(self, node: ast.While, scope: Scope) -> None:
        """`while step < 1000` has as many rounds; of another loop with training nobody knows."""
        rounds = None
        match node.test:
            case ast.Compare(left=left, ops=[ast.Lt() | ast.LtE()], comparators=[end]):
                start, stop = (number_of(self.evaluate(one, scope)) for one in (left, end))
                if start is not None and stop is not None:
                    rounds = max(0.0, stop - start)
        before = self.tally
        self.run(node.body, scope)
        if rounds is None and self.tally.steps > before.steps:
            self.guessed = True
            rounds = self.facts.examples / USUAL_BATCH
        self.tally = before.plus(self.tally, rounds or 0.0)

    def _import(self, node: ast.Import | ast.ImportFrom, scope: Scope) -> None:
        if isinstance(node, ast.Import):
            for alias in node.names:
                path = alias.name if alias.asname else alias.name.partition(".")[0]
                scope.names[alias.asname or path] = Named(path)
            return
        inside = self._module(node.module or "")
        for alias in node.names:
            found = inside.names.get(alias.name, UNKNOWN) if inside else Named(f"{node.module}.{alias.name}")
            scope.names[alias.asname or alias.name] = found

    def _module(self, name: str) -> Scope | None:
        """The names of a module that was given, read once."""
        if name not in self.modules:
            return None
        if name not in self.read:
            self.read[name] = scope = Scope()
            for statements in parsed([self.modules[name]]).cells:
                self.run(statements, scope)
        return self.read[name]

    def bind(self, target: ast.expr, value: object, scope: Scope) -> None:
        """Gives a value to a name, to several, or to an attribute of an object of the notebook."""
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
            case ast.Attribute(value=of, attr=name):
                owner = self.evaluate(of, scope)
                if isinstance(owner, Instance):
                    owner.attributes[name] = value
