"""转人工: the states of a handoff and who may move it; pure.

waiting → claimed → returned | closed | left, claimed → waiting (released), waiting → closed | left
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

from backend.errors import ConflictError, ForbiddenError

# GB/T 33358-2016: messages are answered within three minutes.
ANSWER_WITHIN = timedelta(minutes=3)


class State(StrEnum):
    """Where a handoff stands."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    RETURNED = "returned"
    CLOSED = "closed"
    LEFT = "left"


OPEN = frozenset({State.WAITING, State.CLAIMED})
ENDED = frozenset({State.RETURNED, State.CLOSED, State.LEFT})


class Reason(StrEnum):
    """Why a person is needed."""

    ASKED = "asked"
    MISUNDERSTOOD = "misunderstood"
    FAILURE = "failure"
    SAFETY = "safety"


NoteKind = Literal["returned", "closed", "transferred", "released"]


@dataclass(frozen=True, slots=True)
class Note:
    """备注: what one clerk leaves for the next; `by` is who wrote it, the office where empty."""

    at: datetime
    by: str
    kind: NoteKind
    text: str


@dataclass(frozen=True, slots=True)
class Words:
    """留言: what a citizen leaves for the clerks, and the phone to call back, if any was given."""

    at: datetime
    text: str
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class Handoff:
    """转人工: a citizen's wait for a person, and the talk that follows.

    Attributes:
        due_at: when a person must have answered at the latest, in staffed time.
        priority: somebody may be in danger; `danger` says which.
        late_at: when the citizen is told that it takes longer; None once told.
        closes_at: when the desk closes on whoever waits still, which the citizen is told.
        answered_at: of the first answer since it was last waiting.
        answered_seq: place of the newest answer of whoever has it now; None before the first.
        release_at: when it goes back to the queue unless its clerk answers; None until warned.
        clerks: accounts of everybody who has had it.
    """

    id: str
    conversation_id: str
    reason: Reason
    summary: str
    state: State
    opened_at: datetime
    due_at: datetime
    priority: bool = False
    danger: str | None = None
    late_at: datetime | None = None
    closes_at: datetime | None = None
    claimed_by: str | None = None
    claimed_by_name: str | None = None
    claimed_at: datetime | None = None
    answered_at: datetime | None = None
    answered_seq: int | None = None
    release_at: datetime | None = None
    ended_at: datetime | None = None
    notes: tuple[Note, ...] = ()
    words: tuple[Words, ...] = ()
    clerks: tuple[str, ...] = ()

    def overdue(self, now: datetime) -> bool:
        """Tell whether the first answer is, or was, late."""
        end = self.answered_at or self.ended_at or now
        return end > self.due_at

    def waited(self, now: datetime) -> timedelta:
        """Return how long the citizen has waited for the first answer."""
        return (self.answered_at or self.ended_at or now) - self.opened_at


def open_handoff(
    handoff_id: str,
    conversation_id: str,
    reason: Reason,
    summary: str,
    at: datetime,
    due_at: datetime | None = None,
    closes_at: datetime | None = None,
    danger: str | None = None,
) -> Handoff:
    """Return a handoff whose clock starts now, or as `due_at` says; `safety` has priority."""
    due = due_at or at + ANSWER_WITHIN
    return Handoff(
        handoff_id,
        conversation_id,
        reason,
        summary,
        State.WAITING,
        at,
        due,
        priority=reason is Reason.SAFETY,
        danger=danger,
        late_at=due,
        closes_at=closes_at,
    )


def alarm(handoff: Handoff, summary: str, danger: str | None) -> Handoff:
    """Put one before all others because somebody may be in danger; what is known stays.

    Told again without another danger, it is returned as it is.
    """
    if handoff.priority and danger in (None, handoff.danger):
        return handoff
    return replace(
        handoff,
        reason=Reason.SAFETY,
        priority=True,
        danger=danger or handoff.danger,
        summary=summary or handoff.summary,
    )


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
    return _given_to(handoff, staff_id, name, at)


