"""Routes of handoffs at the staff desk: the queue, the talks, and those that ended."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Literal

from pydantic import StringConstraints

from backend.auth import staff
from backend.clear import Reader
from backend.conversations import service as conversations
from backend.conversations.views import Log, LogQuery, MessageView
from backend.db import Transaction
from backend.handoffs import desk, talks, views
from backend.handoffs.model import OPEN, Handoff, State
from backend.handoffs.service import load
from backend.handoffs.views import (
    Colleagues,
    ColleagueView,
    HandoffDetail,
    HandoffList,
    Revealed,
    Said,
)
from backend.offices.service import public_numbers
from backend.routing import Call, Routes
from backend.supervision.reasons import RevealReason
from backend.validation import Body, Identifier, LongText, Page, ShortText

routes = Routes("desk handoffs")
ANSWER = staff("agent", "supervisor")
READ = staff("agent", "supervisor", "admin")


class HandoffQuery(Page):
    """Which handoffs; without anything those that are open.

    `q` is an id, a case or report number that was named, a clerk's name or a reason.
    """

    state: State | Literal["ended"] | None = None
    q: Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)] = ""


class StaffWords(Body):
    """What staff say to the citizen."""

    text: LongText


class Why(Body):
    """Why a handoff ends: a note for whoever comes next."""

    why: ShortText | None = None


class Transfer(Body):
    """转交: to which colleague, or to the queue; `why` is for whoever comes next."""

    to: Identifier | None
    why: ShortText


class Reveal(Body):
    """Why words must be seen in clear: one message, or all since a person was asked for."""

    why: ShortText
    message_id: Identifier | None = None


@routes.get("/desk/handoffs", READ)
async def listing(call: Call, query: HandoffQuery) -> HandoffList:
    """List the queue, or look for talks that ended."""
    office, state = call.office, None if query.state == "ended" else query.state
    if query.q or query.state == "ended" or state not in (None, *OPEN):
        found, total = await desk.page(
            office, state, query.q, query.page, query.limit, ended=query.state == "ended"
        )
    else:
        found = await desk.queue(office, state)
        total = len(found)
    where = await conversations.get_many(office, {each.conversation_id for each in found})
    public = await public_numbers(office)
    return HandoffList(
        handoffs=[views.line(office, one, where[one.conversation_id], public) for one in found],
        total=total,
        page=query.page,
    )


@routes.get("/desk/colleagues", ANSWER)
async def colleagues(call: Call) -> Colleagues:
    """List who is there and can be given a talk."""
    found = await desk.colleagues(call.office, call.caller.staff)
    return Colleagues(colleagues=[ColleagueView(**asdict(one)) for one in found])


@routes.get("/desk/handoffs/{handoff_id}", READ)
async def get(call: Call) -> HandoffDetail:
    """Show a handoff."""
    return await _answer(call, await load(call.office, call.path("handoff_id")))


@routes.post("/desk/handoffs/{handoff_id}/claim", ANSWER)
async def claim(call: Call, tx: Transaction) -> HandoffDetail:
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
    handoff, found = await desk.messages(
        call.office, call.path("handoff_id"), call.caller.staff, query.after, query.limit
    )
    mask = await desk.mask(call.office, handoff.conversation_id)
    names = await desk.personal_told(call.office, handoff, query.after, [one for one, _ in found])
    return Log(
        messages=[
            MessageView.of(message, delivery, mask=mask.and_of(names.get(message.id, ())))
            for message, delivery in found
        ]
    )


@routes.post("/desk/handoffs/{handoff_id}/reveal", ANSWER, replayed=False)
async def reveal(call: Call, tx: Transaction, body: Reveal) -> Revealed:
    """查看明文: read in clear what the citizen wrote; who asked and why is kept."""
    reason = RevealReason(body.why, again=call.again)
    handoff, found = await desk.reveal(
        call.office, tx, call.path("handoff_id"), call.caller.staff, reason, body.message_id
    )
    return Revealed(
        messages=[MessageView.of(message, reader=Reader.NOTED) for message in found],
        words=[views.words(one, reader=Reader.NOTED) for one in handoff.words],
    )


@routes.post("/desk/handoffs/{handoff_id}/return", ANSWER)
async def give_back(call: Call, tx: Transaction, body: Why) -> HandoffDetail:
    """Hand the conversation back to the bot."""
    handoff = await talks.give_back(
        call.office, tx, call.path("handoff_id"), call.caller.staff, body.why
    )
    return await _answer(call, handoff, tx)


@routes.post("/desk/handoffs/{handoff_id}/close", ANSWER)
async def close(call: Call, tx: Transaction, body: Why) -> HandoffDetail:
    """End a handoff that needs no talk any more."""
    handoff = await talks.close(
        call.office, tx, call.path("handoff_id"), call.caller.staff, body.why
    )
    return await _answer(call, handoff, tx)


@routes.post("/desk/handoffs/{handoff_id}/transfer", ANSWER)
async def transfer(call: Call, tx: Transaction, body: Transfer) -> HandoffDetail:
    """转交: give a talk to a colleague who is there, or back to the queue in its old place."""
    handoff = await talks.transfer(
        call.office, tx, call.path("handoff_id"), call.caller.staff, body.to, body.why
    )
    return await _answer(call, handoff, tx)


@routes.post("/desk/handoffs/{handoff_id}/take-over", staff("supervisor"))
async def take_over(call: Call, tx: Transaction) -> HandoffDetail:
    """接管: let a supervisor have a talk, whoever had it."""
    handoff = await talks.take_over(call.office, tx, call.path("handoff_id"), call.caller.staff)
    return await _answer(call, handoff, tx)


async def _answer(call: Call, handoff: Handoff, tx: Transaction | None = None) -> HandoffDetail:
    office = call.office
    conversation = await conversations.get(office, handoff.conversation_id, tx)
    before = await desk.earlier(office, handoff)
    mask = await desk.mask(office, handoff.conversation_id, tx)
    return views.detail(office, handoff, conversation, before, mask)
