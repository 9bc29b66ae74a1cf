"""查看事由 The reason for a look at personal data in clear: pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from backend.errors import InvalidError

LEAST_LETTERS = 6
# A single word again and again, or a run of one digit, is as long and says nothing.
LEAST_DIFFERENT = 3


@dataclass(frozen=True, slots=True)
class RevealReason:
    """Why somebody looks.

    Attributes:
        text: as it was written.
        again: the very request came before, and its answer may not have arrived.
    """

    text: str
    again: bool = False


def letters(text: str) -> str:
    """Return what counts of a reason: letters and digits, no spaces and no punctuation."""
    return "".join(each for each in text.casefold() if each.isalnum())


def require_substance(reason: RevealReason, example: str, before: Iterable[str]) -> None:
    """查看事由 Refuse what tells an auditor nothing.

    Args:
        reason: why this look.
        example: the sentence that asks for a reason; what is copied from it is none.
        before: the reasons this person gave last.

    Raises:
        InvalidError: too short, copied, or given before.
    """
    said = letters(reason.text)
    if len(said) < LEAST_LETTERS or len(set(said)) < LEAST_DIFFERENT:
        raise _refusal("reveal.reason_thin", "too short")
    if said in letters(example):
        raise _refusal("reveal.reason_copied", "copied")
    if not reason.again and said in {letters(each) for each in before}:
        raise _refusal("reveal.reason_repeated", "repeated")


def _refusal(key: str, problem: str) -> InvalidError:
    return InvalidError(key, fields=[{"field": "why", "problem": problem}])
