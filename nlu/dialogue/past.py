"""What turns a conversation has had: enough to know an old one when it is asked for again. Pure.

A process that stood still, or a door that slept past its lease, may ask for a turn after later
ones are over. Running it then would answer the present question with an old sentence.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any

KNOWN = 64
"""Turns whose keys are kept; an older one is known by its ticket."""
_MARK_BYTES = 6

Ticket = tuple[int, int]
"""The fence of the lease a turn was sent under, and when within it: later turns have more."""


@dataclass(frozen=True)
class Past:
    """The turns that are over.

    Attributes:
        marks: of the keys of the last turns, oldest first.
        ticket: of the last turn that had one.
    """

    marks: tuple[str, ...] = ()
    ticket: Ticket = (0, 0)

    def is_over(self, key: str, ticket: Ticket | None) -> bool:
        """Say whether a turn belongs to the past: it was run, or a later one was."""
        return _mark(key) in self.marks or (ticket is not None and ticket < self.ticket)

    def then(self, key: str, ticket: Ticket | None) -> Past:
        """Return the past after one more turn."""
        marks = (*self.marks, _mark(key))[-KNOWN:]
        return replace(self, marks=marks, ticket=ticket or self.ticket)

    def as_dict(self) -> dict[str, Any]:
        """Return what is stored; the marks in one text, because they are written at every turn."""
        return {"marks": "".join(self.marks), "ticket": list(self.ticket)}


def read_past(content: dict[str, Any] | None) -> Past:
    """Return the past that was stored; none of it for a conversation stored before it was kept."""
    if not content:
        return Past()
    text, width = content["marks"], 2 * _MARK_BYTES
    marks = tuple(text[place : place + width] for place in range(0, len(text), width))
    fence, sent = content["ticket"]
    return Past(marks, (fence, sent))


def _mark(key: str) -> str:
    """Return a short stand-in for a key."""
    return blake2b(key.encode(), digest_size=_MARK_BYTES).hexdigest()
