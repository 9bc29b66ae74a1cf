"""读取位置: how far each customer service account was read, and that there is something to read.

A callback only says that there is news; it is written here before the platform is answered, so
that a process that dies before reading leaves the errand to the next one.
"""

from __future__ import annotations

from pymongo.errors import DuplicateKeyError

from bot.clock import Clock
from bot.db import Database
from bot.lease_store import FREE, Lease, Leases

_LEASE_SECONDS = 20.0


class KfCursors:
    """The collection `wecom_cursors`: one document an account."""

    def __init__(self, database: Database, clock: Clock, owner: str) -> None:
        self._cursors = database["wecom_cursors"]
        self.leases = Leases(self._cursors, owner, _LEASE_SECONDS, clock)
        self._clock = clock

    async def announce(self, desk: str, token: str) -> None:
        """Write down that there is something to read."""
        news = {"$set": {"token": token, "told_at": self._clock()}, "$inc": {"told": 1}}
        try:
            await self._cursors.update_one(
                {"_id": desk},
                news
                | {
                    "$setOnInsert": {
                        "cursor": "",
                        "read": 0,
                        "lease_owner": None,
                        "lease_until": FREE,
                        "fence": 0,
                    }
                },
                upsert=True,
            )
        except DuplicateKeyError:
            await self._cursors.update_one({"_id": desk}, news)

    async def unread(self) -> list[str]:
        """Return the accounts with news."""
        rows = self._cursors.find({}, {"told": 1, "read": 1})
        return [str(row["_id"]) async for row in rows if row["told"] > row["read"]]

    async def advance(self, lease: Lease, cursor: str) -> None:
        """Move on after a page; nothing happens when somebody else reads now."""
        await self._cursors.update_one(
            {"_id": lease.id, "fence": lease.fence}, {"$set": {"cursor": cursor}}
        )

    async def finish(self, lease: Lease, told: int) -> None:
        """Write down that everything announced until then was read."""
        await self._cursors.update_one(
            {"_id": lease.id, "fence": lease.fence}, {"$set": {"read": told}}
        )
