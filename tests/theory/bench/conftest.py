import pytest

from graders.theory.learning import forest


@pytest.fixture(autouse=True, scope="module")
def few_trees():
    """Forests of few trees, so that fitting takes no time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(forest, "TREES", 15)
        yield
