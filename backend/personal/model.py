"""删除 What is kept of an erasure: its pointers until it is done, then a receipt without any."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from backend.personal.subject import Subject

# The door's and the dialogue's share, which the office cannot reach itself.
DOOR = "door"


@dataclass(frozen=True, slots=True)
class Erasure:
    """删除 One person's data being removed, step by step.

    Attributes:
        id: random; it also stands in the events.
        key: keyed hash of whose data it is, the same when it is asked for again.
        by: kind and id of who ordered it, as in an event.
        why: the reason, masked.
        subject: what is to be removed; empty once that is done.
        done: documents touched, by finished step.
        kept: numbers of the records that stay in the archive, without personal data.
    """

    id: str
    key: str
    by: tuple[str, str | None]
    why: str
    at: datetime
    subject: Subject
    done: Mapping[str, int] = field(default_factory=dict)
    kept: tuple[str, ...] = ()
    ended_at: datetime | None = None

    def after(self, step: str, touched: int) -> Erasure:
        """Return it with one more step finished."""
        return replace(self, done={**self.done, step: touched})

    def ended(self, at: datetime) -> Erasure:
        """Return its receipt: the counts and the numbers kept, nothing of whose they were."""
        return replace(self, subject=Subject(), ended_at=at)
