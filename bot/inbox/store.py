"""收件 in MongoDB: `inbox` (messages) and `mailboxes` (one a conversation)."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Any, Literal

from cryptography.fernet import InvalidToken
from motor.motor_asyncio import AsyncIOMotorClientSession
from pymongo import UpdateOne
from pymongo.errors import DuplicateKeyError

from bot.clock import Clock
from bot.db import Database, Document
from bot.inbox.model import Accepted, Address, Received
from bot.lease_store import FREE
from bot.privacy import Envelope

_LOOK_AT_ONCE = 500
_KNOWN_MAILBOXES = 50_000
_WAKING = timedelta(seconds=0.25)


class Inbox:
    """Received messages, and the mailbox of each conversation."""

    def __init__(self, database: Database, envelope: Envelope, clock: Clock) -> None:
        self.mailboxes = database["mailboxes"]
        self._inbox = database["inbox"]
        self._envelope = envelope
        self._clock = clock
        self._open: OrderedDict[str, None] = OrderedDict()
        self._last_seq = 0

    async def open_mailbox(self, address: Address) -> None:
        """Create the mailbox of a conversation; an existing one is left as it is."""
        self._remember(address.conversation_id)
        try:
            await self.mailboxes.update_one(
                {"_id": address.conversation_id},
                {
                    "$setOnInsert": {
                        "channel": address.channel,
                        "identity": self._sealed(address.identity),
                        "elder": address.elder,
                        "registered": False,
                        "owner": "bot",
                        "next_order": 1,
                        "lease_owner": None,
                        "lease_until": FREE,
                        "fence": 0,
                    }
                },
                upsert=True,
            )
        except DuplicateKeyError:
            # Two first messages at once: the other one created it.
            return

    async def seal_identities(self) -> None:
        """Seal the identities that an earlier version wrote in clear."""
        async for row in self.mailboxes.find({"identity": {"$type": "string"}}, {"identity": 1}):
            known = {"_id": row["_id"], "identity": row["identity"]}
            sealed = {"identity": self._sealed(row["identity"])}
            await self.mailboxes.update_one(known, {"$set": sealed})

    def address_of(self, mailbox: Document) -> Address:
        """Return the address that a mailbox stands for."""
        identity = mailbox["identity"]
        if not isinstance(identity, str):
            identity = self._envelope.unseal(identity)["id"]
        return Address(mailbox["_id"], mailbox["channel"], identity, mailbox["elder"])

    def _sealed(self, identity: str) -> bytes:
        """Return an identity as it is kept: a platform knows its people by it."""
        return self._envelope.seal({"id": identity})

    async def accept(
        self, address: Address, platform_msg_id: str, body: dict[str, Any]
    ) -> Accepted:
        """Store a message; when this returns it cannot be lost any more.

        Args:
            address: who sent it.
            platform_msg_id: unique within the channel; a known one changes nothing.
            body: an InboundMessage.
        """
        inbox_id = f"{address.channel}:{platform_msg_id}"
        if address.conversation_id not in self._open:
            await self.open_mailbox(address)
        now = self._clock()
        document = {
            "_id": inbox_id,
            "conversation_id": address.conversation_id,
            "seq": self._next_seq(now),
            "body": self._envelope.seal(body),
            "state": "received",
            "attempts": 0,
            "at": now,
            "due_at": now,
        }
        try:
            await self._inbox.insert_one(document)
        except DuplicateKeyError:
            return Accepted(inbox_id, duplicate=True)
        return Accepted(inbox_id, duplicate=False)

    async def due_conversations(self) -> list[str]:
        """Return conversations with a message whose time has come, oldest first.

        One that came in this very moment is left to the wake-up that follows it.
        """
        cursor = (
            self._inbox.find(
                {"state": "received", "due_at": {"$lte": self._clock() - _WAKING}},
                {"conversation_id": 1},
            )
            .sort("due_at", 1)
            .limit(_LOOK_AT_ONCE)
        )
        return list(dict.fromkeys([row["conversation_id"] async for row in cursor]))

    async def waiting(self, conversation_id: str, limit: int = 20) -> list[Received]:
        """Return the conversation's messages that have not had their turn, in order."""
        cursor = (
            self._inbox.find(
                {"conversation_id": conversation_id, "state": "received", "seq": {"$gt": 0}}
            )
            .sort("seq", 1)
            .limit(limit)
        )
        return [self._received(row) async for row in cursor]

    async def is_over(self, inbox_id: str) -> bool:
        """Say whether a message has had its answer: it is `done` or `set_aside`."""
        return await self.state(inbox_id) not in {None, "received"}

    async def state(self, inbox_id: str) -> str | None:
        """Return `received`, `done`, `set_aside`, or None for a message never seen."""
        row = await self._inbox.find_one({"_id": inbox_id}, {"state": 1})
        return str(row["state"]) if row else None

    async def count_set_aside(self) -> int:
        """Return how many messages could not be done and wait for `paoyici aside retry`."""
        return await self._inbox.count_documents({"state": "set_aside"})

    async def conversation_of(self, inbox_id: str) -> str | None:
        """Return the conversation a message belongs to."""
        row = await self._inbox.find_one({"_id": inbox_id}, {"conversation_id": 1})
        return str(row["conversation_id"]) if row else None

    async def replace_body(self, inbox_id: str, body: dict[str, Any]) -> None:
        """Put a completed message in the place of what the platform sent."""
        await self._inbox.update_one(
            {"_id": inbox_id}, {"$set": {"body": self._envelope.seal(body)}}
        )

    async def mark_done(
        self,
        inbox_id: str,
        session: AsyncIOMotorClientSession | None = None,
        state: Literal["done", "set_aside"] = "done",
    ) -> bool:
        """Close a message; say False when somebody else has done so."""
        result = await self._inbox.update_one(
            {"_id": inbox_id, "state": "received"},
            {"$set": {"state": state, "done_at": self._clock()}},
            session=session,
        )
        return result.modified_count == 1

    async def mark_failed_try(
        self, message: Received, first_tried_at: datetime, due_at: datetime, error: str
    ) -> None:
        """Record a failed turn; nothing of the conversation is due before `due_at`."""
        await self._inbox.update_one(
            {"_id": message.id, "state": "received"},
            {
                "$set": {"first_tried_at": first_tried_at, "last_error": error},
                "$inc": {"attempts": 1},
            },
        )
        await self.defer(message.conversation_id, due_at)

    async def defer(self, conversation_id: str, due_at: datetime) -> None:
        """Let the whole conversation wait, because its messages go in order.

        One write a document: one write of many that meets a transaction stops the embedded server.
        """
        waiting = self._inbox.find(
            {"conversation_id": conversation_id, "state": "received", "due_at": {"$lt": due_at}},
            {"_id": 1},
        )
        later = {"$set": {"due_at": due_at}}
        writes = [
            UpdateOne({"_id": row["_id"], "state": "received"}, later) async for row in waiting
        ]
        if writes:
            await self._inbox.bulk_write(writes, ordered=False)

    async def mark_apologised(self, inbox_id: str) -> None:
        """Remember that the citizen knows that this message takes longer."""
        await self._inbox.update_one({"_id": inbox_id}, {"$set": {"apologised": True}})

    async def mailbox(self, conversation_id: str) -> Document | None:
        """Return the mailbox as it is now."""
        return await self.mailboxes.find_one({"_id": conversation_id})

    async def update_mailbox(self, conversation_id: str, **values: Any) -> None:
        """Set what was learnt about the conversation (registered, owner, elder)."""
        await self.mailboxes.update_one({"_id": conversation_id}, {"$set": values})

    def _next_seq(self, now: datetime) -> int:
        """Return the message's place: the microsecond of its arrival, each given out once here."""
        self._last_seq = max(self._last_seq + 1, int(now.timestamp() * 1_000_000))
        return self._last_seq

    def _remember(self, conversation_id: str) -> None:
        """Remember that a mailbox is there; none is ever taken away."""
        self._open[conversation_id] = None
        if len(self._open) > _KNOWN_MAILBOXES:
            self._open.popitem(last=False)

    def _received(self, row: Document) -> Received:
        """Open a stored message; one that no key opens is handed on without its words."""
        try:
            body, sealed = self._envelope.unseal(row["body"]), False
        except InvalidToken:
            body, sealed = {}, True
        return Received(
            id=row["_id"],
            conversation_id=row["conversation_id"],
            seq=row["seq"],
            body=body,
            at=row["at"],
            due_at=row["due_at"],
            attempts=row["attempts"],
            first_tried_at=row.get("first_tried_at"),
            apologised=row.get("apologised", False),
            sealed=sealed,
        )
