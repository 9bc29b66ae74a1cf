"""Routes of conversations, for the door."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, JsonValue

from backend.auth import SERVICE
from backend.clear import ClearBody, Reader
from backend.conversations import service, store
from backend.conversations.model import (
    Author,
    AuthorKind,
    Delivery,
    DeliveryState,
    Direction,
    NewMessage,
    Owner,
)
from backend.conversations.views import Log, LogQuery, MessageView
from backend.db import Transaction
from backend.errors import TooLargeError
from backend.routing import Call, Capability, Routes
from backend.validation import After, Answer, Body, Identifier

routes = Routes("conversations")
MAX_BODY_CHARACTERS = 100_000


def _plausible(moment: datetime) -> datetime:
    """Refuse times that no clock of a channel shows."""
    if not 2020 <= moment.year < 2100:
        raise ValueError("is not a time of ours")
    return moment


Moment = Annotated[AwareDatetime, AfterValidator(_plausible)]
ConversationId = Identifier


class Registration(Body):
    """Whose conversation it is."""

    channel: Identifier
    identity: Identifier
    elder: bool | None = None


class ConversationView(Answer):
    """A conversation as the door needs it."""

    conversation_id: str
    channel: str
    identity: str
    elder: bool
    owner: Owner
    last_seq: int


class AuthorBody(Body):
    """Who said it."""

    kind: AuthorKind
    id: Identifier | None = None


class Content(BaseModel):
    """An InboundMessage or a Reply of the contract; what else it holds is kept as it is."""

    model_config = ConfigDict(extra="allow", frozen=True)
    __pydantic_extra__: dict[str, JsonValue]

    kind: Literal[
        "text", "button", "photo", "voice", "location", "file", "event",
        "card", "list", "image", "notice",
    ]  # fmt: skip


class NewMessageBody(Body):
    """Something that was said; `key` makes it happen once."""

    key: str = Field(min_length=1, max_length=300)
    direction: Direction
    author: AuthorBody
    body: Content
    at: Moment


class ExpectedView(Answer):
    """等您补 A case that was sent back, and since when its supplement is waited for."""

    number: str
    since: datetime


class Appended(Answer):
    """Where it stands in the log, who answers now, and what the office waits for here."""

    message_id: str
    seq: int
    owner: Owner
    expects: list[ExpectedView]


class DeliveryBody(Body):
    """送达: how it stands with a reply; `reason` names the channel's refusal, never a person."""

    state: DeliveryState
    attempts: int = Field(ge=0, le=1000)
    reason: str | None = Field(default=None, max_length=200)
    next_try_at: Moment | None = None


class Noted(Answer):
    """It is on the record."""

    state: DeliveryState


class NewMessages(Body):
    """Several things that were said, in their order."""

    messages: list[NewMessageBody] = Field(min_length=1, max_length=50)


class Place(Answer):
    """Where a message stands in the log."""

    message_id: str
    seq: int


class AppendedAll(Answer):
    """Where they stand in the log, and who answers now."""

    messages: list[Place]
    owner: Owner


class OutgoingQuery(Body):
    """Where the reader stands, and how many seconds it waits for something new."""

    after: After = 0
    wait: float = Field(default=0, ge=0, le=30, allow_inf_nan=False)
    limit: int = Field(default=100, ge=1, le=500)


class OutgoingView(Answer):
    """Something the office says, on its way to a channel."""

    position: int
    message_id: str
    conversation_id: str
    channel: str
    identity: str
    body: ClearBody


class Outgoing(Answer):
    """A piece of the feed; ask again with `after` = `next`."""

    messages: list[OutgoingView]
    next: int


@routes.get("/conversations/outgoing", SERVICE)
async def outgoing(call: Call, query: OutgoingQuery) -> Outgoing:
    """Read what the office itself says to citizens; waits up to `wait` seconds."""
    found = await service.outgoing(call.office, query.after, query.limit, query.wait)
    where = await service.get_many(call.office, {message.conversation_id for message in found})
    views = [
        OutgoingView(
            position=message.position or 0,
            message_id=message.id,
            conversation_id=message.conversation_id,
            channel=where[message.conversation_id].channel,
            identity=where[message.conversation_id].identity,
            body=ClearBody(message.body, reader=Reader.OWNER),
        )
        for message in found
    ]
    return Outgoing(messages=views, next=views[-1].position if views else query.after)


@routes.put("/conversations/{conversation_id}", SERVICE)
async def register(call: Call, tx: Transaction, body: Registration) -> ConversationView:
    """会话: open one, or change its 长辈版."""
    conversation = await service.register(
        call.office, tx, call.path("conversation_id"), body.channel, body.identity, body.elder
    )
    return ConversationView(
        conversation_id=conversation.id,
        channel=conversation.channel,
        identity=conversation.identity,
        elder=conversation.elder,
        owner=conversation.owner,
        last_seq=conversation.last_seq,
    )


@routes.post("/conversations/{conversation_id}/messages", SERVICE)
async def append(call: Call, body: NewMessageBody) -> Appended:
    """Append to a conversation's log; the same key gives the same place."""
    messages, conversation = await service.append_all(
        call.office, call.path("conversation_id"), [_new(body)]
    )
    expects = [ExpectedView(number=e.number, since=e.since) for e in conversation.expects]
    return Appended(
        message_id=messages[0].id,
        seq=messages[0].seq,
        owner=conversation.owner,
        expects=expects,
    )


@routes.post("/conversations/{conversation_id}/messages/batch", SERVICE)
async def append_batch(call: Call, body: NewMessages) -> AppendedAll:
    """Append several messages to a conversation's log in their order."""
    messages, conversation = await service.append_all(
        call.office, call.path("conversation_id"), [_new(one) for one in body.messages]
    )
    places = [Place(message_id=message.id, seq=message.seq) for message in messages]
    return AppendedAll(messages=places, owner=conversation.owner)


def _new(body: NewMessageBody) -> NewMessage:
    """Return a message to append.

    Raises:
        TooLargeError: nobody says that much.
    """
    if len(body.body.model_dump_json()) > MAX_BODY_CHARACTERS:
        raise TooLargeError("message.too_long")
    author = Author(body.author.kind, body.author.id)
    content = body.body.model_dump(mode="json")
    return NewMessage(body.key, body.direction, author, content, body.at)


@routes.get("/conversations/{conversation_id}/messages", SERVICE)
async def read(call: Call, query: LogQuery) -> Log:
    """Read a piece of a conversation's log."""
    messages = await service.log(
        call.office, call.path("conversation_id"), query.after, query.limit
    )
    return Log(messages=[MessageView.of(message, reader=Reader.OWNER) for message in messages])


@routes.put("/conversations/{conversation_id}/deliveries/{reply_id}", SERVICE)
async def note_delivery(call: Call, tx: Transaction, body: DeliveryBody) -> Noted:
    """送达: keep how it stands with a reply that did not arrive at the first attempt."""
    delivery = Delivery(body.state, body.attempts, body.reason, body.next_try_at)
    await service.note_delivery(
        call.office, tx, call.path("conversation_id"), call.path("reply_id"), delivery
    )
    return Noted(state=delivery.state)


CAPABILITY = Capability("conversations", routes.endpoints, store.INDEXES)
