"""What tests of the commands of theory share."""

from pathlib import Path

import pytest
from classmates import classmates, put


@pytest.fixture
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal whose tables do not break their words."""
    monkeypatch.setenv("COLUMNS", "160")


@pytest.fixture
def reports(course: Path) -> Path:
    """The reports of a class of six who answered question 2."""
    return put(course / "reports", *classmates("2", count=6))
