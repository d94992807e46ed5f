"""Takes what the kernel sends for what it is: bytes from a stranger.

A student's code can patch the kernel or write to its sockets, so a message may have any shape. `accept`
builds a new message from the few fields that are used and drops the rest; nothing of it is ever scored.
"""

import re
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

_TERMINAL = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b[@-_]|[\x00-\x08\x0b-\x1f\x7f]")
MOST_NAME = 200
MOST_MESSAGE = 2000
MOST_TRACEBACK = 8000
"""Characters kept of an exception's class, text and traceback."""


def plain(text: str) -> str:
    r"""`text` without terminal colours and control characters.

    >>> plain("\x1b[31mred\x1b[0m")
    'red'
    """
    return _TERMINAL.sub("", text)


def accept(raw: Any) -> dict[str, Any] | None:
    """The message in the shape that nbclient expects, or None where it has none that can be used."""
    if not isinstance(raw, dict):
        return None
    kind, content = raw.get("msg_type"), raw.get("content")
    parent = raw.get("parent_header")
    if not isinstance(kind, str) or not isinstance(content, dict) or not isinstance(parent, dict):
        return None
    cleaned = _content(kind, content)
    if cleaned is None:
        return None
    parent_id = parent.get("msg_id")
    return {
        "msg_type": kind,
        "header": {"msg_type": kind},
        "parent_header": {"msg_id": parent_id if isinstance(parent_id, str) else ""},
        "metadata": {},
        "content": cleaned,
        "buffers": [],
    }


def _content(kind: str, content: dict[str, Any]) -> dict[str, Any] | None:
    cleaned: dict[str, Any]
    match kind:
        case "stream":
            name = "stderr" if content.get("name") == "stderr" else "stdout"
            cleaned = {"name": name, "text": _text(content.get("text"))}
        case "display_data" | "execute_result" | "update_display_data":
            data = content.get("data")
            cleaned = {
                "data": _strings(data),
                "metadata": {},
                "transient": _display(content.get("transient")),
            }
            if kind == "execute_result":
                cleaned["execution_count"] = None
        case "error":
            cleaned = _exception(content)
        case "status":
            cleaned = {"execution_state": _text(content.get("execution_state"))}
        case "clear_output":
            cleaned = {"wait": content.get("wait") is True}
        case "execute_reply":
            cleaned = {"status": "error" if content.get("status") != "ok" else "ok", **_exception(content)}
        case "kernel_info_reply":
            cleaned = {"status": "ok", "protocol_version": "5.3"}
        case _:  # comms, widgets, what a later protocol adds
            return None
    return cleaned


def _exception(content: dict[str, Any]) -> dict[str, Any]:
    lines = content.get("traceback")
    text = "\n".join(line for line in lines if isinstance(line, str)) if isinstance(lines, list) else ""
    return {
        "ename": plain(_text(content.get("ename")))[:MOST_NAME],
        "evalue": plain(_text(content.get("evalue")))[:MOST_MESSAGE],
        "traceback": [plain(text)[-MOST_TRACEBACK:]],
    }


def _display(transient: Any) -> dict[str, str]:
    shown = transient.get("display_id") if isinstance(transient, dict) else None
    return {"display_id": shown} if isinstance(shown, str) else {}


def _strings(data: Any) -> dict[str, str]:
    return (
        {key: value for key, value in data.items() if isinstance(value, str)}
        if isinstance(data, dict)
        else {}
    )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def without_outputs(notebook: NotebookNode) -> NotebookNode:
    """A fresh notebook with the same cells in the same places, and nothing else of the old one."""
    cells = []
    for cell in notebook.cells:
        source = cell.source if isinstance(cell.source, str) else ""
        cells.append(new_code_cell(source) if cell.cell_type == "code" else new_markdown_cell(source))
    made: NotebookNode = new_notebook(cells=cells)
    return made
