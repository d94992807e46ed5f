"""Reads one notebook as data: what is wrong with it is a message to the student."""

import json
import warnings
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from graders.model import Limits, Message, say

MIB = 2**20


class UnreadableError(Exception):
    """A notebook that cannot be read; `message` says why, in the student's words."""

    def __init__(self, message: Message) -> None:
        self.message = message
        super().__init__(message.code)


def read_capped(path: Path, limits: Limits) -> bytes:
    size = path.stat().st_size
    if size > limits.notebook_mib * MIB:
        raise UnreadableError(
            say("notebook.too_large", size=round(size / MIB, 1), limit=limits.notebook_mib)
        )
    return path.read_bytes()


def parse(data: bytes, notes: list[Message]) -> NotebookNode:
    """The notebook as nbformat 4, with the outputs that were saved.

    Raises:
        UnreadableError: it cannot be read.
    """
    raw = _load(data)
    if (
        not isinstance(raw, dict)
        or not isinstance(raw.get("nbformat"), int)
        or not ({"cells", "worksheets"} & set(raw))
    ):
        raise UnreadableError(say("notebook.not_notebook"))
    version = raw["nbformat"]
    if version not in (3, 4):
        raise UnreadableError(say("notebook.version", found=version))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # missing cell ids and the like do not concern a student
            # half a surrogate pair is JSON and no text; it could be neither sent to a kernel nor written
            whole = json.dumps(raw, ensure_ascii=False).encode("utf-8", "replace").decode()
            node = nbformat.convert(nbformat.reader.reads(whole), 4)
            notebook: NotebookNode = nbformat.v4.new_notebook(
                cells=[_cell(cell, number) for number, cell in enumerate(node.cells, start=1)],
                metadata=node.metadata if isinstance(node.get("metadata"), dict) else {},
            )
    except UnreadableError:
        raise
    except Exception:  # nbformat has no one error for the many ways in which a file can be no notebook
        raise UnreadableError(say("notebook.not_notebook")) from None
    if version == 3:
        notes.append(say("notebook.upgraded"))
    return notebook


def _load(data: bytes) -> Any:
    if not data.strip():
        raise UnreadableError(say("notebook.empty"))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableError(say("notebook.encoding")) from None
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated"):
            raise UnreadableError(say("notebook.truncated", line=error.lineno)) from None
        raise UnreadableError(say("notebook.not_json", line=error.lineno, column=error.colno)) from None
    except (ValueError, RecursionError):  # a number of a million digits, lists in lists in lists
        raise UnreadableError(say("notebook.not_notebook")) from None


def _cell(cell: Any, number: int) -> NotebookNode:
    kind, source = cell.get("cell_type"), cell.get("source")
    if kind not in ("code", "markdown", "raw", "heading") or not isinstance(source, str):
        raise UnreadableError(say("notebook.cell", cell=number))
    made: NotebookNode
    if kind != "code":
        made = nbformat.v4.new_raw_cell(source) if kind == "raw" else nbformat.v4.new_markdown_cell(source)
        return made
    outputs = cell.get("outputs")
    kept = [_output(output) for output in outputs] if isinstance(outputs, list) else []
    made = nbformat.v4.new_code_cell(source, outputs=[output for output in kept if output is not None])
    return made


def _output(output: Any) -> NotebookNode | None:
    """A saved output in the shape that nbformat promises, or None where it has none."""
    made: NotebookNode | None = None
    match output.get("output_type") if isinstance(output, dict) else None:
        case "stream" if isinstance(output.get("text"), str):
            made = nbformat.v4.new_output("stream", name=str(output.get("name")), text=output["text"])
        case "display_data" | "execute_result" as kind if isinstance(output.get("data"), dict):
            data = {key: value for key, value in output["data"].items() if isinstance(value, str)}
            made = nbformat.v4.new_output(kind, data=data)
        case "error":
            lines = output.get("traceback")
            trace = [str(line) for line in lines] if isinstance(lines, list) else []
            name, value = str(output.get("ename")), str(output.get("evalue"))
            made = nbformat.v4.new_output("error", ename=name, evalue=value, traceback=trace)
    return made


def language_of(notebook: NotebookNode) -> str | None:
    """The language that the notebook asks for, where it is not Python."""
    for key, name in (("kernelspec", "language"), ("language_info", "name")):
        section = notebook.metadata.get(key)
        language = section.get(name) if isinstance(section, dict) else None
        if isinstance(language, str) and language and "python" not in language.lower():
            return language[:40]
    return None
