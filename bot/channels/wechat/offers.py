"""可点选项: which entries of our messages a citizen may press, and what each of them means.

A platform's menu sends back the words and a short id; the payload never leaves the house.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from bot.db import Database
from bot.privacy import Envelope

_REMEMBERED = 40


@dataclass(frozen=True)
class Offer:
    """选项: one entry; `number` is set where the citizen sees one before it."""

    title: str
    payload: str
    number: int | None = None

    @property
    def id(self) -> str:
        """Return the id that the platform sends back."""
        return hashlib.sha256(f"{self.title}\n{self.payload}".encode()).hexdigest()[:10]


class Offers:
    """The collection `offers`: one document a conversation, newest entries first."""

    def __init__(self, database: Database, envelope: Envelope) -> None:
        self._offers = database["offers"]
        self._envelope = envelope

    async def remember(self, conversation_id: str, offers: Sequence[Offer]) -> None:
        """Keep what is being offered; the latest ones may also be answered in words."""
        latest = [[one.id, one.title, one.payload, one.number] for one in offers]
        known, _ = await self._read(conversation_id)
        fresh = {one[0] for one in latest}
        older = [one for one in known if one[0] not in fresh]
        sealed = self._envelope.seal({"all": (latest + older)[:_REMEMBERED], "latest": len(latest)})
        await self._offers.update_one(
            {"_id": conversation_id}, {"$set": {"sealed": sealed}}, upsert=True
        )

    async def chosen(self, conversation_id: str, menu_id: str, text: str) -> str | None:
        """Return the payload of what was pressed, or said in an offered entry's own words."""
        known, latest = await self._read(conversation_id)
        for id, _, payload, _ in known:
            if menu_id and id == menu_id:
                return str(payload)
        said = text.strip(" 。.、")
        for _, title, payload, number in known[:latest]:
            if said and said in {title, str(number)}:
                return str(payload)
        return None

    async def _read(self, conversation_id: str) -> tuple[list[list[str]], int]:
        """Return what is remembered, and how many of it are the latest."""
        row = await self._offers.find_one({"_id": conversation_id})
        if row is None:
            return [], 0
        kept = self._envelope.unseal(row["sealed"])
        return kept["all"], kept["latest"]
