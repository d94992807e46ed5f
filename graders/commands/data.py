"""`grade data`: the data sets that courses use, and fetching what must be downloaded."""

from typing import Annotated

from cyclopts import App, Parameter
from rich.console import Console
from rich.table import Table

from graders import data
from graders.commands.options import Profiles
from graders.errors import UsageError

app = App(name="data", help="List data sets, and fetch what must be downloaded.")


@app.command(name="list")
def list_data() -> int:
    """List the data sets and where they are kept."""
    cache = data.cache_folder()
    table = Table(title=f"{cache}")
    for column in ("data set", "profile", "fingerprint"):
        table.add_column(column)
    for name, dataset in data.DATASETS.items():
        for profile in dataset.profiles:
            table.add_row(name, profile, data.fingerprint(name, profile)[:12])
    Console().print(table)
    return 0


@app.command
def fetch(
    name: Annotated[str, Parameter(help="The data set, as `grade data list` shows it.")],
    /,
    *,
    profile: Annotated[Profiles, Parameter(help="The profile to fetch.")] = "full",
) -> int:
    """Fetch a data set into the cache and verify it; a mirror in GRADE_MIRROR is tried first."""
    if name not in data.DATASETS:
        raise UsageError(f"unknown data set {name!r}; known: {', '.join(data.DATASETS)}")
    cache = data.cache_folder()
    data.fetch(name, profile, cache, progress=True)
    folder = data.public_folder(name, profile, cache)
    Console(stderr=True).print(str(folder), markup=False, highlight=False, soft_wrap=True)
    return 0
