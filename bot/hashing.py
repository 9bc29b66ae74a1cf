"""The key under which the door hashes what it looks up: tokens, openids, addresses.

Conversations of messaging apps are named by such a hash, so the key never changes. It lies sealed
in the store and was `TOKEN_KEY` at the store's first start; since then that only signs, and can be
replaced.
"""

from __future__ import annotations

from bot.db import Database
from bot.privacy import Envelope, token_hash

_ID = "hashing"


class Hashing:
    """The collection `door_keys`, which has one document.

    Args:
        envelope: seals the key.
    """

    def __init__(self, database: Database, envelope: Envelope) -> None:
        self._keys = database["door_keys"]
        self._envelope = envelope
        self._key: str | None = None

    async def open(self, first: str) -> None:
        """Read the key.

        Args:
            first: hex key that is kept where there is none yet.
        """
        kept = {"$setOnInsert": {"sealed": self._envelope.seal({"key": first})}}
        await self._keys.update_one({"_id": _ID}, kept, upsert=True)
        row = await self._keys.find_one({"_id": _ID})
        assert row is not None, "just written"
        self._key = str(self._envelope.unseal(row["sealed"])["key"])

    def of(self, text: str) -> str:
        """Return the hash of a text, from which it cannot be found again."""
        assert self._key is not None, "opened before anybody comes"
        return token_hash(self._key, text)
