"""The part of a notebook that `train` and `predict` need: imports, functions, constants, and nothing else.

The code is parsed and never run here. A statement belongs to the part if it binds a name that the part uses,
or if it only calls something of an imported module, as `torch.manual_seed(0)` does. Magics are left out.
Not covered: names made by `exec`, `globals()` or `from x import *` (such imports are all kept), and modules
that a cell writes with `%%writefile`.
"""

import ast
import builtins
import re
import symtable
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

WANTED = ("train", "predict")
LOADING = "load_all"
_COLLECTIONS = "datasets"
"""What packages call the module with the data sets that they bring along."""
LONGEST = 400_000
"""Characters of one cell that are parsed."""
_MAGIC = re.compile(r"^[ \t]*(?:[%!?].*|\w[\w.]*\?{1,2}[ \t]*)$", re.MULTILINE)
_CELL_MAGIC = re.compile(r"\A\s*%%(?:time|timeit|capture|prun)\b.*\n")


@dataclass(frozen=True, slots=True)
class Part:
    """What `train` and `predict` need."""

    cells: tuple[str, ...]
    missing: tuple[str, ...]
    """Names of `WANTED` that the notebook binds nowhere."""
    constants: int
    """Characters of text and numbers in it: data may have been written into the code."""
    sources: tuple[str, ...]
    """Names in it by which the hidden examples may be had: `load_all`, and modules called `datasets`."""


@dataclass(frozen=True, slots=True)
class _Statement:
    node: ast.stmt
    text: str
    binds: frozenset[str]
    uses: frozenset[str]


def training_part(cells: Sequence[str]) -> Part:
    """The part of a notebook's code cells that trains and predicts; cells that are no Python are left out."""
    statements = [one for source in cells for one in _statements(source)]
    modules = {
        name for one in statements if isinstance(one.node, ast.Import | ast.ImportFrom) for name in one.binds
    }
    kept = {at for at, one in enumerate(statements) if _is_setting(one, modules)}
    wanted = [*WANTED, *(name for at in kept for name in statements[at].uses)]
    seen: set[str] = set()
    while wanted:
        name = wanted.pop()
        if name in seen:
            continue
        seen.add(name)
        for at, one in enumerate(statements):
            if name in one.binds and at not in kept:
                kept.add(at)
                wanted.extend(one.uses)
    chosen = [statements[at] for at in sorted(kept)]
    called = {LOADING} & seen
    bound = {name for one in chosen for name in one.binds}
    return Part(
        # each by itself, so that one that fails for want of a file takes no other with it
        tuple(one.text for one in chosen),
        tuple(name for name in WANTED if name not in bound),
        sum(_constants(one.node) for one in chosen),
        tuple(sorted({name for one in chosen for name in _collections(one.node, seen, modules)} | called)),
    )


def _statements(source: str) -> Iterator[_Statement]:
    source = _CELL_MAGIC.sub("", source[:LONGEST])
    try:
        tree = ast.parse(_MAGIC.sub("pass", source))
        for node in tree.body:
            text = ast.unparse(node)
            uses = frozenset(_uses(symtable.symtable(text, "cell", "exec")))
            yield _Statement(node, text, frozenset(_binds(node)), uses)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return


def _binds(node: ast.stmt) -> Iterator[str]:
    """Names that a top-level statement binds or changes."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name
        return
    for part in ast.walk(node):
        if isinstance(part, ast.alias):
            yield (part.asname or part.name).partition(".")[0]
        elif isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
            yield part.id
        elif isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield part.name
        elif isinstance(part, ast.Attribute | ast.Subscript) and isinstance(part.ctx, ast.Store):
            yield from _root(part)


def _root(node: ast.expr) -> Iterator[str]:
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    if isinstance(node, ast.Name):
        yield node.id


def _uses(table: symtable.SymbolTable) -> Iterator[str]:
    """Names of the notebook that a statement looks up, those of its functions' own left out."""
    outside = table.get_type() == "module"
    for symbol in table.get_symbols():
        if symbol.is_referenced() and (outside or symbol.is_global()):
            yield symbol.get_name()
    for inner in table.get_children():
        yield from _uses(inner)


def _is_setting(one: _Statement, modules: set[str]) -> bool:
    """Whether a statement only calls something of imported modules: a seed, a path, a style."""
    if isinstance(one.node, ast.ImportFrom):
        return any(alias.name == "*" for alias in one.node.names)
    call = isinstance(one.node, ast.Expr) and isinstance(one.node.value, ast.Call)
    return (
        call
        and bool(one.uses & modules)
        and all(name in modules or hasattr(builtins, name) for name in one.uses)
    )


def _collections(node: ast.stmt, used: set[str], modules: set[str]) -> Iterator[str]:
    """Modules of data sets that a statement uses or imports for use, such as `sklearn.datasets`."""
    for part in ast.walk(node):
        names: list[str] = []
        if isinstance(part, ast.ImportFrom):
            names = [f"{part.module}.{one.name}" for one in part.names if (one.asname or one.name) in used]
        elif isinstance(part, ast.Import):
            names = [one.name for one in part.names]
        elif isinstance(part, ast.Attribute) and modules & set(_root(part)):
            names = [ast.unparse(part)]
        for name in names:
            before, found, _ = f"{name}.".partition(f".{_COLLECTIONS}.")
            if found:
                yield f"{before}.{_COLLECTIONS}"


def _constants(node: ast.stmt) -> int:
    """Characters of a statement's constants, docstrings included."""
    values = (part.value for part in ast.walk(node) if isinstance(part, ast.Constant))
    return sum(len(value) if isinstance(value, str | bytes) else 8 for value in values)
