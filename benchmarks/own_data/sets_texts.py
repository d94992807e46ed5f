"""Honest sets of texts, real ones and ones from templates."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
from drawn import SETS

from graders.own.examples import Examples

Random = np.random.RandomState
Set = Callable[[Path, int], Examples]


def plain(texts: list[str]) -> Examples:
    """Texts to be gone on with."""
    return Examples("text", tuple(texts), None, np.arange(len(texts)))


def labelled(texts: list[str], labels: list[str]) -> Examples:
    """Texts with a class each."""
    names, ids = np.unique(labels, return_inverse=True)
    return Examples("classification", tuple(texts), ids.astype(np.int64), np.arange(len(texts)), tuple(names))


def verses(mirror: Path, count: int) -> Examples:
    """Stanzas of Onegin."""
    return plain([part for part in _onegin(mirror).split("\n\n") if len(part.split()) > 20][:count])


def lines(mirror: Path, count: int) -> Examples:
    """Lines of Onegin."""
    return plain([line for line in _onegin(mirror).splitlines() if len(line.split()) > 2][:count])


def parts(mirror: Path, count: int) -> Examples:
    """Onegin cut into parts of 200 letters."""
    text = _onegin(mirror)
    return plain([text[at : at + 200] for at in range(0, len(text) - 200, 200)][:count])


def _onegin(mirror: Path) -> str:
    return (mirror / "onegin.txt").read_text(encoding="utf-8").replace("\r", "")


def answers(name: str) -> Set:
    """Students' real answers to some questions, and whether they are right: many say nearly the same."""

    def load(mirror: Path, count: int) -> Examples:
        rows = [json.loads(line) for line in (mirror / "answers" / name).open(encoding="utf-8")]
        chosen = [rows[row] for row in Random(0).permutation(len(rows))[:count]]
        right = [("no", "yes")[one["score"] >= 0.5 * one["max"]] for one in chosen]
        return labelled([one["answer"] for one in chosen], right)

    return load


def template(name: str, each: int) -> Set:
    """Texts of `drawn.py`, each by itself."""

    def load(mirror: Path, count: int) -> Examples:
        found = SETS[name](Random(14), "honest", -(-count // each)).take(np.arange(count))
        return Examples(found.kind, found.inputs, found.targets, np.arange(count), found.classes)

    return load


def messages(mirror: Path, count: int) -> Examples:
    """Short messages: advertisements from a few forms of words, and what friends write."""
    random = Random(15)
    texts, labels = [], []
    for _ in range(count):
        advert = random.rand() < 0.3
        labels.append(("friend", "advert")[advert])
        if advert:
            texts.append(
                f"Congratulations! You have won {random.randint(1, 90) * 100} pounds in our draw. "
                f"Call 0{random.randint(10**9, 2 * 10**9)} now to claim, offer ends {random.choice(DAYS)}."
            )
        else:
            who, where, when = random.choice(NAMES), random.choice(PLACES), random.choice(DAYS)
            texts.append(
                random.choice(
                    [
                        f"ok see you {when}",
                        f"are you at the {where}?",
                        f"sorry, running late, will be at the {where} in {random.randint(2, 40)} min",
                        f"{who} says hi! coming to the {where} on {when}?",
                        "lol yes",
                        f"can you call {who}, please",
                    ]
                )
            )
    return labelled(texts, labels)


def reviews(mirror: Path, count: int) -> Examples:
    """Reviews of films, put together from phrases as people use them."""
    random = Random(16)
    texts, labels = [], []
    for _ in range(count):
        good = int(random.rand() < 0.5)
        said = [random.choice(PRAISE if random.rand() < (0.85, 0.15)[1 - good] else BLAME) for _ in range(4)]
        texts.append(f"I saw it with {random.choice(NAMES)} on {random.choice(DAYS)}. " + " ".join(said))
        labels.append(("bad", "good")[good])
    return labelled(texts, labels)


def forms(mirror: Path, count: int) -> Examples:
    """One long form of words in which few words differ, as in weather reports."""
    random = Random(17)
    return plain(
        [
            f"Weather for {random.choice(PLACES)} on {random.choice(DAYS)}: in the morning "
            f"{random.choice(SKIES)} with a wind of {random.randint(1, 20)} metres a second, "
            f"in the afternoon {random.choice(SKIES)} and {random.randint(-15, 30)} degrees. "
            f"At night {random.choice(SKIES)} is to be expected again. "
            "Please drive carefully and listen to our next report on the full hour."
            for _ in range(count)
        ]
    )


def names(mirror: Path, count: int) -> Examples:
    """Single words, as for a network that makes up names; some come twice."""
    random = Random(18)
    ends = ("na", "ko", "rin", "la", "mir", "ta", "sha", "vel", "dor", "gus")
    return plain(["".join(random.choice(ends, random.randint(2, 5))).title() for _ in range(count)])


def code(mirror: Path, count: int) -> Examples:
    """Functions of this repository."""
    root = Path(__file__).parents[2] / "graders"
    whole = "\n".join(path.read_text(encoding="utf-8") for path in sorted(root.rglob("*.py")))
    return plain([part for part in whole.split("\n\n\n") if len(part) > 100][:count])


DAYS = ("Monday", "Tuesday", "Friday", "Sunday", "tomorrow")
NAMES = ("Anna", "Boris", "Vera", "Gleb", "my sister", "an old friend", "two colleagues")
PLACES = ("station", "library", "market", "harbour", "old bridge", "park", "office", "lake")
SKIES = ("rain", "snow", "sun", "fog", "clouds", "storm", "drizzle")
PRAISE = tuple(
    f"The {what} {how}."
    for what in ("plot", "music", "acting", "ending", "picture")
    for how in ("was great", "moved me to tears", "is the best I have seen this year")
)
BLAME = tuple(
    f"The {what} {how}."
    for what in ("plot", "music", "acting", "ending", "picture")
    for how in ("was dull", "made me fall asleep", "is not worth the money at all")
)

TEXTS: dict[str, Set] = {
    "stanzas": verses,
    "lines": lines,
    "parts of 200 letters": parts,
    "answers, SAF": answers("saf_networks_en.jsonl"),
    "answers, Beetle": answers("beetle.jsonl"),
    "answers, SciEntsBank": answers("scientsbank.jsonl"),
    "recipes": template("recipes", 1),
    "remarks": template("remarks", 2),
    "messages": messages,
    "reviews": reviews,
    "weather reports": forms,
    "names": names,
    "functions": code,
}
