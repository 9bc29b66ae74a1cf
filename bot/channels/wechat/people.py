"""渠道身份: which conversation an identity of the platform has; linked ones share one.

`channel_identities` has one document an identity; openids are sealed in it and never stand in
ids, because ids stand in logs.
"""

from __future__ import annotations

from pymongo.errors import DuplicateKeyError

from bot.clock import Clock
from bot.db import Database
from bot.hashing import Hashing

_ID_LENGTH = 24


class ChannelIdentities:
    """The collection `channel_identities`.

    Args:
        hashing: hashes openids and unionids.
    """

    def __init__(self, database: Database, hashing: Hashing, clock: Clock) -> None:
        self._identities = database["channel_identities"]
        self._hashing = hashing
        self._clock = clock

    def own_conversation(self, door: str, app: str, openid: str) -> str:
        """Return the conversation an identity has by itself."""
        return f"{door}-{self._hashing.of(f'{app}:{openid}')[:_ID_LENGTH]}"

    async def conversation_of(self, own: str) -> str:
        """Return the conversation an identity uses: its own, or the one it was linked to."""
        row = await self._identities.find_one({"_id": own})
        return str(row["conversation_id"]) if row and "conversation_id" in row else own

    async def union_known(self, own: str) -> bool:
        """Say whether the unionid of an identity was learnt."""
        return bool(await self._identities.find_one({"_id": own, "union": {"$gt": ""}}, {"_id": 1}))

    async def learn_union(self, own: str, unionid: str) -> list[str]:
        """Keep who is behind an identity; return the other identities of the same person."""
        union = self._hashing.of(unionid)
        await self._set(own, {"union": union})
        rows = self._identities.find({"union": union})
        return [str(row["_id"]) async for row in rows if row["_id"] != own]

    async def link(self, own: str, conversation_id: str) -> None:
        """Let an identity use another conversation from now on."""
        await self._set(own, {"conversation_id": conversation_id})

    async def _set(self, own: str, values: dict[str, str]) -> None:
        """Write to the identity's document, which may not exist yet."""
        try:
            await self._identities.update_one(
                {"_id": own},
                {"$set": values, "$setOnInsert": {"at": self._clock()}},
                upsert=True,
            )
        except DuplicateKeyError:
            await self._identities.update_one({"_id": own}, {"$set": values})
