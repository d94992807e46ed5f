"""Whether a stretch of a text is denied by the words around it, in Russian and English.

A denial reaches from its word to the end of the clause, to a word such as `and` or `из-за`, or seven words:

    не хранит состояние · lacks a state · вряд ли хранит · neither … nor · not X but Y

The noun alone is reached by `без`, `вместо`, `without`, `instead of` and `отсутствие`. Behind a stretch
these deny it:

    состояния нет · state отсутствует · a state here is not used · a state does not help · Is there one? No.

`Неверно, что …`, `it is a myth that …`, `разве …` and `the claim that … is false` turn the whole sentence
round, its denials too. `Не только`, `не менее`, `no matter` and the like deny nothing, and `не перестаёт`
and `not without` take themselves back. The words are in `denials`.

Not covered: a denial in another sentence (but for a bare `No.`), a list after commas (`no gates, cells or
memory` denies the gates only), a denial cut off by commas (`is not, in any sense, random`), irony, and
verbs that only mean a denial (`avoids overfitting`, `предотвращает затухание`): who names what is avoided
has said it.
"""

from collections.abc import Collection, Sequence

from graders.theory import denials
from graders.theory.denials import phrase_at
from graders.theory.nearby import Near, negates
from graders.theory.patterns import Hit
from graders.theory.reading import Reading

REACH = 7
"""Words that a denial reaches at most."""
NARROW_REACH = 4
BEHIND = 6
"""Words after a stretch that are looked at."""
SHORTEST_OWN = 3


def denies(reading: Reading, hit: Hit, own: Collection[str]) -> bool:
    """Whether the words around `hit` deny it; never where `own`, the words of the pattern, has a negation."""
    if any(negates(word) or word in ("без", "without") for word in own):
        return False
    near = Near(reading.words, hit)
    denied = _denied_before(near, own) or _denied_behind(near)
    return denied != (_called_false_before(near) or _called_false_behind(near))


def _denied_before(near: Near, own: Collection[str]) -> bool:
    """Whether a denial before the stretch, or in it, reaches it."""
    texts = near.texts
    at = max(0, near.first - REACH - 2)
    while at <= near.last:
        nothing = phrase_at(denials.NO_DENIALS, texts, at)
        if nothing and not _names(own, texts[at + nothing - 1]):
            at += nothing
            continue
        narrow = phrase_at(denials.NARROW_DENIALS, texts, at)
        length = narrow or phrase_at(denials.DENIALS, texts, at)
        if not length and texts[at] in denials.NEGATORS:
            taken_back = 0 if near.ends_clause(at) else _denial(texts, at + 1)
            if taken_back:
                at += 1 + taken_back
                continue
            length = 1
        if length and not _names(own, texts[at]):
            depends = not denials.CONDITIONS.isdisjoint(texts[max(0, at - 3) : at])
            whole = depends or (narrow > 0 and near.opens(at)) or at > near.first
            end = _narrow_end(near, at, narrow) if narrow else _end(near, at + length - 1)
            target = near.last if whole else near.first
            if end >= target:
                return True
        elif texts[at] == "from" and _prevented(near, at):
            return True
        at += 1
    return False


def _denial(texts: Sequence[str], at: int) -> int:
    if texts[at] in denials.PREVENTERS:
        return 1
    return phrase_at(denials.DENIALS, texts, at) or phrase_at(denials.NARROW_DENIALS, texts, at)


def _names(own: Collection[str], text: str) -> bool:
    return any(text == word or (len(word) >= SHORTEST_OWN and text.startswith(word)) for word in own)


def _end(near: Near, at: int) -> int:
    """The last word that a denial at `at` reaches; within the stretch it goes on."""
    end = at
    while end < max(at + REACH, near.last) and not near.ends_clause(end) and not near.stops(end + 1):
        end += 1
    return end


