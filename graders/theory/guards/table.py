"""All guards in one table; each is a pure function of an answer beside its question."""

from collections.abc import Callable, Mapping

from graders.model import GuardFlag, GuardKind, Question, say
from graders.theory.guards.characters import invisible, look_alike
from graders.theory.guards.copying import question_copy, verbatim_reference
from graders.theory.guards.language import wrong_language
from graders.theory.guards.polarity import polarity
from graders.theory.guards.repetition import repetition
from graders.theory.guards.salad import salad
from graders.theory.guards.subject import MOST_SPANS, Subject, flag, subject_of
from graders.theory.instructions import is_instruction_like
from graders.theory.reading import Reading

Guard = Callable[[Subject], GuardFlag | None]


def instruction(subject: Subject) -> GuardFlag | None:
    """Words that address whoever marks the answer."""
    found = is_instruction_like(subject.text)
    return flag("instruction", say("theory.guard.instruction"), found[:MOST_SPANS]) if found else None


GUARDS: Mapping[GuardKind, Guard] = {
    "question_copy": question_copy,
    "salad": salad,
    "verbatim_reference": verbatim_reference,
    "repetition": repetition,
    "negation": polarity,
    "invisible": invisible,
    "look_alike": look_alike,
    "instruction": instruction,
    "wrong_language": wrong_language,
}
"""What is looked for in one answer; `alike` looks at a class."""


def check(question: Question, text: str, reading: Reading) -> tuple[GuardFlag, ...]:
    """What a person should know about an answer before its mark is trusted; never a deduction.

    Args:
        question: what was asked.
        text: the student's Markdown, unchanged; spans index into it.
        reading: its words, without the sentences that only repeat the question.
    """
    subject = subject_of(question, text, reading)
    return tuple(found for guard in GUARDS.values() if (found := guard(subject)) is not None)
