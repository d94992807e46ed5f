"""The values of expressions, as far as the number of training steps depends on them.

What is not known is `UNKNOWN`, and its parts are looked at all the same: a call of `train` may stand
anywhere.
"""

import ast
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from graders.plan.items import item, part
from graders.plan.library import USUAL_BATCH, Facts, length
from graders.plan.tally import FEW, MOST_DEPTH, MOST_NODES, GaveUpError, Tally
from graders.plan.values import (
    UNKNOWN,
    Function,
    Many,
    Named,
    Scope,
    arithmetic,
    compare,
    many_of,
    number_of,
)

MOST_BATCH = 4096
"""Examples beyond which what is picked out by numbers is no batch."""


class Expressions(ABC):
    """Evaluates expressions; calls and statements are followed by the classes below it."""

    def __init__(self, facts: Facts, modules: Mapping[str, str]) -> None:
        self.facts = facts
        self.modules = modules
        self.tally = Tally()
        self.batch: float = USUAL_BATCH
        self.guessed = False
        self.early = False
        self._nodes = 0
        self._depth = 0
        self._values: dict[type[ast.expr], Callable[[Any, Scope], object]] = {
            ast.Constant: self._constant,
            ast.Name: self._name,
            ast.Call: self._call,
            ast.Attribute: lambda node, scope: self._attribute(self.evaluate(node.value, scope), node.attr),
            ast.BinOp: self._operation,
            ast.Compare: self._comparison,
            ast.BoolOp: self._either,
            ast.UnaryOp: self._unary,
            ast.Subscript: lambda node, scope: self._item(
                self.evaluate(node.value, scope), node.slice, scope
            ),
            ast.Tuple: self._list,
            ast.List: self._list,
            ast.Set: self._list,
            ast.Dict: self._dict,
            ast.Lambda: Function,
            ast.IfExp: self._choice,
            ast.NamedExpr: self._walrus,
            ast.ListComp: self._comprehension,
            ast.SetComp: self._comprehension,
            ast.GeneratorExp: self._comprehension,
            ast.DictComp: self._comprehension,
            ast.Yield: self._yield,
            ast.Await: self._inner,
            ast.Starred: self._inner,
            ast.FormattedValue: self._inner,
            ast.JoinedStr: self._parts,
        }

    @abstractmethod
    def run(self, statements: Sequence[ast.stmt], scope: Scope) -> bool:
        """Follows a block of statements; true where it has certainly come to its `return`."""

    @abstractmethod
    def bind(self, target: ast.expr, value: object, scope: Scope) -> None:
        """Gives a value to a target of an assignment."""

    @abstractmethod
    def _call(self, node: ast.Call, scope: Scope) -> object:
        """What a call returns."""

    @abstractmethod
    def _attribute(self, of: object, name: str) -> object:
        """What `of.name` is."""

    def spend(self, nodes: int = 1) -> None:
        """Counts nodes that are looked at, or as much other work.

        Raises:
            GaveUpError: there were too many.
        """
        self._nodes += nodes
        if self._nodes > MOST_NODES:
            raise GaveUpError

    def evaluate(self, node: ast.expr, scope: Scope) -> object:
        """The value of an expression; `UNKNOWN` where it cannot be told."""
        self.spend()
        follow = self._values.get(type(node))
        if follow is None:
            return UNKNOWN
        if self._depth >= MOST_DEPTH:
            self.guessed = True
            return UNKNOWN
        self._depth += 1
        try:
            return follow(node, scope)
        finally:
            self._depth -= 1

    @staticmethod
    def truth(value: object) -> bool | None:
        """Whether a value counts as true; None where that is not known."""
        if isinstance(value, tuple | dict | str | int | float) or value is None:
            return bool(value)
        return None

    def _constant(self, node: ast.Constant, scope: Scope) -> object:
        value = node.value
        return value if isinstance(value, int | float | str) or value is None else UNKNOWN

    def _name(self, node: ast.Name, scope: Scope) -> object:
        return scope.find(node.id, Named(node.id))

    def _operation(self, node: ast.BinOp, scope: Scope) -> object:
        return arithmetic(type(node.op), self.evaluate(node.left, scope), self.evaluate(node.right, scope))

    def _comparison(self, node: ast.Compare, scope: Scope) -> object:
        sides = [self.evaluate(side, scope) for side in (node.left, *node.comparators)]
        return compare(type(node.ops[0]), *sides) if len(sides) == 2 else UNKNOWN

    def _either(self, node: ast.BoolOp, scope: Scope) -> object:
        wanted, certain = isinstance(node.op, ast.Or), True
        value: object = UNKNOWN
        for one in node.values:
            found = self.evaluate(one, scope)
            if certain:
                holds, value = self.truth(found), found
                if holds is wanted:
                    return found
                certain = holds is not None
        return value if certain else UNKNOWN

    def _unary(self, node: ast.UnaryOp, scope: Scope) -> object:
        value = self.evaluate(node.operand, scope)
        if isinstance(node.op, ast.Not):
            holds = self.truth(value)
            return UNKNOWN if holds is None else not holds
        negative = isinstance(node.op, ast.USub) and isinstance(value, int | float)
        return -value if negative and isinstance(value, int | float) else value

    def _choice(self, node: ast.IfExp, scope: Scope) -> object:
        """Of two numbers the larger, where the condition is not known."""
        holds = self.truth(self.evaluate(node.test, scope))
        if holds is not None:
            return self.evaluate(node.body if holds else node.orelse, scope)
        found = [self.evaluate(one, scope) for one in (node.body, node.orelse)]
        numbers = [number for one in found if (number := number_of(one)) is not None]
        return max(numbers) if len(numbers) == len(found) else found[0]

    def _walrus(self, node: ast.NamedExpr, scope: Scope) -> object:
        value = self.evaluate(node.value, scope)
        self.bind(node.target, value, scope)
        return value

    def _yield(self, node: ast.Yield, scope: Scope) -> object:
        if node.value is not None:
            self.evaluate(node.value, scope)
        self.tally = replace(self.tally, yields=self.tally.yields + 1)
        return UNKNOWN

    def _inner(self, node: ast.Await | ast.Starred | ast.FormattedValue, scope: Scope) -> object:
        return self.evaluate(node.value, scope)

    def _parts(self, node: ast.JoinedStr, scope: Scope) -> object:
        for one in node.values:
            self.evaluate(one, scope)
        return UNKNOWN

    def _list(self, node: ast.Tuple | ast.List | ast.Set, scope: Scope) -> object:
        return many_of([one for inner in node.elts for one in self.expanded(inner, scope)])

    def expanded(self, node: ast.expr, scope: Scope) -> Iterator[object]:
        """An item of a list, or the items of `*items`."""
        value = self.evaluate(node, scope)
        if isinstance(node, ast.Starred) and isinstance(value, tuple):
            yield from value
        else:
            yield value

    def _dict(self, node: ast.Dict, scope: Scope) -> object:
        made: dict[object, object] = {}
        for key, inner in zip(node.keys, node.values, strict=True):
            name = self.evaluate(key, scope) if key is not None else UNKNOWN
            value = self.evaluate(inner, scope)
            if isinstance(name, str | int | float):
                made[name] = value
        return made

    def _comprehension(
        self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp, scope: Scope
    ) -> object:
        if not isinstance(node, ast.DictComp):
            return self._items(node.generators, node.elt, Scope(outer=scope))
        pair = ast.Tuple([node.key, node.value])
        found = self._items(node.generators, pair, Scope(outer=scope))
        if not isinstance(found, tuple):
            return found
        pairs = [one for one in found if isinstance(one, tuple) and len(one) == 2]
        return {key: value for key, value in pairs if isinstance(key, str | int | float)}

    def _items(self, loops: Sequence[ast.comprehension], element: ast.expr, scope: Scope) -> object:
        """The items, with the element looked at for each of a few and once for many."""
        first, *rest = loops
        items = self.evaluate(first.iter, scope)

        def once(value: object) -> object:
            self.bind(first.target, value, scope)
            return self._items(rest, element, scope) if rest else self.evaluate(element, scope)

        if isinstance(items, tuple) and len(items) <= FEW:
            found = [once(one) for one in items]
            if rest and all(isinstance(one, tuple) for one in found):
                found = [inner for one in found if isinstance(one, tuple) for inner in one]
            return many_of(found)
        before = self.tally
        once(UNKNOWN)
        known = isinstance(items, Many | tuple)
        self.guessed |= not known and self.tally.steps > before.steps
        count = length(items, self.facts).count
        self.tally = before.plus(self.tally, count if known else 1)
        return Many(count) if known else UNKNOWN

    def _item(self, of: object, index: ast.expr, scope: Scope) -> object:
        if isinstance(index, ast.Tuple) and index.elts:  # the first of several axes counts
            return self._item(of, index.elts[0], scope)
        if isinstance(index, ast.Slice):
            ends = (index.lower, index.upper)
            low, high = (None if end is None else self.evaluate(end, scope) for end in ends)
            return part(of, low, high, self.facts)
        found = item(of, self.evaluate(index, scope), self.facts)
        if isinstance(found, Many) and found is not of and 1 <= found.count <= MOST_BATCH:
            self.batch = found.count  # what is picked out by numbers is what the next step sees
        return found
