"""The table of sizes says what the data sets have."""

import pytest

from graders import data
from graders.plan.sizes import EXAMPLES, examples


@pytest.mark.parametrize("name", ["clothes", "houses", "cells", "reviews"])
def test_validation_has_as_many_examples_as_the_table_says(name: str) -> None:
    shown = data.validation(name, "mini", data.cache_folder())
    (inputs, *_) = shown.inputs.values() if isinstance(shown.inputs, dict) else (shown.inputs,)
    assert len(inputs) == examples(name, "mini")[1]


def test_every_name_is_a_data_set() -> None:
    assert EXAMPLES.keys() <= data.DATASETS.keys()
