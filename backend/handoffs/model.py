"""转人工: the states of a handoff and who may move it; pure.

waiting → claimed → returned | closed, and waiting → closed
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from backend.errors import ConflictError, ForbiddenError

# GB/T 33358-2016: messages are answered within three minutes.
ANSWER_WITHIN = timedelta(minutes=3)


class State(StrEnum):
    """Where a handoff stands."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    RETURNED = "returned"
    CLOSED = "closed"


OPEN = frozenset({State.WAITING, State.CLAIMED})
ENDED = frozenset({State.RETURNED, State.CLOSED})


class Reason(StrEnum):
    """Why a person is needed."""

    ASKED = "asked"
    MISUNDERSTOOD = "misunderstood"
    FAILURE = "failure"


@dataclass(frozen=True, slots=True)
class Handoff:
    """转人工: a citizen's wait for a person, and the talk that follows."""

    id: str
    conversation_id: str
    reason: Reason
    summary: str
    state: State
    opened_at: datetime
    claimed_by: str | None = None
    claimed_by_name: str | None = None
    claimed_at: datetime | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def due_at(self) -> datetime:
        """Return when a person must have answered at the latest."""
        return self.opened_at + ANSWER_WITHIN

    def overdue(self, now: datetime) -> bool:
        """Tell whether the first answer is, or was, late."""
        end = self.answered_at or self.ended_at or now
        return end > self.due_at

    def waited(self, now: datetime) -> timedelta:
        """Return how long the citizen has waited for the first answer."""
        return (self.answered_at or self.ended_at or now) - self.opened_at


def open_handoff(
    handoff_id: str, conversation_id: str, reason: Reason, summary: str, at: datetime
) -> Handoff:
    """Return a handoff whose clock starts now."""
    return Handoff(handoff_id, conversation_id, reason, summary, State.WAITING, at)


def claim(handoff: Handoff, staff_id: str, name: str, at: datetime) -> Handoff:
    """Take a waiting handoff; one's own stays as it is.

    Raises:
        ConflictError: somebody else was faster, or it has ended.
    """
    if handoff.state is State.CLAIMED and handoff.claimed_by == staff_id:
        return handoff
    if handoff.state is State.CLAIMED:
        raise ConflictError("handoff.taken", name=handoff.claimed_by_name or "")
    if handoff.state is not State.WAITING:
        raise ConflictError("handoff.ended")
    return replace(
        handoff,
        state=State.CLAIMED,
        claimed_by=staff_id,
        claimed_by_name=name,
        claimed_at=at,
    )


def answer(handoff: Handoff, staff_id: str, at: datetime) -> Handoff:
    """Note that staff answered; the first answer stops the three-minute clock.

    Raises:
        ConflictError, ForbiddenError: as `_require_mine`.
    """
    _require_mine(handoff, staff_id)
    return handoff if handoff.answered_at else replace(handoff, answered_at=at)


def give_back(handoff: Handoff, staff_id: str, at: datetime) -> Handoff:
    """Hand the conversation back to the bot, which goes on where it was.

    Raises:
        ConflictError, ForbiddenError: as `_require_mine`.
    """
    _require_mine(handoff, staff_id)
    return replace(handoff, state=State.RETURNED, ended_at=at)


def close(handoff: Handoff, staff_id: str, at: datetime) -> Handoff:
    """End a handoff without a talk, or one's own after it.

    Raises:
        ConflictError, ForbiddenError: as `_require_mine`, but a waiting one is everybody's.
    """
    if handoff.state is not State.WAITING:
        _require_mine(handoff, staff_id)
    return replace(handoff, state=State.CLOSED, ended_at=at)


def _require_mine(handoff: Handoff, staff_id: str) -> None:
    """Refuse whoever did not claim it.

    Raises:
        ConflictError: it waits still, or has ended.
        ForbiddenError: a colleague claimed it.
    """
    if handoff.state is State.WAITING:
        raise ConflictError("handoff.not_claimed")
    if handoff.state is not State.CLAIMED:
        raise ConflictError("handoff.ended")
    if handoff.claimed_by != staff_id:
        raise ForbiddenError("handoff.not_yours", name=handoff.claimed_by_name or "")
