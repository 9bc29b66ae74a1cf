"""客服消息额度: how many messages may still be sent to a citizen without being asked.

After a message of the citizen's: five within 48 hours. After a menu click, a follow or a scan:
three within one minute. Both are counted here before a message leaves, never after.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Protocol

from pymongo.errors import DuplicateKeyError

from bot.clock import Clock
from bot.db import Database, Document

_REMEMBERED = 10
_KNOWN = 50_000
_RIGHTS = ("event", "message")
"""The shorter right is used first, because it ends first."""


class Counting(Protocol):
    """额度: what a delivery asks before it sends, and tells afterwards."""

    async def left(self, conversation_id: str, /) -> int:
        """Return how many messages may be sent now."""

    async def asked(self, conversation_id: str, /) -> bool:
        """Say whether the citizen may be waiting for an answer."""

    async def spend(self, conversation_id: str, /) -> str | None:
        """Use one message up; return the right it came from, None when there is none."""

    async def give_back(self, conversation_id: str, right: str, /) -> None:
        """Count a message that the platform certainly did not take as not sent."""

    async def exhaust(self, conversation_id: str, /) -> None:
        """Believe the platform when it says that nothing is left."""


Grant = tuple[int, timedelta]


class Quota:
    """The collection `message_quotas`: one document a conversation.

    Args:
        name: the channel.
        grants: how many messages `message` and `event` allow, and for how long.
    """

    def __init__(
        self, database: Database, name: str, grants: Mapping[str, Grant], clock: Clock
    ) -> None:
        self._quotas = database["message_quotas"]
        self._name = name
        self._grants = grants
        self._clock = clock
        self._known: OrderedDict[str, Document] = OrderedDict()

    async def renew(self, conversation_id: str, right: str, at: datetime) -> None:
        """Count anew from something the citizen did; doing it again changes nothing."""
        allowed, window = self._grants[right]
        begins = min(at, self._clock())
        row = self._known.get(conversation_id)
        while True:
            row = row or await self._quotas.find_one({"_id": self._id(conversation_id)}) or {}
            until = row.get(f"{right}_until")
            if until and until > begins + window:
                # A callback that comes late takes nothing back from what came after it.
                return
            # What left between the citizen's message and now counts against the new right.
            since = sum(1 for sent in row.get("sent", ()) if sent >= begins)
            change = {f"{right}_left": max(0, allowed - since), f"{right}_until": begins + window}
            if await self._write(conversation_id, row.get("spent"), change):
                self._remember(conversation_id, {"spent": 0, "sent": []} | row | change)
                return
            row = None

    def _remember(self, conversation_id: str, row: Document) -> None:
        """Remember a count, which is only ever used as long as nothing was sent since."""
        self._known[conversation_id] = row
        self._known.move_to_end(conversation_id)
        if len(self._known) > _KNOWN:
            self._known.popitem(last=False)

    async def _write(self, conversation_id: str, spent: int | None, change: Document) -> bool:
        """Write unless a message has left meanwhile."""
        id = self._id(conversation_id)
        if spent is not None:
            result = await self._quotas.update_one({"_id": id, "spent": spent}, {"$set": change})
            return result.matched_count == 1
        try:
            await self._quotas.insert_one({"_id": id, "spent": 0, "sent": [], **change})
        except DuplicateKeyError:
            return False
        return True

    async def left(self, conversation_id: str) -> int:
        """Return how many messages may be sent now."""
        row = await self._quotas.find_one({"_id": self._id(conversation_id)}) or {}
        now = self._clock()
        return sum(
            row[f"{right}_left"]
            for right in _RIGHTS
            if row.get(f"{right}_until") and row[f"{right}_until"] > now
        )

    async def asked(self, conversation_id: str) -> bool:
        """Say whether the citizen wrote within the window, and so may be left waiting."""
        row = await self._quotas.find_one({"_id": self._id(conversation_id)}) or {}
        return bool(row.get("message_until") and row["message_until"] > self._clock())

    async def spend(self, conversation_id: str) -> str | None:
        """Use one message up; return the right it came from, None when there is none."""
        for right in _RIGHTS:
            result = await self._quotas.update_one(
                {
                    "_id": self._id(conversation_id),
                    f"{right}_left": {"$gt": 0},
                    f"{right}_until": {"$gt": self._clock()},
                },
                {
                    "$inc": {f"{right}_left": -1, "spent": 1},
                    "$push": {"sent": {"$each": [self._clock()], "$slice": -_REMEMBERED}},
                },
            )
            if result.matched_count:
                return right
        return None

    async def give_back(self, conversation_id: str, right: str) -> None:
        """Count a message that the platform certainly did not take as not sent."""
        await self._quotas.update_one(
            {"_id": self._id(conversation_id)}, {"$inc": {f"{right}_left": 1}}
        )

    async def exhaust(self, conversation_id: str) -> None:
        """Believe the platform when it says that nothing is left."""
        await self._quotas.update_one(
            {"_id": self._id(conversation_id)},
            {"$set": {f"{right}_left": 0 for right in _RIGHTS}},
        )

    def _id(self, conversation_id: str) -> str:
        """Return the document's id."""
        return f"{self._name}:{conversation_id}"
