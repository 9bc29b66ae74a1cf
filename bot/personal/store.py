"""What the door's collections keep of some conversations.

The office decides whose data it is and names the conversations; what stands here is what passed
through the door on its way: received, said, and who is at the other end.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from pymongo import DeleteOne

from bot.channels.web_sessions import OPENING_LIFE
from bot.clock import Clock, now
from bot.db import Database, Document
from bot.privacy import Envelope

COLLECTIONS = (
    "inbox",
    "outbox",
    "mailboxes",
    "web_sessions",
    "web_tickets",
    "web_media",
    "channel_identities",
    "passive_windows",
    "subscribe_consents",
    "offers",
    "message_quotas",
    "wecom_welcomes",
)
WITHOUT_PERSONAL_DATA = {
    "door_canary": "what the keys are tried on",
    "door_keys": "the key under which tokens and openids are hashed, sealed",
    "upload_days": "bytes by hashed conversation and address, for two days",
    "callback_nonces": "numbers used once, for minutes",
    "feed_cursors": "how far the feed was read",
    "platform_tokens": "tokens of the office's own accounts",
    "wechat_qr_tickets": "codes that open a number or an item",
    "wecom_cursors": "how far an account was read",
}
_QUOTA_CHANNELS = ("wechat", "wecom")


class Personal:
    """The door's share of a person's data, over all its collections."""

    def __init__(self, database: Database, envelope: Envelope, clock: Clock = now) -> None:
        self._database = database
        self._envelope = envelope
        self._clock = clock

    async def copy(self, conversations: Sequence[str]) -> list[Document]:
        """Return what the door has of some conversations, opened."""
        return [await self._copy(conversation_id) for conversation_id in conversations]

    async def shut_out(self, conversations: Sequence[str]) -> int:
        """Let nobody come back to these conversations: browsers and followers begin anew.

        The id of a follower's conversation is made from who they are, so their identity is led to
        a new one; nothing that remembers the old one, in whatever process, is asked again.
        """
        shut = await self._end_sessions(conversations)
        await self._delete("web_tickets", {"conversation_id": {"$in": [*conversations]}})
        identities = self._database["channel_identities"]
        for conversation_id in conversations:
            door = conversation_id.partition("-")[0]
            led_here = await self._ids("channel_identities", {"conversation_id": conversation_id})
            own = await identities.find_one({"_id": conversation_id})
            if own is None and not led_here and door != "web":
                led_here = [conversation_id]
            elif own and "conversation_id" not in own:
                led_here.append(conversation_id)
            anew = {"conversation_id": f"{door}-{secrets.token_hex(12)}"}
            for identity in led_here:
                change = {"$set": anew, "$unset": {"union": ""}}
                await identities.update_one({"_id": identity}, change, upsert=True)
            shut += len(led_here)
        return shut

    async def _end_sessions(self, conversations: Sequence[str]) -> int:
        """End browsers' sessions; what is left of one says only that its token is used up."""
        sessions = self._database["web_sessions"]
        ended = {"ended": True, "forget_at": self._clock() + OPENING_LIFE}
        ids = await self._ids("web_sessions", {"conversation_id": {"$in": [*conversations]}})
        for session in ids:
            await sessions.replace_one({"_id": session}, ended)
        return len(ids)

    async def erase(self, conversations: Sequence[str]) -> int:
        """Remove what came in, what was said and who it was; return how many documents."""
        ids = [*conversations]
        erased = 0
        for conversation_id in ids:
            received = await self._ids("inbox", {"conversation_id": conversation_id})
            erased += await self._delete("passive_windows", {"_id": {"$in": received}})
            files = {"$gte": f"{conversation_id}:", "$lt": f"{conversation_id};"}
            erased += await self._delete("web_media", {"_id": files})
        for collection in ("inbox", "outbox", "subscribe_consents"):
            erased += await self._delete(collection, {"conversation_id": {"$in": ids}})
        quotas = [f"{channel}:{id}" for channel in _QUOTA_CHANNELS for id in ids]
        erased += await self._delete("message_quotas", {"_id": {"$in": quotas}})
        for collection in ("offers", "wecom_welcomes", "mailboxes"):
            erased += await self._delete(collection, {"_id": {"$in": ids}})
        return erased

    async def _copy(self, conversation_id: str) -> Document:
        """Return what the door has of one conversation."""
        mailbox = await self._database["mailboxes"].find_one({"_id": conversation_id}) or {}
        mine = {"conversation_id": conversation_id}
        return {
            "id": conversation_id,
            "channel": mailbox.get("channel"),
            "identity": self._identity(mailbox),
            "received": [self._open(row) async for row in self._database["inbox"].find(mine)],
            "said": [self._open(row) async for row in self._database["outbox"].find(mine)],
            "browsers": await self._database["web_sessions"].count_documents(mine),
        }

    def _identity(self, mailbox: Document) -> str | None:
        """Return how a channel knows its citizen; an earlier version kept it in clear."""
        kept = mailbox.get("identity")
        if kept is None or isinstance(kept, str):
            return kept
        return str(self._envelope.unseal(kept)["id"])

    def _open(self, row: Document) -> dict[str, Any]:
        """Return a message as it was, and when."""
        return {"at": row["at"].isoformat(), "body": self._envelope.unseal(row["body"])}

    async def _ids(self, collection: str, query: Document) -> list[Any]:
        """Return the ids of what a query finds."""
        return [row["_id"] async for row in self._database[collection].find(query, {"_id": 1})]

    async def _delete(self, collection: str, query: Document) -> int:
        """Delete what a query finds, one write a document; return how many there were.

        One write of many documents that meets a transaction stops the embedded server.
        """
        found = await self._ids(collection, query)
        if found:
            writes = [DeleteOne({"_id": id}) for id in found]
            await self._database[collection].bulk_write(writes, ordered=False)
        return len(found)
