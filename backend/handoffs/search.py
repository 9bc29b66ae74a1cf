"""查找 What a talk can be found by again: nothing that is personal; pure."""

from __future__ import annotations

from collections.abc import Iterable

from backend.handoffs.model import Handoff, Reason
from backend.numbers import numbers_in


def terms(handoff: Handoff) -> list[str]:
    """Return what finds a handoff: its id, who had it, why it was opened, numbers it names."""
    texts = [handoff.summary, *(note.text for note in handoff.notes)]
    numbers = dict.fromkeys(number for text in texts for number in numbers_in(text))
    clerks = [clerk_term(clerk) for clerk in handoff.clerks]
    return [handoff.id, reason_term(handoff.reason), *clerks, *numbers]


def wanted(text: str, reasons: Iterable[Reason], clerks: Iterable[str]) -> list[str]:
    """Return the terms that what somebody typed may mean.

    Args:
        text: what was typed: an id, a number, or words.
        reasons: those whose name holds the words.
        clerks: accounts of those whose name holds the words.
    """
    typed = numbers_in(text) or [text.strip()]
    return [*typed, *map(reason_term, reasons), *map(clerk_term, clerks)]


def reason_term(reason: Reason) -> str:
    """Return the term of a reason."""
    return f"reason:{reason.value}"


def clerk_term(staff_id: str) -> str:
    """Return the term of an account."""
    return f"staff:{staff_id}"
