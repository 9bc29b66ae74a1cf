"""How handoffs are shown at the staff desk, personal data masked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any

from backend.clear import Clear, Mask, Reader
from backend.conversations.model import Conversation
from backend.conversations.views import MessageView
from backend.handoffs.model import Handoff, Note, NoteKind, Reason, State, Words
from backend.office import Office
from backend.privacy import PublicNumbers
from backend.validation import Answer


class StaffName(Answer):
    """A colleague."""

    id: str
    name: str


class HandoffView(Answer):
    """A handoff on the desk; an answer is due at `due_at` (three minutes, GB/T 33358).

    `release_at` is there once its clerk was warned: then it goes back to the queue. `has_words`:
    the citizen left words (留言).
    """

    handoff_id: str
    conversation_id: str
    channel: str
    elder: bool
    reason: Reason
    summary: Clear
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
    has_words: bool
    last_seq: int


class NoteView(Answer):
    """备注: what a clerk, or the office itself (`by` is empty), leaves for whoever comes next."""

    at: datetime
    by: str
    kind: NoteKind
    text: Clear


class WordsView(Answer):
    """留言: what the citizen left for the clerks."""

    at: datetime
    text: Clear
    phone: Clear | None


class HandoffDetail(HandoffView):
    """A handoff with what was noted and left: here, and when this citizen talked to us before."""

    notes: list[NoteView]
    words: list[WordsView]
    earlier_notes: list[NoteView]


class HandoffList(Answer):
    """Handoffs.

    Of those that are open, who may be in danger comes first, then who waits longest, and they
    stand on one page; others come newest first. `total` counts no further than 10,000.
    """

    handoffs: list[HandoffView]
    total: int
    page: int


class ColleagueView(Answer):
    """同事: somebody who is there, and how many talks they have."""

    id: str
    name: str
    talks: int


class Colleagues(Answer):
    """同事: who is there, whoever has the fewest talks first."""

    colleagues: list[ColleagueView]


class Revealed(Answer):
    """查看明文: what the citizen wrote, as it was written."""

    messages: list[MessageView]
    words: list[WordsView]


class Said(Answer):
    """Where it stands in the log."""

    message_id: str
    seq: int


def line(
    office: Office, handoff: Handoff, conversation: Conversation, public: PublicNumbers
) -> HandoffView:
    """Return a handoff as a line of the queue, its summary masked."""
    return HandoffView(**_shown(office, handoff, conversation, Mask(public=public)))


def detail(
    office: Office,
    handoff: Handoff,
    conversation: Conversation,
    before: Iterable[Handoff],
    mask: Mask,
) -> HandoffDetail:
    """Return a handoff as whoever talks with the citizen sees it, personal data masked."""
    return HandoffDetail(
        **_shown(office, handoff, conversation, mask),
        notes=[_note(note, mask) for note in handoff.notes],
        words=[words(one, mask) for one in handoff.words],
        earlier_notes=[_note(note, mask) for one in before for note in one.notes],
    )


def words(left: Words, mask: Mask | None = None, *, reader: Reader = Reader.STAFF) -> WordsView:
    """Return what a citizen left, as its reader sees it."""
    of = partial(Clear, mask=(mask or Mask()).of, reader=reader)
    return WordsView(at=left.at, text=of(left.text), phone=of(left.phone) if left.phone else None)


def _note(note: Note, mask: Mask) -> NoteView:
    return NoteView(at=note.at, by=note.by, kind=note.kind, text=Clear(note.text, mask.of))


def _shown(
    office: Office, handoff: Handoff, conversation: Conversation, mask: Mask
) -> dict[str, Any]:
    now = office.clock.now()
    claimed_by = (
        StaffName(id=handoff.claimed_by, name=handoff.claimed_by_name or "")
        if handoff.claimed_by
        else None
    )
    return {
        "handoff_id": handoff.id,
        "conversation_id": handoff.conversation_id,
        "channel": conversation.channel,
        "elder": conversation.elder,
        "reason": handoff.reason,
        "summary": Clear(handoff.summary, mask.of),
        "state": handoff.state,
        "priority": handoff.priority,
        "danger": handoff.danger,
        "opened_at": handoff.opened_at,
        "due_at": handoff.due_at,
        "overdue": handoff.overdue(now),
        "waiting_seconds": int(handoff.waited(now).total_seconds()),
        "claimed_by": claimed_by,
        "claimed_at": handoff.claimed_at,
        "answered_at": handoff.answered_at,
        "release_at": handoff.release_at,
        "ended_at": handoff.ended_at,
        "has_words": bool(handoff.words),
        "last_seq": conversation.last_seq,
    }
