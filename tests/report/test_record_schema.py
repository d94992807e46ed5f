import json
from pathlib import Path

import builders
import pytest
from jsonschema import Draft202012Validator, ValidationError

from graders.model import Record
from graders.report.schema import record_schema, schema_text

PUBLISHED = Path(__file__).parents[2] / "docs" / "record.schema.json"


def test_the_published_schema_is_that_of_the_types() -> None:
    assert PUBLISHED.read_text(encoding="utf-8") == schema_text(), (
        "the record changed; run: python -m graders.report.schema > docs/record.schema.json"
    )


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(record_schema())


@pytest.mark.parametrize(
    "record",
    [
        builders.record(),
        builders.broken_record(),
        builders.reviewed_record(),
        builders.ungradable_record(),
        builders.hostile_record(),
    ],
    ids=lambda record: record.status,
)
def test_a_written_record_is_valid_and_reads_back(record: Record) -> None:
    written = record.model_dump_json()
    Draft202012Validator(record_schema()).validate(json.loads(written))
    assert Record.model_validate_json(written) == record


def test_a_record_of_a_later_version_with_more_fields_is_valid() -> None:
    written = {**json.loads(builders.record().model_dump_json()), "later": 1}
    Draft202012Validator(record_schema()).validate(written)


@pytest.mark.parametrize(
    "change", [{"schema": 2}, {"status": "fine"}, {"earned": "8.5"}, {"marks": [{}]}, {"run": None}]
)
def test_a_wrong_record_is_not_valid(change: dict[str, object]) -> None:
    written = {**json.loads(builders.record().model_dump_json()), **change}
    with pytest.raises(ValidationError):
        Draft202012Validator(record_schema()).validate(written)
