"""Fenced leases: one process at a time works on a thing, and a dead one is overtaken.

A lease ends by itself, and soon, so that a dead process is overtaken in seconds; a living one
keeps what it holds with one write a heartbeat, however long a turn takes. Whoever writes under a
lease names its fence in the same write, so a process that slept past its lease can no longer
change anything.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from motor.motor_asyncio import AsyncIOMotorCollection
from pymongo import UpdateOne

from bot.clock import Clock
from bot.db import Document
from bot.errors import LeaseLostError

FREE = datetime(2000, 1, 1, tzinfo=UTC)
"""`lease_until` of something nobody holds."""


@dataclass(frozen=True)
class Lease:
    """The right to work on one document until it ends.

    Attributes:
        document: what the holder knows of it; the holder keeps it up to date.
    """

    id: str
    fence: int
    until: datetime
    document: Document


class Leases:
    """Leases on the documents of one collection.

    Args:
        collection: its documents have `lease_owner`, `lease_until` and `fence`.
        owner: this process, for people who look.
        seconds: how long a lease lasts unless it is renewed.
    """

    def __init__(
        self,
        collection: AsyncIOMotorCollection[Document],
        owner: str,
        seconds: float,
        clock: Clock,
    ) -> None:
        self._collection = collection
        self._owner = owner
        self.seconds = seconds
        self._length = timedelta(seconds=seconds)
        self._clock = clock

    async def take(self, id: str) -> Lease | None:
        """Take the lease, or return None while somebody has it."""
        now = self._clock()
        # No findAndModify: the embedded server looks through the whole collection for it.
        taken = await self._collection.update_one(
            {"_id": id, "lease_until": {"$lte": now}},
            {
                "$set": {"lease_owner": self._owner, "lease_until": now + self._length},
                "$inc": {"fence": 1},
            },
        )
        if not taken.matched_count:
            return None
        # Whoever slept for a whole lease between the two finds somebody else's.
        document = await self._collection.find_one({"_id": id, "lease_owner": self._owner})
        return _lease(document) if document else None

    async def keep(self, lease: Lease) -> Lease:
        """Renew the lease when a third of it is over; before that, nothing is written.

        Raises:
            LeaseLostError: somebody else took it.
        """
        return await self._extend(lease) if self._is_old(lease) else lease

    async def renew(self, lease: Lease) -> Lease:
        """Make the lease last again from now, and read the document as it is now.

        Raises:
            LeaseLostError: somebody else took it.
        """
        extended = await self._extend(lease)
        document = await self._collection.find_one({"_id": lease.id, "fence": lease.fence})
        if document is None:
            raise LeaseLostError(lease.id)
        # What the holder alone knows is as true as before: nobody else had the lease.
        return replace(extended, document=lease.document | document)

    async def _extend(self, lease: Lease) -> Lease:
        """Make the lease last again from now.

        Raises:
            LeaseLostError: somebody else took it.
        """
        until = self._clock() + self._length
        extended = await self._collection.update_one(
            {"_id": lease.id, "fence": lease.fence}, {"$set": {"lease_until": until}}
        )
        if not extended.matched_count:
            raise LeaseLostError(lease.id)
        return replace(lease, until=until)

    async def keep_all(self, leases: Collection[Lease]) -> None:
        """Renew those of the leases that are a third over and still ours, all with one call.

        One write a document, because the embedded server stands still for ever when one write of
        many documents meets a transaction on one of them.
        """
        renewal = {"$set": {"lease_until": self._clock() + self._length}}
        writes = [
            UpdateOne({"_id": lease.id, "lease_owner": self._owner}, renewal)
            for lease in leases
            if self._is_old(lease)
        ]
        if writes:
            await self._collection.bulk_write(writes, ordered=False)

    def _is_old(self, lease: Lease) -> bool:
        """Say whether a third of the lease is over."""
        return lease.until - self._clock() <= self._length * 2 / 3

    async def release(self, lease: Lease) -> None:
        """Give the lease back; after somebody took it this changes nothing."""
        await self._collection.update_one(
            {"_id": lease.id, "fence": lease.fence},
            {"$set": {"lease_until": FREE, "lease_owner": None}},
        )


def _lease(document: Document) -> Lease:
    """Build the lease that a document describes."""
    return Lease(document["_id"], document["fence"], document["lease_until"], document)
