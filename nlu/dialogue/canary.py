"""One sealed document that is written, read and opened, to tell whether the store can be used.

A store can answer `ping` while its disk is full, or while our keys do not open what it holds.
"""

from __future__ import annotations

import asyncio
import time
from datetime import datetime, timezone
from typing import Any

from cryptography.fernet import InvalidToken

from dialogue.errors import WrongKeyError
from dialogue.privacy import Envelope

_ID = "dialogue"
_REMEMBERED_SECONDS = 3.0
_PATIENCE_SECONDS = 2.0


class Canary:
    """The document in the collection `dialogue_canary`.

    Args:
        database: of motor.
        envelope: seals and opens.
    """

    def __init__(self, database: Any, envelope: Envelope) -> None:
        self._canaries = database["dialogue_canary"]
        self._trackers = database["trackers"]
        self._envelope = envelope
        self._begun = False
        self._well = True
        self._known_until = 0.0

    async def begin(self) -> None:
        """Write it at the first start, and make sure at every start that our keys open it.

        Raises:
            WrongKeyError: none of our keys opens it, or what is older than it.
            PyMongoError: the store does not answer or refuses.
        """
        if await self._canaries.find_one({"_id": _ID}) is None:
            older = await self._trackers.find_one({}, {"sealed": 1})
            if older is not None and not self._opens(older["sealed"]):
                raise WrongKeyError
            first = {"$setOnInsert": {"sealed": self._envelope.seal("canary")}}
            await self._canaries.update_one({"_id": _ID}, first, upsert=True)
        if not await self._sings():
            raise WrongKeyError
        self._begun = True

    async def well(self) -> bool:
        """Say whether the store can be used, as of some seconds ago.

        Raises:
            PyMongoError: the store does not answer or refuses.
        """
        if time.monotonic() >= self._known_until:
            try:
                self._well = await asyncio.wait_for(self._look(), _PATIENCE_SECONDS)
            except asyncio.TimeoutError:
                self._well = False
            self._known_until = time.monotonic() + _REMEMBERED_SECONDS
        return self._well

    async def _look(self) -> bool:
        """Say whether the store can be used; one that was away at the start is begun with now."""
        if self._begun:
            return await self._sings()
        try:
            await self.begin()
        except WrongKeyError:
            return False
        return True

    async def _sings(self) -> bool:
        """Write, read and open it; say whether it opens."""
        now = {"$set": {"checked_at": datetime.now(timezone.utc)}}
        await self._canaries.update_one({"_id": _ID}, now)
        kept = await self._canaries.find_one({"_id": _ID})
        return kept is not None and self._opens(kept["sealed"])

    def _opens(self, sealed: bytes) -> bool:
        try:
            self._envelope.unseal(sealed)
        except InvalidToken:
            return False
        return True
