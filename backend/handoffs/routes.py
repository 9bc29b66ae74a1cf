"""Routes of handoffs for the other rooms: a person is asked for, waited for, and left."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from backend.auth import SERVICE
from backend.db import Transaction
from backend.handoffs import desk_routes, service, store
from backend.handoffs.model import Reason, State
from backend.office import Office
from backend.routing import Call, Capability, Routes
from backend.validation import Answer, Body, Identifier, LongText, ShortText

routes = Routes("handoffs")
Few = Annotated[ShortText, Field(max_length=40)]


class NewHandoff(Body):
    """Who needs a person, and why; the summary is for staff, `danger` the kind of an alarm."""

    conversation_id: Identifier
    reason: Reason
    summary: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)] = ""
    danger: Few | None = None


class PeopleView(Answer):
    """在岗: whether the desk is open now, who is there, and when it opens if it is not."""

    open: bool
    present: int
    next_open_at: datetime | None

    @classmethod
    async def now(cls, office: Office) -> PeopleView:
        """Return how it is at this moment."""
        return cls(**asdict(await service.people(office)))


class HandoffOpened(Answer):
    """A person is asked for; `waiting` people come before."""

    handoff_id: str
    state: State
    waiting: int
    due_at: datetime
    priority: bool
    people: PeopleView


class HandoffOfConversation(Answer):
    """How it stands with the person that is asked for, if one is."""

    handoff_id: str | None = None
    state: State | None = None
    waiting: int = 0
    priority: bool = False
    claimed_by: str | None = None
    people: PeopleView


class Nothing(Body):
    """Nothing more has to be said."""


class HandoffLeft(Answer):
    """Whether there was a handoff to leave, and where it stood."""

    left: bool
    was: Literal[State.WAITING, State.CLAIMED] | None


class WordsBody(Body):
    """留言: what the clerks should know, and a phone to call back."""

    text: LongText
    phone: Few | None = None


class WordsLeft(Answer):
    """留言: which handoff they stand in, and when its clock starts."""

    handoff_id: str
    opens_at: datetime


@routes.post("/handoffs", SERVICE)
async def open_one(call: Call, tx: Transaction, body: NewHandoff) -> HandoffOpened:
    """转人工: ask for a person; while one is asked for, only danger changes anything."""
    handoff, waiting = await service.open_one(
        call.office, tx, body.conversation_id, body.reason, body.summary, body.danger
    )
    return HandoffOpened(
        handoff_id=handoff.id,
        state=handoff.state,
        waiting=waiting,
        due_at=handoff.due_at,
        priority=handoff.priority,
        people=await PeopleView.now(call.office),
    )


@routes.get("/conversations/{conversation_id}/handoff", SERVICE)
async def of_conversation(call: Call) -> HandoffOfConversation:
    """要等多久: tell how it stands with the person a citizen asked for."""
    handoff, waiting = await service.of_conversation(call.office, call.path("conversation_id"))
    people = await PeopleView.now(call.office)
    if handoff is None:
        return HandoffOfConversation(people=people)
    return HandoffOfConversation(
        handoff_id=handoff.id,
        state=handoff.state,
        waiting=waiting,
        priority=handoff.priority,
        claimed_by=handoff.claimed_by_name,
        people=people,
    )


@routes.post("/conversations/{conversation_id}/handoff/leave", SERVICE)
async def leave(call: Call, tx: Transaction, body: Nothing) -> HandoffLeft:
    """退出人工: end the wait or the talk because the citizen says so; the bot answers again."""
    was = await service.leave(call.office, tx, call.path("conversation_id"))
    return HandoffLeft(left=was is not None, was=was)


@routes.post("/conversations/{conversation_id}/handoff/words", SERVICE)
async def leave_words(call: Call, tx: Transaction, body: WordsBody) -> WordsLeft:
    """留言: leave words for the clerks, who are asked for if they were not yet."""
    handoff, opens_at = await service.leave_words(
        call.office, tx, call.path("conversation_id"), body.text, body.phone
    )
    return WordsLeft(handoff_id=handoff.id, opens_at=opens_at)


CAPABILITY = Capability(
    "handoffs", routes.endpoints + desk_routes.routes.endpoints, store.INDEXES
)  # fmt: skip
