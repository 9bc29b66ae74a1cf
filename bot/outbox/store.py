"""发件 in MongoDB: the `outbox`, one document a reply, ordered per conversation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from cryptography.fernet import InvalidToken
from motor.motor_asyncio import AsyncIOMotorClientSession
from pymongo import UpdateOne
from pymongo.errors import BulkWriteError, DuplicateKeyError

from bot.clock import Clock
from bot.db import Database, Document
from bot.outbox.model import OPEN_STATES, PARKED, NewReply, Outgoing
from bot.privacy import Envelope

_LOOK_AT_ONCE = 500
_DUPLICATE = 11000


class Outbox:
    """Replies to be said, and what became of them."""

    def __init__(self, database: Database, envelope: Envelope, clock: Clock) -> None:
        self._outbox = database["outbox"]
        self._mailboxes = database["mailboxes"]
        self._envelope = envelope
        self._clock = clock

    async def add(
        self,
        conversation_id: str,
        replies: Sequence[NewReply],
        first_order: int,
        session: AsyncIOMotorClientSession | None = None,
    ) -> None:
        """Write replies in order, the first with `first_order`."""
        if replies:
            rows = [
                self._row(conversation_id, reply, first_order + place)
                for place, reply in enumerate(replies)
            ]
            await self._outbox.insert_many(rows, session=session)

    async def add_said(self, replies: Sequence[Outgoing]) -> None:
        """Write down replies that stand in the log and have thereby been said."""
        rows = [
            self._row(reply.conversation_id, _new(reply), reply.order)
            | {
                "state": reply.state,
                "attempts": reply.attempts,
                "log_seq": reply.log_seq,
                "sent_at": reply.at,
            }
            for reply in replies
        ]
        try:
            await self._outbox.insert_many(rows, ordered=False)
        except BulkWriteError as error:
            if any(failed["code"] != _DUPLICATE for failed in error.details["writeErrors"]):
                raise

    async def add_once(self, conversation_id: str, reply: NewReply) -> bool:
        """Write a single reply unless its id is known; say whether it is new."""
        if await self._outbox.find_one({"_id": reply.id}, {"_id": 1}):
            return False
        order = await self._next_order(conversation_id)
        try:
            await self._outbox.insert_one(self._row(conversation_id, reply, order))
        except DuplicateKeyError:
            return False
        return True

    async def _next_order(self, conversation_id: str) -> int:
        """Return the conversation's next place, which nobody else gets."""
        while True:
            mailbox = await self._mailboxes.find_one({"_id": conversation_id}, {"next_order": 1})
            if mailbox is None:
                raise LookupError(f"no mailbox {conversation_id}")
            counted = await self._mailboxes.update_one(mailbox, {"$inc": {"next_order": 1}})
            if counted.matched_count:
                return int(mailbox["next_order"])

    async def due_conversations(self) -> list[str]:
        """Return conversations with a reply whose time has come, oldest first."""
        cursor = (
            self._outbox.find(
                {"state": {"$in": OPEN_STATES}, "next_try_at": {"$lte": self._clock()}},
                {"conversation_id": 1},
            )
            .sort("next_try_at", 1)
            .limit(_LOOK_AT_ONCE)
        )
        return list(dict.fromkeys([row["conversation_id"] async for row in cursor]))

    async def open(self, conversation_id: str, *, parked: bool = False) -> list[Outgoing]:
        """Return what still has to be said to the conversation, in order."""
        cursor = (
            self._outbox.find(
                {
                    "conversation_id": conversation_id,
                    "state": {"$in": [*OPEN_STATES, PARKED] if parked else OPEN_STATES},
                    "order": {"$gt": 0},
                }
            )
            .sort("order", 1)
            .limit(_LOOK_AT_ONCE)
        )
        return [self._outgoing(row) async for row in cursor]

    async def of_message(self, inbox_id: str) -> list[Outgoing]:
        """Return every reply to one message, said or not, in order."""
        rows = [self._outgoing(row) async for row in self._outbox.find({"inbox_id": inbox_id})]
        return sorted(rows, key=lambda row: row.order)

    async def answers(self, inbox_id: str) -> bool:
        """Say whether an answer to a message has been written down, be it said or not."""
        query = {"inbox_id": inbox_id, "apology": False}
        return await self._outbox.find_one(query, {"_id": 1}) is not None

    async def claim(self, reply_id: str) -> bool:
        """Take an apology for sending, so that it is not also shown as a passing note."""
        result = await self._outbox.update_one(
            {"_id": reply_id, "state": {"$in": OPEN_STATES}}, {"$set": {"state": "sending"}}
        )
        return result.matched_count == 1

    async def mark_sent(self, reply_id: str, log_seq: int | None) -> None:
        """Record that it was said, and where it stands in the log."""
        await self._outbox.update_one(
            {"_id": reply_id},
            {
                "$set": {"state": "sent", "log_seq": log_seq, "sent_at": self._clock()},
                "$inc": {"attempts": 1},
            },
        )

    async def mark_said(self, *reply_ids: str) -> None:
        """Record that replies were said whose place in the log is recorded by somebody else."""
        said = {"$set": {"state": "sent", "sent_at": self._clock()}, "$inc": {"attempts": 1}}
        await self._write_each([{"_id": id} for id in reply_ids], said)

    async def mark_failed_try(
        self, reply_id: str, error: str, next_try_at: datetime | None
    ) -> None:
        """Record a failed attempt; without `next_try_at` it is given up."""
        state: dict[str, Any] = (
            {"state": "pending", "next_try_at": next_try_at} if next_try_at else {"state": "failed"}
        )
        await self._outbox.update_one(
            {"_id": reply_id},
            {"$set": state | {"last_error": error, "untold": True}, "$inc": {"attempts": 1}},
        )

    async def untold(self) -> list[Outgoing]:
        """Return replies of which staff do not know yet how it stands with them."""
        cursor = self._outbox.find({"untold": True}).limit(_LOOK_AT_ONCE)
        return [
            self._outgoing(row)
            async for row in cursor
            if row.get("told") != _told(row["state"], row["attempts"])
        ]

    async def mark_told(self, reply: Outgoing) -> None:
        """Record what staff know; a reply that is still on its way is looked at again."""
        told = _told(reply.state, reply.attempts)
        changes = reply.state in (*OPEN_STATES, PARKED)
        await self._outbox.update_one(
            {"_id": reply.id, "state": reply.state, "attempts": reply.attempts},
            {"$set": {"told": told}} if changes else {"$unset": {"untold": "", "told": ""}},
        )

    async def hold(self, reply_id: str, until: datetime, log_seq: int | None) -> None:
        """Leave a reply alone until a moment; that is no attempt."""
        await self._outbox.update_one(
            {"_id": reply_id, "state": {"$in": OPEN_STATES}},
            {"$set": {"next_try_at": until, "log_seq": log_seq}},
        )

    async def park(self, reply_id: str, reason: str) -> None:
        """Put a reply aside until the citizen writes; it holds up nothing behind it."""
        await self._outbox.update_one(
            {"_id": reply_id},
            {
                "$set": {"state": PARKED, "last_error": reason, "untold": True},
                "$inc": {"attempts": 1},
            },
        )

    async def unpark(self, conversation_id: str) -> None:
        """Take what was put aside up again."""
        parked = [
            {"_id": reply.id, "state": PARKED}
            for reply in await self.open(conversation_id, parked=True)
            if reply.state == PARKED
        ]
        await self._write_each(parked, {"$set": {"state": "pending", "next_try_at": self._clock()}})

    async def release(self, conversation_id: str) -> None:
        """Let what the conversation waits for be tried at once, because something changed."""
        now = self._clock()
        waiting = [
            {"_id": reply.id, "state": {"$in": OPEN_STATES}}
            for reply in await self.open(conversation_id)
            if reply.next_try_at > now
        ]
        await self._write_each(waiting, {"$set": {"next_try_at": now}})

    async def _write_each(self, queries: Sequence[Document], change: Document) -> None:
        """Write one document after the other, all with one call.

        One write of many documents that meets a transaction stops the embedded server for ever.
        """
        if queries:
            writes = [UpdateOne(query, change) for query in queries]
            await self._outbox.bulk_write(writes, ordered=False)

    async def drop_apology(
        self, inbox_id: str, session: AsyncIOMotorClientSession | None = None
    ) -> None:
        """Forget an apology nobody has seen yet, because the answer comes."""
        await self._outbox.update_one(
            {"_id": apology_id(inbox_id), "state": {"$in": OPEN_STATES}},
            {"$set": {"state": "dropped"}},
            session=session,
        )

    async def show_apologies(self, conversation_id: str) -> list[Outgoing]:
        """Claim the apologies that cannot reach the log, to be shown in passing, each once."""
        shown = []
        for reply in await self.open(conversation_id):
            if not (reply.apology and reply.attempts):
                continue
            result = await self._outbox.update_one(
                {"_id": reply.id, "state": "pending"},
                {"$set": {"state": "sent", "sent_at": self._clock()}},
            )
            if result.modified_count:
                shown.append(reply)
        return shown

    def _row(self, conversation_id: str, reply: NewReply, order: int) -> Document:
        """Build the stored document of a new reply."""
        now = self._clock()
        return {
            "_id": reply.id,
            "conversation_id": conversation_id,
            "inbox_id": reply.inbox_id,
            "order": order,
            "body": self._envelope.seal(reply.body),
            "logged": reply.logged,
            "apology": reply.apology,
            "state": "pending",
            "attempts": 0,
            "at": now,
            "next_try_at": now,
        }

    def _outgoing(self, row: Document) -> Outgoing:
        """Open a stored reply; one that no key opens is handed on without its words."""
        try:
            body, sealed = self._envelope.unseal(row["body"]), False
        except InvalidToken:
            body, sealed = {}, True
        return Outgoing(
            id=row["_id"],
            conversation_id=row["conversation_id"],
            order=row["order"],
            body=body,
            state=row["state"],
            at=row["at"],
            next_try_at=row["next_try_at"],
            attempts=row["attempts"],
            logged=row["logged"],
            apology=row["apology"],
            log_seq=row.get("log_seq"),
            last_error=row.get("last_error"),
            inbox_id=row.get("inbox_id"),
            sealed=sealed,
        )


def apology_id(inbox_id: str) -> str:
    """Return the one id an apology for a message can have, so that there is only one."""
    return f"{inbox_id}:apology"


def _told(state: str, attempts: int) -> str:
    """Name how it stands with a reply, so that the same is told once."""
    return f"{state}:{attempts}"


def _new(reply: Outgoing) -> NewReply:
    """Return the reply as it was before anybody sent it."""
    return NewReply(id=reply.id, body=reply.body, inbox_id=reply.inbox_id)
