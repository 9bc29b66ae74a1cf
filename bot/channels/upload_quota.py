"""上传限额: how many bytes a conversation, and an address, may have stored in a day."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from pymongo.errors import DuplicateKeyError

from bot.clock import Clock
from bot.db import Database, Document
from bot.errors import TooManyError
from bot.hashing import Hashing

_OFFICE_TIME = timezone(timedelta(hours=8))
_A_DAY = timedelta(days=1)
_TRIES = 5


@dataclass
class Room:
    """Room for one upload; `used` is set to the bytes that were stored."""

    used: int = 0


class UploadQuota:
    """The collection `upload_days`: bytes stored by key and day, in office time.

    It stands in MongoDB, unlike other limits, because what it bounds does: a restart or a lost
    Redis must not open the disk once more, and two writes are little beside the megabytes they
    count. Room is taken before a file is read and given back as far as it was not needed; whoever
    dies in between leaves a day's count too high, never too low. Keys are hashed, because an
    address is personal data.

    Args:
        hashing: hashes conversations and addresses.
        conversation_bytes: what a conversation may store in a day.
        address_bytes: what may be stored from one address in a day.
    """

    def __init__(
        self,
        database: Database,
        hashing: Hashing,
        *,
        conversation_bytes: int,
        address_bytes: int,
        clock: Clock,
    ) -> None:
        self._days = database["upload_days"]
        self._hashing = hashing
        self._conversation_bytes = conversation_bytes
        self._address_bytes = address_bytes
        self._clock = clock

    @asynccontextmanager
    async def room(
        self, most: int, conversation_id: str, address: str | None = None
    ) -> AsyncIterator[Room]:
        """Hold room for a file while it is stored.

        Args:
            most: bytes it has at most.
            conversation_id: whose it is.
            address: where it comes from; None where a platform brings it.

        Raises:
            TooManyError: so much does not fit into this day any more.
        """
        now = self._clock().astimezone(_OFFICE_TIME)
        counters = [(self._id(now, "conversation", conversation_id), self._conversation_bytes)]
        if address is not None:
            counters.append((self._id(now, "address", address), self._address_bytes))
        room, taken = Room(), list[str]()
        try:
            for counter, limit in counters:
                await self._take(counter, limit, most, now)
                taken.append(counter)
            yield room
        finally:
            for counter in taken:
                await self._days.update_one({"_id": counter}, {"$inc": {"bytes": room.used - most}})

    async def _take(self, counter: str, limit: int, most: int, now: datetime) -> None:
        """Count `most` bytes unless that passes the limit.

        Raises:
            TooManyError: it does.
        """
        fits = {"_id": counter, "bytes": {"$lte": limit - most}}
        count = {
            "$inc": {"bytes": most},
            "$setOnInsert": {"expire_at": now + 2 * _A_DAY},
        }
        for _ in range(_TRIES if most <= limit else 0):
            if await self._count(fits, count):
                return
            row = await self._days.find_one({"_id": counter})
            if row and row["bytes"] > limit - most:
                break
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0) + _A_DAY
        raise TooManyError("media.too_many", retry_after=int((midnight - now).total_seconds()) + 1)

    async def _count(self, fits: Document, count: Document) -> bool:
        """Count if it fits; False where it does not, or where another upload made the counter."""
        try:
            await self._days.update_one(fits, count, upsert=True)
        except DuplicateKeyError:
            return False
        return True

    def _id(self, now: datetime, kind: str, name: str) -> str:
        """Return the id of a counter."""
        return f"{now:%Y-%m-%d}:{self._hashing.of(f'{kind}:{name}')}"
