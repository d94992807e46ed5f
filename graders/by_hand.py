"""Finds out whether what is to be written by hand is left to a library, from the source of a notebook.

The source is parsed and never run. Who hides a library behind `getattr` or `exec` is not found out: a flag
says nothing about what it does not find.
"""

import ast
from collections.abc import Iterator, Sequence

LIBRARIES = frozenset({"torch", "tensorflow", "keras", "jax", "autograd", "tinygrad", "mxnet"})
"""Packages that differentiate, or have the layers that are asked for."""
MOST_CHARACTERS = 100_000
"""Of a cell that is parsed: nobody writes so much by hand."""


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
    trees = [tree for cell in cells if (tree := _parsed(cell)) is not None]
    imported = {alias for tree in trees for node in ast.walk(tree) for alias in _imported(node)}
    outermost = [node for tree in trees for node in tree.body]  # a method may have the function's name
    functions = {node.name: node for node in outermost if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    waiting, known = [name], {name}
    while waiting:
        function = functions.get(waiting.pop())
        for used in _names(function) if function is not None else ():
            first = used.partition(".")[0]
            if first in imported:
                return used
            if first not in known:
                known.add(first)
                waiting.append(first)
    return None


def _parsed(cell: str) -> ast.Module | None:
    """The tree of a cell without lines for the shell and for IPython; None where it is no Python."""
    lines = ["" if line.lstrip().startswith(("%", "!")) else line for line in cell.splitlines()]
    try:
        return ast.parse("\n".join(lines)) if len(cell) <= MOST_CHARACTERS else None
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _imported(node: ast.AST) -> Iterator[str]:
    """Names that stand for libraries from this import on."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            if alias.name.partition(".")[0] in LIBRARIES:
                yield alias.asname or alias.name.partition(".")[0]
    elif isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in LIBRARIES:
        yield from (alias.asname or alias.name for alias in node.names)


def _names(function: ast.FunctionDef | ast.ClassDef) -> Iterator[str]:
    """Names in the body, with what is taken of them: `torch.autograd.grad`; annotations do not count."""
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Attribute):
            parts = [node.attr]
            below = node.value
            while isinstance(below, ast.Attribute):
                parts.append(below.attr)
                below = below.value
            if isinstance(below, ast.Name):
                yield ".".join([below.id, *reversed(parts)])
            else:
                waiting.append(below)
        elif isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.arguments):
            waiting.extend([*node.defaults, *(default for default in node.kw_defaults if default)])
        elif isinstance(node, ast.AnnAssign):
            waiting.extend([node.value] if node.value is not None else [])
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            waiting.extend([*node.body, *node.decorator_list, node.args])
        else:
            waiting.extend(ast.iter_child_nodes(node))
