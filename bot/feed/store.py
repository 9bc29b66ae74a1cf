"""How far the office's outgoing feed was read: `feed_cursors`, one document a feed."""

from __future__ import annotations

from motor.motor_asyncio import AsyncIOMotorCollection
from pymongo.errors import DuplicateKeyError

from bot.db import Database, Document
from bot.lease_store import FREE, Lease

OUTGOING = "outgoing"


class Cursors:
    """The durable place in a feed; one process at a time reads it."""

    def __init__(self, database: Database) -> None:
        self.collection: AsyncIOMotorCollection[Document] = database["feed_cursors"]

    async def open(self) -> None:
        """Create the cursor at the beginning of the feed unless it exists."""
        try:
            await self.collection.update_one(
                {"_id": OUTGOING},
                {
                    "$setOnInsert": {
                        "position": "0",
                        "lease_owner": None,
                        "lease_until": FREE,
                        "fence": 0,
                    }
                },
                upsert=True,
            )
        except DuplicateKeyError:
            # Another process created it in the same moment.
            return

    async def advance(self, lease: Lease, position: str) -> bool:
        """Move on; say False when somebody else reads the feed now."""
        result = await self.collection.update_one(
            {"_id": OUTGOING, "fence": lease.fence}, {"$set": {"position": position}}
        )
        return result.matched_count == 1
