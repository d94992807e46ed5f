"""Arguments of other people's commands, as far as they matter here."""

from collections.abc import Collection
from typing import NamedTuple


class Arguments(NamedTuple):
    """What a command was given."""

    options: dict[str, str]
    """By name with its dashes; empty text for one without a value, the last where one is repeated."""
    words: list[str]
    """Everything else, in order."""

    def any_of(self, *names: str) -> str | None:
        """The value of the first of these options that was given."""
        return next((self.options[name] for name in names if name in self.options), None)


def read(given: list[str], valued: Collection[str]) -> Arguments:
    """Sort arguments; `valued` are the options that take a value, such as `-O` or `--output`.

    >>> read(["-qO", "a.csv", "--tries=3", "http://b"], {"-O"})
    Arguments(options={'-q': '', '-O': 'a.csv', '--tries': '3'}, words=['http://b'])
    """
    options: dict[str, str] = {}
    words: list[str] = []
    left = list(given)
    while left:
        word = left.pop(0)
        if word == "--":
            return Arguments(options, words + left)
        if word.startswith("--"):
            name, equals, value = word.partition("=")
            options[name] = value if equals or name not in valued or not left else left.pop(0)
        elif word.startswith("-") and len(word) > 1:
            for place, letter in enumerate(word[1:], start=2):
                name = f"-{letter}"
                if name in valued:
                    options[name] = word[place:] or (left.pop(0) if left else "")
                    break
                options[name] = ""
        else:
            words.append(word)
    return Arguments(options, words)
