"""Who a browser is: conversation tokens, and the media each conversation may see."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from time import monotonic

from pymongo.errors import DuplicateKeyError

from bot.clock import Clock
from bot.db import Database
from bot.errors import NotAuthorisedError, NotFoundError
from bot.privacy import token_hash

_KNOWN_SESSIONS = 20_000
_KNOWN_SECONDS = 5.0
"""A session that was moved in another process is found where it was for this long."""


class WebSessions:
    """`web_sessions` (hashes of tokens) and `web_media` (media ids by conversation)."""

    def __init__(self, database: Database, token_key: str, clock: Clock) -> None:
        self._sessions = database["web_sessions"]
        self._media = database["web_media"]
        self._token_key = token_key
        self._clock = clock
        self._known: OrderedDict[str, tuple[str, float]] = OrderedDict()

    async def create(self, conversation_id: str | None = None) -> tuple[str, str]:
        """Open a conversation, or one more view of it; return its id and a token never stored."""
        conversation_id = conversation_id or f"web-{secrets.token_urlsafe(12)}"
        token = secrets.token_urlsafe(32)
        await self._sessions.insert_one(
            {
                "_id": token_hash(self._token_key, token),
                "conversation_id": conversation_id,
                "at": self._clock(),
            }
        )
        return conversation_id, token

    async def conversation_of(self, token: str) -> str:
        """Return the conversation that a token opens.

        Raises:
            NotAuthorisedError: the token is empty or unknown.
        """
        if not token:
            raise NotAuthorisedError("session.missing")
        hashed = token_hash(self._token_key, token)
        known = self._known.get(hashed)
        if known and known[1] > monotonic():
            return known[0]
        row = await self._sessions.find_one({"_id": hashed})
        if row is None:
            raise NotAuthorisedError("session.unknown")
        conversation_id = str(row["conversation_id"])
        self._known[hashed] = (conversation_id, monotonic() + _KNOWN_SECONDS)
        self._known.move_to_end(hashed)
        if len(self._known) > _KNOWN_SESSIONS:
            self._known.popitem(last=False)
        return conversation_id

    async def move(self, old: str, new: str) -> None:
        """Let whoever looked at one conversation look at another: both belong to one person."""
        self._known.clear()
        await self._sessions.update_many(
            {"conversation_id": old}, {"$set": {"conversation_id": new}}
        )

    async def own_media(self, conversation_id: str, media_id: str) -> None:
        """Remember that a file belongs to a conversation."""
        try:
            await self._media.insert_one(
                {"_id": f"{conversation_id}:{media_id}", "at": self._clock()}
            )
        except DuplicateKeyError:
            # The office gives the same file the same id; it is ours already.
            return

    async def check_media(self, conversation_id: str, media_ids: list[str]) -> None:
        """Check that files belong to the conversation.

        Raises:
            NotFoundError: one does not, or does not exist: both are answered alike.
        """
        for media_id in media_ids:
            if not await self._media.find_one({"_id": f"{conversation_id}:{media_id}"}):
                raise NotFoundError("media.not_found")
