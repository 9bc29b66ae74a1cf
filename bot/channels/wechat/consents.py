"""订阅授权: each consent of a citizen is good for one subscription message.

One document a consent, so that a repeated callback gives none twice and a repeated sending
spends none twice.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.clock import Clock
from bot.db import Database
from bot.privacy import Envelope


@dataclass(frozen=True)
class Consent:
    """一次授权: whom a message on it goes to, where that is not the follower."""

    to: str = ""


class Consents:
    """The collection `subscribe_consents`."""

    def __init__(self, database: Database, envelope: Envelope, clock: Clock) -> None:
        self._consents = database["subscribe_consents"]
        self._envelope = envelope
        self._clock = clock

    async def give(self, conversation_id: str, template: str, key: str, to: str = "") -> None:
        """Keep a consent; `key` is what the platform's retries have in common.

        Args:
            conversation_id: whose.
            template: for which notices.
            key: unique for a consent.
            to: openid at the mini-program it was given in.
        """
        await self._consents.update_one(
            {"_id": f"{key}:{template}"},
            {
                "$setOnInsert": {
                    "conversation_id": conversation_id,
                    "template": template,
                    "spent_by": None,
                    "to": self._envelope.seal({"id": to}) if to else "",
                    "at": self._clock(),
                }
            },
            upsert=True,
        )

    async def withdraw(self, conversation_id: str, template: str | None = None) -> None:
        """Forget the unspent consents, because the citizen said no or left."""
        query = {"conversation_id": conversation_id, "spent_by": None}
        await self._consents.delete_many(query | ({"template": template} if template else {}))

    async def spend(self, conversation_id: str, template: str, reply_id: str) -> Consent | None:
        """Use one consent for a message; a message that has used one needs no second."""
        mine = {"conversation_id": conversation_id, "template": template}
        spent = {"spent_by": reply_id}
        if not await self._consents.find_one(mine | spent, {"_id": 1}):
            await self._consents.update_one(mine | {"spent_by": None}, {"$set": spent})
        row = await self._consents.find_one(mine | spent)
        return Consent(self._opened(row.get("to", ""))) if row else None

    async def left(self, conversation_id: str, template: str) -> int:
        """Return how many messages may be sent."""
        return int(
            await self._consents.count_documents(
                {"conversation_id": conversation_id, "template": template, "spent_by": None}
            )
        )

    def _opened(self, to: str | bytes) -> str:
        """Return whom a message goes to; an earlier version wrote it in clear."""
        return to if isinstance(to, str) else str(self._envelope.unseal(to)["id"])
