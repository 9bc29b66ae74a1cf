"""How handoffs are shown at the staff desk, personal data masked."""

from __future__ import annotations

from datetime import datetime

from backend.conversations.model import Conversation
from backend.handoffs.model import Handoff, Reason, State
from backend.office import Office
from backend.privacy import mask_text
from backend.validation import Answer


class StaffName(Answer):
    """A colleague."""

    id: str
    name: str


class HandoffView(Answer):
    """A handoff on the desk; an answer is due at `due_at` (three minutes, GB/T 33358).

    `release_at` is there once its clerk was warned: then it goes back to the queue.
    """

    handoff_id: str
    conversation_id: str
    channel: str
    elder: bool
    reason: Reason
    summary: str
    state: State
    priority: bool
    danger: str | None
    opened_at: datetime
    due_at: datetime
    overdue: bool
    waiting_seconds: int
    claimed_by: StaffName | None
    claimed_at: datetime | None
    answered_at: datetime | None
    release_at: datetime | None
    ended_at: datetime | None
    last_seq: int


class HandoffList(Answer):
    """Handoffs: who may be in danger first, then those who wait longest."""

    handoffs: list[HandoffView]


class Said(Answer):
    """Where it stands in the log."""

    message_id: str
    seq: int


def handoff_view(office: Office, handoff: Handoff, conversation: Conversation) -> HandoffView:
    """Return a handoff as staff see it, its summary masked."""
    now = office.clock.now()
    claimed_by = (
        StaffName(id=handoff.claimed_by, name=handoff.claimed_by_name or "")
        if handoff.claimed_by
        else None
    )
    return HandoffView(
        handoff_id=handoff.id,
        conversation_id=handoff.conversation_id,
        channel=conversation.channel,
        elder=conversation.elder,
        reason=handoff.reason,
        summary=mask_text(handoff.summary),
        state=handoff.state,
        priority=handoff.priority,
        danger=handoff.danger,
        opened_at=handoff.opened_at,
        due_at=handoff.due_at,
        overdue=handoff.overdue(now),
        waiting_seconds=int(handoff.waited(now).total_seconds()),
        claimed_by=claimed_by,
        claimed_at=handoff.claimed_at,
        answered_at=handoff.answered_at,
        release_at=handoff.release_at,
        ended_at=handoff.ended_at,
        last_seq=conversation.last_seq,
    )
