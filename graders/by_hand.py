"""Finds out whether what is to be written by hand is left to a library, from the source of a notebook.

The source is parsed and never run. Who hides a library behind `getattr` or `exec` is not found out: a flag
says nothing about what it does not find.
"""

import ast
import warnings
from collections.abc import Iterator, Mapping, Sequence

LIBRARIES = frozenset({"torch", "tensorflow", "keras", "jax", "autograd", "tinygrad", "mxnet"})
"""Packages that differentiate, or have the layers that are asked for."""
MOST_CHARACTERS = 100_000
"""Of a cell that is parsed: nobody writes so much by hand."""
SHELL = ("%%", "!")
"""How a cell begins that may be no Python. `%%time` is left out with it: rather nothing is found."""

Function = ast.FunctionDef | ast.ClassDef
Names = Mapping[str, Function | bool]
"""What names of the notebook stand for at its end: its own function, a library (true), or another thing."""


def library_of(cells: Sequence[str], name: str) -> str | None:
    """A library's part that a function uses, by itself or in functions of the notebook that it calls.

    Args:
        cells: source of the code cells; those that are no Python are left out.
        name: of the function; of several with one name the last counts, as in the notebook.

    >>> library_of(["import torch as t", "def f(x): return g(x)", "def g(x): return t.tanh(x)"], "f")
    't.tanh'
    >>> library_of(["import numpy as np", "def f(x): return np.tanh(x)"], "f") is None
    True
    """
    names = _names_of([node for cell in cells for node in _parsed(cell)])
    waiting, known = [name], {name}
    while waiting:
        function = names.get(waiting.pop())
        if not isinstance(function, Function):
            continue
        for used in _used(function, names):
            first = used.partition(".")[0]
            if not isinstance(names.get(first), Function):
                return used
            if first not in known:
                known.add(first)
                waiting.append(first)
    return None


def _parsed(cell: str) -> list[ast.stmt]:
    """Statements of a cell without lines for the shell and for IPython; none where it is no Python."""
    if len(cell) > MOST_CHARACTERS or cell.lstrip().startswith(SHELL):
        return []
    lines = ["" if line.lstrip().startswith(("%", "!")) else line for line in cell.splitlines()]
    try:
        with warnings.catch_warnings(action="ignore"):
            return ast.parse("\n".join(lines)).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []


def _names_of(statements: Sequence[ast.stmt]) -> Names:
    """The last meaning of each name that statements of the notebook bind, in their order."""
    names: dict[str, Function | bool] = {}
    for statement in statements:
        if isinstance(statement, Function):
            names[statement.name] = statement
        else:
            for node in ast.walk(statement):
                names |= _imported(node) or dict.fromkeys(_bound(node), False)
    return names


def _imported(node: ast.AST) -> dict[str, bool]:
    """Names that an import binds, and whether each is a library's."""
    if isinstance(node, ast.Import):
        return {
            alias.asname or alias.name.partition(".")[0]: alias.name.partition(".")[0] in LIBRARIES
            for alias in node.names
        }
    if isinstance(node, ast.ImportFrom):
        library = (node.module or "").partition(".")[0] in LIBRARIES
        return {alias.asname or alias.name: library for alias in node.names}
    return {}


def _bound(node: ast.AST) -> list[str]:
    """Names that a node binds otherwise."""
    if isinstance(node, ast.Name):
        return [node.id] if isinstance(node.ctx, ast.Store) else []
    if isinstance(node, ast.arg):
        return [node.arg]
    return [node.name] if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) else []


def _used(function: Function, names: Names) -> Iterator[str]:
    """Functions of the notebook, and libraries with what is taken of them, that a function uses."""
    inside = [node for statement in function.body for node in ast.walk(statement)]
    imported = {name: library for node in inside for name, library in _imported(node).items()}
    arguments = ast.walk(function.args) if isinstance(function, ast.FunctionDef) else ()
    own = {name for node in (*inside, *arguments) for name in _bound(node)} | imported.keys()
    for used in _mentioned(function.body):
        first = used.partition(".")[0]
        meaning = imported.get(first, False) if first in own else names.get(first, False)
        if meaning is not False:
            yield used


def _mentioned(body: Sequence[ast.AST]) -> Iterator[str]:
    """Names that are read, with attributes: `torch.autograd.grad`; not in annotations or `isinstance`."""
    waiting: list[ast.AST] = list(body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Attribute):
            chain: ast.expr = node
            parts: list[str] = []
            while isinstance(chain, ast.Attribute):
                parts.append(chain.attr)
                chain = chain.value
            if isinstance(chain, ast.Name):
                yield ".".join([chain.id, *reversed(parts)])
            else:
                waiting.append(chain)
        elif isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "isinstance":
            waiting.extend(node.args[:1])
        elif isinstance(node, ast.arg):
            continue
        elif isinstance(node, ast.AnnAssign):
            waiting.extend([node.value] if node.value is not None else [])
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            waiting.extend([*node.body, *node.decorator_list, node.args])
        else:
            waiting.extend(ast.iter_child_nodes(node))
