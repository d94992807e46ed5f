"""The documentation says what is there: commands, options, links, paths, keys, layers."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from cyclopts import App

from graders.cli import app
from graders.model import AssignmentFile, JudgeConfig, KeyPoint, Limits, MarkStatus, Question, RunStatus, Task

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CLI = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
AUTHORING = (ROOT / "docs" / "authoring.md").read_text(encoding="utf-8")
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\((?!https?:|mailto:)([^)\s]+)\)")


def pages() -> list[Path]:
    """All Markdown of the project, students' work apart."""
    found = [
        *ROOT.glob("*.md"),
        *(page for top in ("docs", "benchmarks") for page in (ROOT / top).rglob("*.md")),
    ]
    found = [page for page in found if ".venv" not in page.parts]
    return sorted([*found, *(ROOT / "assignments").rglob("*.md"), *(ROOT / "reports").glob("README.md")])


def commands(parent: App, words: str = "grade") -> Iterator[tuple[str, App]]:
    """Every command with the words that call it."""
    yield words, parent
    for name in parent:
        if not name.startswith("-"):
            yield from commands(parent[name], f"{words} {name}")


@pytest.fixture(scope="module")
def known() -> dict[str, App]:
    """Every command by the words that call it."""
    return dict(commands(app))


def section(words: str) -> str:
    """What docs/cli.md says of a command; a command of a command stands in its parent's section."""
    parts = re.split(r"^## ", CLI, flags=re.MULTILINE)
    title = next((words for part in parts if part.startswith(f"`{words}")), " ".join(words.split()[:2]))
    wanted = "`grade PATH" if title == "grade" else f"`{title}"
    return next((part for part in parts if part.startswith(wanted)), "")


def options(command: App) -> Iterator[tuple[str, str]]:
    """Options with their help; arguments that are given by position have none."""
    if command.default_command is None:
        return
    for argument in command.assemble_argument_collection():
        if argument.field_info.kind is argument.field_info.KEYWORD_ONLY:
            yield argument.name, argument.parameter.help or ""


def test_every_command_is_documented(known: dict[str, App]) -> None:
    missing = [words for words in known if words not in section(words)]
    assert not missing


def test_every_command_has_help(known: dict[str, App]) -> None:
    silent = [words for words, command in known.items() if not command.help.strip()]
    assert not silent


def test_every_option_is_documented(known: dict[str, App]) -> None:
    missing = [
        f"{words} {name}"
        for words, command in known.items()
        for name, _ in options(command)
        if not re.search(rf"`{name}[ `]", section(words))
    ]
    assert not missing


def test_every_option_has_help(known: dict[str, App]) -> None:
    silent = [
        f"{words} {name}" for words, command in known.items() for name, text in options(command) if not text
    ]
    assert not silent


def test_documented_options_exist(known: dict[str, App]) -> None:
    names = {name for command in known.values() for name, _ in options(command)} | {"--help", "--version"}
    assert set(re.findall(r"`(--[a-z-]+)", CLI)) <= names


def test_documented_commands_exist(known: dict[str, App]) -> None:
    headings = re.findall(r"^#+ `(grade(?: [a-z]+)*)", CLI, flags=re.MULTILINE)
    table = re.findall(r"^\| `(grade(?: [a-z]+)*)", README, flags=re.MULTILINE)
    assert set(headings) | set(table) <= set(known)


def test_limits_are_documented() -> None:
    documented = re.findall(r"^\| `(\w+)`", CLI.split("## Limits")[1].split("\n## ")[0], flags=re.MULTILINE)
    assert documented == list(Limits.model_fields)


def test_statuses_are_explained() -> None:
    wanted = {*get_args(MarkStatus), *get_args(RunStatus)}
    assert {status for status in wanted if f"`{status}`" not in ARCHITECTURE} == set()


def test_layers_are_those_that_are_enforced() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = project["tool"]["importlinter"]["contracts"][0]["layers"]
    assert "\n".join(layers) in ARCHITECTURE


@pytest.mark.parametrize(
    "model",
    [AssignmentFile, *get_args(get_args(Task)[0]), Question, KeyPoint],
    ids=lambda model: model.__name__,
)
def test_keys_that_authors_write_are_explained(model: type[AssignmentFile]) -> None:
    unexplained = [
        key for key in model.model_fields if not re.search(rf"`\[*(?:questions\.)?{key}\b", AUTHORING)
    ]
    assert not unexplained


def test_keys_of_a_judge_are_explained() -> None:
    page = (ROOT / "docs" / "judges.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```toml\n\[judge\]\n(.*?)```", page, flags=re.DOTALL)
    assert set(tomllib.loads(block)) == set(JudgeConfig.model_fields)


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_relative_links_lead_somewhere(page: Path) -> None:
    broken = [link for link in links(page) if not leads_somewhere(page, link)]
    assert not broken


def links(page: Path) -> list[str]:
    return LINK.findall(FENCED.sub("", page.read_text(encoding="utf-8")))


def leads_somewhere(page: Path, link: str) -> bool:
    name, _, anchor = link.partition("#")
    target = page.parent / name if name else page
    if not target.exists():
        return False
    return not anchor or anchor in anchors(target.read_text(encoding="utf-8"))


def anchors(text: str) -> set[str]:
    """Names that GitHub gives to headings."""
    titles = re.findall(r"^#+ (.+)$", FENCED.sub("", text), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def test_a_broken_link_is_noticed(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# A title\n[gone](gone.md) [here](#a-title) [nowhere](#another)\n```\n[no](link)\n```\n")
    assert [link for link in links(page) if not leads_somewhere(page, link)] == ["gone.md", "#another"]


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_make_targets_exist(name: str) -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    named = re.findall(r"\bmake ([a-z]+)(?=`|\s+#)", (ROOT / name).read_text(encoding="utf-8"))
    assert named
    assert set(named) <= set(targets)


def test_paths_in_the_readme_exist() -> None:
    listing = "\n".join(FENCED.findall(README))
    words = [
        *re.findall(r"`([^`\s]*[/.][^`\s]*)`", FENCED.sub("", README)),
        *re.findall(r"^([\w./]+[/.]\w*) ", listing, flags=re.MULTILINE),
    ]
    gone = [word for word in words if not (ROOT / word).exists() and not made_by_running(word)]
    assert words
    assert not gone


def made_by_running(path: str) -> bool:
    """Whether a path has a placeholder or is what a command makes or a student hands in."""
    return "<" in path or path in (".venv", "l04_cnn.ipynb") or path.startswith("reports/")
