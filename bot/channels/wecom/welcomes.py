"""欢迎语: codes that allow one greeting within 20 seconds of entering."""

from __future__ import annotations

from datetime import timedelta

from bot.clock import Clock
from bot.db import Database

LIFE = timedelta(seconds=20)


class Welcomes:
    """The collection `wecom_welcomes`: one document a conversation."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._welcomes = database["wecom_welcomes"]
        self._clock = clock

    async def keep(self, conversation_id: str, code: str) -> None:
        """Keep the latest code."""
        await self._welcomes.replace_one(
            {"_id": conversation_id},
            {"_id": conversation_id, "code": code, "until": self._clock() + LIFE},
            upsert=True,
        )

    async def take(self, conversation_id: str) -> str | None:
        """Take the code out if it is still good."""
        row = await self._welcomes.find_one({"_id": conversation_id})
        if row is None or row["until"] <= self._clock():
            return None
        taken = await self._welcomes.delete_one({"_id": conversation_id, "code": row["code"]})
        return str(row["code"]) if taken.deleted_count else None