def answer(handoff: Handoff, staff_id: str, at: datetime, seq: int | None = None) -> Handoff:
    """Note that staff answered at a place of the log; the first one stops the three minutes.

    Raises:
        ConflictError, ForbiddenError: as `require_mine`.
    """
    require_mine(handoff, staff_id)
    first = handoff.answered_at or at
    return replace(handoff, answered_at=first, answered_seq=seq, release_at=None)


def give_back(handoff: Handoff, staff_id: str, at: datetime) -> Handoff:
    """Hand the conversation back to the bot, which goes on where it was.

    Raises:
        ConflictError, ForbiddenError: as `require_mine`.
    """
    require_mine(handoff, staff_id)
    return _ended(handoff, State.RETURNED, at)


def close(handoff: Handoff, staff_id: str, at: datetime) -> Handoff:
    """End a handoff without a talk, or one's own after it.

    Raises:
        ConflictError, ForbiddenError: as `require_mine`, but a waiting one is everybody's.
    """
    if handoff.state is not State.WAITING:
        require_mine(handoff, staff_id)
    return _ended(handoff, State.CLOSED, at)


def leave(handoff: Handoff, at: datetime) -> Handoff:
    """Let the citizen go back to the bot, whoever has the talk.

    Raises:
        ConflictError: it has ended.
    """
    if handoff.state in ENDED:
        raise ConflictError("handoff.ended")
    return _ended(handoff, State.LEFT, at)


def release(handoff: Handoff, late_at: datetime, closes_at: datetime | None = None) -> Handoff:
    """Put a claimed handoff back into the queue, in its old place.

    Args:
        handoff: one that somebody has claimed.
        late_at: when the citizen is told that it takes longer, should nobody come.
        closes_at: when the desk closes.

    Raises:
        ConflictError: nobody has claimed it, or it has ended.
    """
    if handoff.state is State.WAITING:
        raise ConflictError("handoff.not_claimed")
    if handoff.state is not State.CLAIMED:
        raise ConflictError("handoff.ended")
    return replace(
        handoff,
        state=State.WAITING,
        late_at=late_at,
        closes_at=closes_at,
        claimed_by=None,
        claimed_by_name=None,
        claimed_at=None,
        answered_at=None,
        answered_seq=None,
        release_at=None,
    )


def pass_on(handoff: Handoff, staff_id: str, name: str, at: datetime) -> Handoff:
    """Give a claimed talk to another person, whose time to answer begins.

    Raises:
        ConflictError: nobody has claimed it, it has ended, or it is theirs already.
    """
    if handoff.state is State.WAITING:
        raise ConflictError("handoff.not_claimed")
    if handoff.state is not State.CLAIMED:
        raise ConflictError("handoff.ended")
    if handoff.claimed_by == staff_id:
        raise ConflictError("handoff.has_it", name=name)
    return _given_to(handoff, staff_id, name, at)


def noted(handoff: Handoff, note: Note) -> Handoff:
    """Keep a note for whoever comes next."""
    return replace(handoff, notes=(*handoff.notes, note))


def left_word(handoff: Handoff, words: Words) -> Handoff:
    """Keep what the citizen left for the clerks."""
    return replace(handoff, words=(*handoff.words, words))


def require_mine(handoff: Handoff, staff_id: str) -> None:
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


def _given_to(handoff: Handoff, staff_id: str, name: str, at: datetime) -> Handoff:
    return replace(
        handoff,
        state=State.CLAIMED,
        late_at=None,
        closes_at=None,
        claimed_by=staff_id,
        claimed_by_name=name,
        claimed_at=at,
        answered_seq=None,
        release_at=None,
        clerks=(*(one for one in handoff.clerks if one != staff_id), staff_id),
    )


def _ended(handoff: Handoff, state: State, at: datetime) -> Handoff:
    return replace(handoff, state=state, ended_at=at, late_at=None, closes_at=None, release_at=None)
