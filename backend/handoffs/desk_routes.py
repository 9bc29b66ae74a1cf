"""Routes of handoffs at the staff desk: the queue, and the talks."""

from __future__ import annotations

from backend.auth import staff
from backend.conversations import service as conversations
from backend.conversations.views import Log, LogQuery, MessageView
from backend.db import Transaction
from backend.handoffs import desk, talks
from backend.handoffs.model import Handoff, State
from backend.handoffs.service import load
from backend.handoffs.views import HandoffList, HandoffView, Said, handoff_view
from backend.routing import Call, Routes
from backend.validation import Body, LongText, ShortText

routes = Routes("desk handoffs")
ANSWER = staff("agent", "supervisor")
READ = staff("agent", "supervisor", "admin")


class StateQuery(Body):
    """Which handoffs; without a state those that are open."""

    state: State | None = None


class StaffWords(Body):
    """What staff say to the citizen."""

    text: LongText


class Why(Body):
    """Why a handoff ends: a note for whoever comes next."""

    why: ShortText | None = None


@routes.get("/desk/handoffs", READ)
async def listing(call: Call, query: StateQuery) -> HandoffList:
    """List handoffs."""
    found = await desk.listing(call.office, query.state)
    where = await conversations.get_many(call.office, {each.conversation_id for each in found})
    return HandoffList(
        handoffs=[
            handoff_view(call.office, handoff, where[handoff.conversation_id]) for handoff in found
        ]
    )


@routes.get("/desk/handoffs/{handoff_id}", READ)
async def get(call: Call) -> HandoffView:
    """Show a handoff."""
    return await _answer(call, await load(call.office, call.path("handoff_id")))


@routes.post("/desk/handoffs/{handoff_id}/claim", ANSWER)
async def claim(call: Call, tx: Transaction) -> HandoffView:
    """Take a handoff; of two who try, one gets 409."""
    handoff = await talks.claim(call.office, tx, call.path("handoff_id"), call.caller.staff)
    return await _answer(call, handoff, tx)


@routes.post("/desk/handoffs/{handoff_id}/messages", ANSWER)
async def answer(call: Call, tx: Transaction, body: StaffWords) -> Said:
    """Say something to the citizen."""
    message = await talks.answer(
        call.office, tx, call.path("handoff_id"), call.caller.staff, body.text
    )
    return Said(message_id=message.id, seq=message.seq)


@routes.get("/desk/handoffs/{handoff_id}/messages", READ)
async def messages(call: Call, query: LogQuery) -> Log:
    """脱敏: read the conversation with personal data masked; the look is noted."""
    found = await desk.messages(
        call.office, call.path("handoff_id"), call.caller.staff, query.after, query.limit
    )
    return Log(messages=[MessageView.of(message, delivery) for message, delivery in found])


@routes.post("/desk/handoffs/{handoff_id}/return", ANSWER)
async def give_back(call: Call, tx: Transaction, body: Why) -> HandoffView:
    """Hand the conversation back to the bot."""
    handoff = await talks.give_back(
        call.office, tx, call.path("handoff_id"), call.caller.staff, body.why
    )
    return await _answer(call, handoff, tx)


@routes.post("/desk/handoffs/{handoff_id}/close", ANSWER)
async def close(call: Call, tx: Transaction, body: Why) -> HandoffView:
    """End a handoff that needs no talk any more."""
    handoff = await talks.close(
        call.office, tx, call.path("handoff_id"), call.caller.staff, body.why
    )
    return await _answer(call, handoff, tx)


async def _answer(call: Call, handoff: Handoff, tx: Transaction | None = None) -> HandoffView:
    conversation = await conversations.get(call.office, handoff.conversation_id, tx)
    return handoff_view(call.office, handoff, conversation)