def _narrow_end(near: Near, at: int, length: int) -> int:
    """The last word of the noun that a narrow denial, `length` words from `at` on, denies."""
    texts = near.texts
    short = near.opens(at) or texts[at].startswith("отсут")
    start = end = at + length - 1
    while end < start + NARROW_REACH and not near.ends_clause(end) and not near.stops(end + 1):
        text = texts[end + 1]
        if text.isdecimal() or text in denials.PREPOSITIONS or (text in denials.NEXT_NOUN and end > start):
            break
        end += 1
        cyrillic = text[0] > "z"
        if short and cyrillic and not text.endswith(denials.ADJECTIVE_ENDINGS):
            break
    return end


def _prevented(near: Near, at: int) -> bool:
    """Whether `prevents … from` stands before and in the stretch, which is thus kept from happening."""
    for verb in range(max(0, at - REACH), min(at, near.first)):
        if near.texts[verb] in denials.PREVENTERS and near.clauses[verb] == near.clauses[at]:
            negated = verb > 0 and near.texts[verb - 1] in denials.NEGATORS
            return near.first < at and not negated and _end(near, at) >= near.last
    return False


def _denied_behind(near: Near) -> bool:
    """Whether the words after the stretch, or after its first where it runs on, deny that there is one."""
    runs_on = near.clauses[near.first] != near.clauses[near.last]
    return _no_such(near, near.last) or (runs_on and _no_such(near, near.first)) or _answered_no(near)


def _no_such(near: Near, last: int) -> bool:
    texts = near.texts
    at = last
    while at < last + BEHIND and not near.ends_clause(at):
        at += 1
        text, follows = texts[at], texts[at + 1 : at + 3]
        if near.stops(at) or text == "и":
            break
        if text in ("нет", "нету") and near.ends_clause(at):
            return True
        if text in denials.ABSENT and (near.ends_clause(at) or follows[0] in denials.PREPOSITIONS):
            return True
        if text in denials.NEGATORS:
            if any(word.startswith(denials.THERE) for word in follows):
                return True
            aside = last < near.last or not denials.COPULAS.issuperset(texts[last + 1 : at])
            return not aside and not any(word.startswith(denials.INVARIANT) for word in follows)
    return False


def _answered_no(near: Near) -> bool:
    """Whether a bare `Нет.` follows the sentence, or `No.` where it asks: `Ack. No.` is a number."""
    sentence = near.sentences[near.last]
    after = [at for at in range(near.last + 1, len(near.texts)) if near.sentences[at] != sentence][:2]
    alone = len(after) == 1 or (after and near.sentences[after[0]] != near.sentences[after[1]])
    asked = near.texts[0] in denials.ASKED and near.sentences[0] == sentence
    return bool(alone) and (near.texts[after[0]] == "нет" or (asked and near.texts[after[0]] == "no"))


def _called_false_before(near: Near) -> bool:
    for at in range(near.first - 1, -1, -1):
        text = near.texts[at]
        if text in denials.CONTRAST:
            return False
        length = phrase_at(denials.CALLED_FALSE, near.texts, at)
        if length and at + length <= near.first:
            if not denials.NEGATORS.isdisjoint(near.texts[max(0, at - 2) : at]):
                return False
            how = text in denials.FALSE and text.endswith("о") and not near.begins_clause(at)
            return not how or near.texts[at - 1] in denials.IT_IS
    return False


def _called_false_behind(near: Near) -> bool:
    """Whether the sentence names a claim and ends by calling it false."""
    texts, sentence = near.texts, near.sentences[near.last]
    opening = texts[:4]
    named = not denials.CLAIMS.isdisjoint(opening[:2]) and not {"что", "that"}.isdisjoint(opening)
    if not named and not (opening[0] == "that" and not denials.ALL.isdisjoint(opening[1:2])):
        return False
    at = near.last + 1
    while at + 1 < len(texts) and near.sentences[at + 1] == sentence:
        if phrase_at(denials.STOPS, texts, at):
            return False
        at += 1
    return at < len(texts) and texts[at] in denials.FALSE
