"""The record's JSON Schema, for those who read records with other tools.

python -m graders.report.schema > docs/record.schema.json
"""

import json
from typing import Any

from graders.model import Record


def record_schema() -> dict[str, Any]:
    """JSON Schema 2020-12 of a record as it is written today.

    The toolkit refuses unknown keys in what it reads. The published schema does not, since a later version
    may add fields to a record without a new `schema` number.
    """
    schema = Record.model_json_schema(by_alias=True, mode="serialization")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **_open(schema),
        "title": "The record of one graded submission",
    }


def schema_text() -> str:
    """The text of `docs/record.schema.json`."""
    return json.dumps(record_schema(), ensure_ascii=False, indent=2) + "\n"


def _open(part: Any) -> Any:
    """`part` of a schema without the rule that forbids further keys."""
    if isinstance(part, dict):
        return {
            key: _open(value)
            for key, value in part.items()
            if (key, value) != ("additionalProperties", False)
        }
    return [_open(value) for value in part] if isinstance(part, list) else part


if __name__ == "__main__":
    print(schema_text(), end="")
