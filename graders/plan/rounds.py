"""Rounds of loops: the body is followed once and multiplied. What nobody can know of them is a guess."""

import ast
from collections.abc import Iterator, Sequence

from graders.plan.calls import Calls
from graders.plan.library import USUAL_BATCH, USUAL_EPOCHS, length
from graders.plan.tally import FEW, Tally
from graders.plan.values import LARGEST, UNKNOWN, Many, Scope, many_of, number_of

LOOPS = (ast.For, ast.AsyncFor, ast.While)
BLOCKS = (ast.stmt, ast.ExceptHandler, ast.match_case)
"""Parts of statements that hold statements."""


class Rounds(Calls):
    """Follows loops."""

    def _loop(self, node: ast.For | ast.AsyncFor, items: object, scope: Scope) -> None:
        before, batch = self.tally, self.batch
        stops = self._stops(node, scope)
        items = many_of(list(items)) if isinstance(items, dict) else items
        if isinstance(items, tuple) and len(items) <= FEW:
            for item in items[: int(min([len(items), *stops]))]:
                self.bind(node.target, item, scope)
                self.run(node.body, scope)
        else:
            if isinstance(items, Many) and items.each:
                self.batch = items.each
            self.bind(node.target, UNKNOWN, scope)
            self.run(node.body, scope)
            self.batch = batch
            known = isinstance(items, Many | tuple)
            rounds = length(items, self.facts).count if known else self._guess(before)
            self.tally = before.plus(self.tally, int(min([rounds, LARGEST, *stops])))
        self._notice_breaks(node, before, len(stops))

    def _stops(self, node: ast.For | ast.AsyncFor, scope: Scope) -> list[float]:
        """Rounds after which a loop says `if step == 200: break`."""
        target = list(ast.walk(node.target))
        self.spend(len(target))
        named = {one.id for one in target if isinstance(one, ast.Name)}
        found = []
        for statement in node.body:
            match statement:
                case ast.If(
                    test=ast.Compare(
                        left=ast.Name(id=name), ops=[ast.Eq() | ast.GtE() | ast.Gt()], comparators=[end]
                    ),
                    body=[*_, ast.Break()],
                ) if name in named:
                    found.append(number_of(self.evaluate(end, scope)))
        return [most + 1 for most in found if most is not None]

    def _while(self, node: ast.While, scope: Scope) -> None:
        """`while step < 1000` has as many rounds; of another loop with training nobody knows."""
        before = self.tally
        counted, deep = self._counted(node, scope)
        self.run(node.body, scope)
        once = self.tally.steps - before.steps
        if counted is not None:
            rounds = counted / max(1.0, once) if deep else counted
        elif (
            once
            and isinstance(node.test, ast.Constant)
            and not any(
                isinstance(one, ast.Break | ast.Return | ast.Raise)
                for one in self._inside(node.body, deep=True)
            )
        ):
            rounds = LARGEST
        else:
            rounds = self._guess(before) if once else 0.0
        self.tally = before.plus(self.tally, rounds)
        self._notice_breaks(node, before, 0)

    def _counted(self, node: ast.While, scope: Scope) -> tuple[float | None, bool]:
        """How often a loop counts `step += 1` until it ends, and whether it does so in inner loops alone."""
        match node.test:
            case ast.Compare(left=ast.Name(id=name) as left, ops=[ast.Lt() | ast.LtE()], comparators=[end]):
                start, stop = (number_of(self.evaluate(one, scope)) for one in (left, end))
                for deep in (False, True):
                    for one in self._inside(node.body, deep=deep):
                        match one:
                            case (
                                ast.AugAssign(target=ast.Name(id=other), op=ast.Add(), value=step)
                                | ast.Assign(
                                    targets=[ast.Name(id=other)],
                                    value=ast.BinOp(left=ast.Name(), op=ast.Add(), right=step),
                                )
                            ) if other == name:
                                by = number_of(self.evaluate(step, scope))
                                if by and start is not None and stop is not None:
                                    return max(0.0, stop - start) / by, deep
        return None, False

    def _guess(self, before: Tally) -> float:
        """Rounds of a loop of which nothing is known: epochs where a round has many steps, else batches."""
        once = self.tally.steps - before.steps
        self.guessed |= once > 0
        return USUAL_EPOCHS if once > 1 else self.facts.examples / USUAL_BATCH

    def _notice_breaks(self, node: ast.For | ast.AsyncFor | ast.While, before: Tally, known: int) -> None:
        """A loop with training may end early, such as by early stopping."""
        if self.tally.steps > before.steps:
            breaks = sum(isinstance(one, ast.Break) for one in self._inside(node.body, deep=False))
            self.early |= breaks > known

    def _inside(self, body: Sequence[ast.stmt], *, deep: bool) -> Iterator[ast.AST]:
        """The statements of a loop; those of loops within it where they are asked for."""
        closed = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
        waiting: list[ast.AST] = list(body)
        while waiting:
            self.spend()
            node = waiting.pop()
            yield node
            if not isinstance(node, closed) and (deep or not isinstance(node, LOOPS)):
                waiting.extend(one for one in ast.iter_child_nodes(node) if isinstance(one, BLOCKS))
