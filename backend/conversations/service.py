"""Open conversations, append to their logs, and feed what the office says to the door."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from backend.conversations import store
from backend.conversations.model import (
    SYSTEM,
    Author,
    Conversation,
    Delivery,
    Expected,
    Message,
    NewMessage,
    Owner,
)
from backend.db import Document, Transaction
from backend.errors import ConflictError, NotFoundError
from backend.events import SYSTEM as BY_SYSTEM
from backend.events import Event, Who, emit
from backend.media import service as media
from backend.numbers import count, new_id
from backend.office import Inside, Office

OUTGOING = "outgoing"
# Messages after which a conversation tells anew where its log ends, at least.
NOTE_END_EVERY = 32
_FROM_LOG = "log:"
# Redis may be away: whoever waits looks again after this many seconds.
LOOK_AGAIN_SECONDS = 1.0


async def register(
    office: Inside,
    tx: Transaction,
    conversation_id: str,
    channel: str,
    identity: str,
    elder: bool | None,
) -> Conversation:
    """Open a conversation, or keep the one that is there.

    Raises:
        ConflictError: it belongs to somebody else.
    """
    known = await store.find(office.database, office.privacy, conversation_id, tx)
    if known is None:
        new = Conversation(conversation_id, channel, identity, bool(elder), "bot", None, 0)
        await store.insert(office.database, office.privacy, tx, new)
        return new
    if (known.channel, known.identity) != (channel, identity):
        raise ConflictError("conversation.not_yours")
    if elder is None or elder == known.elder:
        return known
    await store.set_elder(office.database, tx, conversation_id, elder)
    return replace(known, elder=elder)


async def seal_identities(office: Office) -> None:
    """Seal the identities that an earlier version wrote in clear."""
    await store.seal_identities(office.database, office.privacy)


async def get(office: Inside, conversation_id: str, tx: Transaction | None = None) -> Conversation:
    """Return a conversation.

    Raises:
        NotFoundError: there is none of this id.
    """
    conversation = await store.find(office.database, office.privacy, conversation_id, tx)
    if conversation is None:
        raise NotFoundError("conversation.not_found")
    return conversation


async def get_many(office: Office, ids: set[str]) -> dict[str, Conversation]:
    """Return those conversations that exist, by id."""
    return await store.find_many(office.database, office.privacy, ids) if ids else {}


async def append(
    office: Inside, tx: Transaction, conversation_id: str, new: NewMessage, *, to_feed: bool = False
) -> tuple[Message, Owner]:
    """Append to the log; the same key again gives the message that is there already.

    The owner answered is the one at this moment: `staff` means that the bot is silent. With
    `to_feed` the message also goes out to the citizen's channel.

    Raises:
        NotFoundError: there is no such conversation.
    """
    conversation = await get(office, conversation_id, tx)
    known = await store.by_key(office.database, office.privacy, tx, conversation_id, new.key)
    if known is not None:
        return known, conversation.owner
    message = Message(
        id=new_id(),
        conversation_id=conversation_id,
        seq=await store.end_of_log(office.database, conversation, tx) + 1,
        key=new.key,
        direction=new.direction,
        author=new.author,
        body=new.body,
        at=new.at,
        position=await count(office.database, tx, OUTGOING) if to_feed else None,
    )
    await store.set_end(office.database, conversation_id, message.seq, tx)
    await store.append(office.database, office.privacy, tx, message)
    if files := _files(new):
        await media.sent_in(office, tx, files, conversation_id)
    if to_feed:
        tx.wakeups.add(OUTGOING)
    if conversation.handoff_id is not None:
        await _tell_desk(office, tx, conversation.handoff_id, message)
    return message, conversation.owner


async def append_all(
    office: Office, conversation_id: str, news: Sequence[NewMessage]
) -> tuple[list[Message], Conversation]:
    """Append what was said to the log in one write, without a transaction where none is needed.

    The conversation is given as it is at this moment: whom it belongs to, what is waited for.

    A log has no gaps and two messages never share a place: the place is one after the last, and
    the index refuses a place that somebody else has taken meanwhile.

    Raises:
        NotFoundError: there is no such conversation.
    """
    conversation = await get(office, conversation_id)
    if conversation.handoff_id is None and not any(_files(new) for new in news):
        end = office.log_ends.get(conversation_id)
        if end is None:
            end = await store.end_of_log(office.database, conversation)
        messages = [
            Message(new_id(), conversation_id, seq, new.key, new.direction, new.author,
                    new.body, new.at)
            for seq, new in enumerate(news, end + 1)
        ]  # fmt: skip
        if await store.append_all(office.database, office.privacy, messages):
            await _keep_end(office, conversation, messages[-1].seq)
            return messages, conversation
    office.log_ends.forget(conversation_id)

    async def one_by_one(tx: Transaction) -> tuple[list[Message], Conversation]:
        appended = [await append(office, tx, conversation_id, new) for new in news]
        return [message for message, _ in appended], replace(conversation, owner=appended[-1][1])

    return await office.transact(one_by_one)


def _files(new: NewMessage) -> list[str]:
    """Return the files that a citizen sent with a message."""
    given = new.body.get("media_ids") if new.direction == "in" else None
    return [one for one in given if isinstance(one, str)] if isinstance(given, list) else []


async def _keep_end(office: Office, conversation: Conversation, seq: int) -> None:
    """Remember where a log ends, and now and then write it down for whoever starts anew."""
    office.log_ends.keep(conversation.id, seq)
    if seq - conversation.last_seq >= NOTE_END_EVERY:
        await store.set_end(office.database, conversation.id, seq)


async def say(
    office: Inside,
    tx: Transaction,
    conversation_id: str,
    body: Document,
    *,
    key: str | None = None,
    author: Author = SYSTEM,
) -> Message:
    """Say something to a citizen from the office: a notice of a case, a word of staff.

    Args:
        office: the office.
        tx: the transaction of what there is to tell about.
        conversation_id: whom to tell.
        body: a Reply of the contract, such as `{"kind": "notice", "text": …}`.
        key: makes it happen once; a random one where the caller runs once anyway.
        author: who speaks.
    """
    new = NewMessage(key or f"office:{new_id()}", "out", author, body, office.clock.now())
    message, _ = await append(office, tx, conversation_id, new, to_feed=True)
    return message


async def expect(
    office: Inside, tx: Transaction, conversation_id: str, number: str, since: datetime
) -> None:
    """等您补 Expect the supplement of a case in a conversation from now on.

    Args:
        office: the office.
        tx: the transaction in which the case is sent back.
        conversation_id: where the citizen will answer.
        number: the case's; expecting it again changes nothing but the moment.
        since: when it was sent back.
    """
    await store.expect(office.database, tx, conversation_id, Expected(number, since))


async def unaware(office: Office, ids: set[str]) -> set[str]:
    """Return those conversations that were never told what is expected in them."""
    return await store.unaware(office.database, ids) if ids else set()


async def expect_no_more(
    office: Inside, tx: Transaction, conversation_id: str, number: str
) -> None:
    """Expect nothing more of a case: it was supplemented or withdrawn."""
    await store.expect_no_more(office.database, tx, conversation_id, number)


async def set_owner(
    office: Inside, tx: Transaction, conversation_id: str, owner: Owner, handoff_id: str | None
) -> None:
    """Say who answers from now on; `handoff_id` is the open handoff, if there is one."""
    end = await store.end_of_log(office.database, await get(office, conversation_id, tx), tx)
    await store.set_owner(office.database, tx, conversation_id, owner, handoff_id)
    await store.set_end(office.database, conversation_id, end, tx)


async def log(office: Inside, conversation_id: str, after: int, limit: int) -> list[Message]:
    """Return a piece of the log.

    Raises:
        NotFoundError: there is no such conversation.
    """
    await get(office, conversation_id)
    return await store.log_after(office.database, office.privacy, conversation_id, after, limit)


async def asked_after(
    office: Inside, conversation_id: str, after: int, tx: Transaction | None = None
) -> datetime | None:
    """Return when the citizen wrote the first message after a place of the log, if any."""
    return await store.citizen_after(office.database, conversation_id, after, tx)


async def note_delivery(
    office: Inside, tx: Transaction, conversation_id: str, reply_id: str, delivery: Delivery
) -> None:
    """Keep how it stands with a reply that did not arrive at the first attempt.

    Args:
        office: the office.
        tx: the transaction.
        conversation_id: whose reply it is.
        reply_id: the door's name of it: the key of a bot's reply, or `log:{message id}`.
        delivery: how it stands now.

    Raises:
        NotFoundError: the log has no such reply.
    """
    if reply_id.startswith(_FROM_LOG):
        wanted = reply_id.removeprefix(_FROM_LOG)
        message = await store.by_id(office.database, office.privacy, tx, conversation_id, wanted)
    else:
        message = await store.by_key(office.database, office.privacy, tx, conversation_id, reply_id)
    if message is None:
        raise NotFoundError("message.not_found")
    before = await store.set_delivery(office.database, tx, message, delivery)
    if before == delivery.state:
        return
    handoff_id = (await get(office, conversation_id, tx)).handoff_id
    event = Event(
        "handoff" if handoff_id else "conversation",
        handoff_id or conversation_id,
        f"message.{delivery.state}",
        BY_SYSTEM,
        office.clock.now(),
        delivery.reason,
        {"message_id": message.id, "seq": message.seq, "attempts": delivery.attempts},
    )
    await emit(office.database, tx, event)


async def deliveries(
    office: Office, conversation_id: str, after: int, limit: int
) -> dict[str, Delivery]:
    """Return, by message, how it stands with replies that did not arrive at once."""
    return await store.deliveries(office.database, conversation_id, after, limit)


async def outgoing(office: Office, after: int, limit: int, wait: float) -> list[Message]:
    """Return what the office has said after position `after`; wait `wait` seconds for the first."""
    with office.wakeups.bell(OUTGOING) as bell:
        deadline = asyncio.get_running_loop().time() + wait
        while True:
            found = await store.outgoing_after(office.database, office.privacy, after, limit)
            left = deadline - asyncio.get_running_loop().time()
            if found or left <= 0 or office.wakeups.closing:
                return found
            await bell.wait(min(left, LOOK_AGAIN_SECONDS))


async def _tell_desk(office: Inside, tx: Transaction, handoff_id: str, message: Message) -> None:
    """Let the staff desk know of a new message, without its words."""
    author = message.author
    who = Who("staff", author.id) if author.kind == "staff" else BY_SYSTEM
    if author.kind == "citizen":
        who = Who("citizen", message.conversation_id)
    data = {
        "conversation_id": message.conversation_id,
        "message_id": message.id,
        "seq": message.seq,
        "direction": message.direction,
        "author": author.kind,
    }
    event = Event("handoff", handoff_id, "message.appended", who, message.at, data=data)
    await emit(office.database, tx, event)
