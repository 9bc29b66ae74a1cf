"""Routes of handoffs: the bot asks for a person, staff answer."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import StringConstraints

from backend.auth import SERVICE, staff
from backend.conversations import service as conversations
from backend.conversations.model import Conversation
from backend.conversations.views import Log, LogQuery, MessageView
from backend.db import Transaction
from backend.handoffs import service, store
from backend.handoffs.model import Handoff, Reason, State
from backend.privacy import mask_text
from backend.routing import Call, Capability, Routes
from backend.validation import Answer, Body, Identifier, LongText, ShortText

routes = Routes("handoffs")
AGENT = staff("agent")
READER = staff("agent", "admin")


class NewHandoff(Body):
    """Who needs a person, and why; the summary is for staff."""

    conversation_id: Identifier
    reason: Reason
    summary: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)] = ""


class HandoffOpened(Answer):
    """A person is asked for; `waiting` people wait since earlier."""

    handoff_id: str
    state: State
    waiting: int
    due_at: datetime


class StaffName(Answer):
    """A colleague."""

    id: str
    name: str


class HandoffView(Answer):
    """A handoff on the desk; an answer is due at `due_at` (three minutes, GB/T 33358)."""

    handoff_id: str
    conversation_id: str
    channel: str
    elder: bool
    reason: Reason
    summary: str
    state: State
    opened_at: datetime
    due_at: datetime
    overdue: bool
    waiting_seconds: int
    claimed_by: StaffName | None
    claimed_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None
    last_seq: int


class HandoffList(Answer):
    """Handoffs, those who wait longest first."""

    handoffs: list[HandoffView]


class StateQuery(Body):
    """Which handoffs; without a state those that are open."""

    state: State | None = None


class StaffWords(Body):
    """What staff say to the citizen."""

    text: LongText


class Why(Body):
    """Why a handoff ends."""

    why: ShortText | None = None


class Said(Answer):
    """Where it stands in the log."""

    message_id: str
    seq: int


@routes.post("/handoffs", SERVICE)
async def open_one(call: Call, tx: Transaction, body: NewHandoff) -> HandoffOpened:
    """转人工: ask for a person; while one is asked for, this changes nothing."""
    handoff, waiting = await service.open_one(
        call.office, tx, body.conversation_id, body.reason, body.summary
    )
    return HandoffOpened(
        handoff_id=handoff.id, state=handoff.state, waiting=waiting, due_at=handoff.due_at
    )


@routes.get("/desk/handoffs", READER)
async def listing(call: Call, query: StateQuery) -> HandoffList:
    """List handoffs."""
    found = await service.listing(call.office, query.state)
    where = await conversations.get_many(call.office, {each.conversation_id for each in found})
    return HandoffList(
        handoffs=[_view(call, handoff, where[handoff.conversation_id]) for handoff in found]
    )


@routes.get("/desk/handoffs/{handoff_id}", READER)
async def get(call: Call) -> HandoffView:
    """Show a handoff."""
    handoff = await service.get(call.office, call.path("handoff_id"))
    return await _answer(call, handoff)


@routes.post("/desk/handoffs/{handoff_id}/claim", AGENT)
async def claim(call: Call, tx: Transaction) -> HandoffView:
    """Take a handoff; of two who try, one gets 409."""
    handoff = await service.claim(call.office, tx, call.path("handoff_id"), call.caller.staff)
    return await _answer(call, handoff, tx)


@routes.post("/desk/handoffs/{handoff_id}/messages", AGENT)
async def answer(call: Call, tx: Transaction, body: StaffWords) -> Said:
    """Say something to the citizen."""
    message = await service.answer(
        call.office, tx, call.path("handoff_id"), call.caller.staff, body.text
    )
    return Said(message_id=message.id, seq=message.seq)


@routes.get("/desk/handoffs/{handoff_id}/messages", READER)
async def messages(call: Call, query: LogQuery) -> Log:
    """脱敏: read the conversation with personal data masked; the look is noted."""
    found = await service.messages(
        call.office, call.path("handoff_id"), call.caller.staff, query.after, query.limit
    )
    return Log(messages=[MessageView.of(message, delivery) for message, delivery in found])


@routes.post("/desk/handoffs/{handoff_id}/return", AGENT)
async def give_back(call: Call, tx: Transaction, body: Why) -> HandoffView:
    """Hand the conversation back to the bot."""
    handoff = await service.give_back(
        call.office, tx, call.path("handoff_id"), call.caller.staff, body.why
    )
    return await _answer(call, handoff, tx)


@routes.post("/desk/handoffs/{handoff_id}/close", AGENT)
async def close(call: Call, tx: Transaction, body: Why) -> HandoffView:
    """End a handoff that needs no talk any more."""
    handoff = await service.close(
        call.office, tx, call.path("handoff_id"), call.caller.staff, body.why
    )
    return await _answer(call, handoff, tx)


async def _answer(call: Call, handoff: Handoff, tx: Transaction | None = None) -> HandoffView:
    conversation = await conversations.get(call.office, handoff.conversation_id, tx)
    return _view(call, handoff, conversation)


def _view(call: Call, handoff: Handoff, conversation: Conversation) -> HandoffView:
    """Return a handoff as staff see it, its summary masked."""
    now = call.office.clock.now()
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
        opened_at=handoff.opened_at,
        due_at=handoff.due_at,
        overdue=handoff.overdue(now),
        waiting_seconds=int(handoff.waited(now).total_seconds()),
        claimed_by=claimed_by,
        claimed_at=handoff.claimed_at,
        answered_at=handoff.answered_at,
        ended_at=handoff.ended_at,
        last_seq=conversation.last_seq,
    )


CAPABILITY = Capability("handoffs", routes.endpoints, store.INDEXES)
