"""防重放: each timestamp and nonce is good for one message within a window of time."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

from pymongo.errors import DuplicateKeyError

from bot.clock import Clock
from bot.db import Database
from bot.errors import BadMessageError


class Nonces:
    """The collection `callback_nonces`; its documents end with the window.

    The platform repeats an unanswered callback, so the same nonce may come again with the same
    message, which the inbox knows already; with another message it is a forgery.
    """

    def __init__(self, database: Database, seconds: int, clock: Clock) -> None:
        self._nonces = database["callback_nonces"]
        self._window = timedelta(seconds=seconds)
        self._clock = clock

    def check_time(self, timestamp: str) -> None:
        """Refuse a callback from outside the window.

        Raises:
            BadMessageError: it is too old, too new, or no time at all.
        """
        if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 10):
            raise BadMessageError("callback.time")
        if abs(datetime.fromtimestamp(int(timestamp), UTC) - self._clock()) > self._window:
            raise BadMessageError("callback.time")

    async def use(self, channel: str, timestamp: str, nonce: str, message: str) -> None:
        """Bind the nonce to a message.

        Raises:
            BadMessageError: it was used with another one.
        """
        id = _digest(channel, timestamp, nonce)
        bound = _digest(message)
        try:
            await self._nonces.insert_one(
                {"_id": id, "message": bound, "expire_at": self._clock() + 2 * self._window}
            )
        except DuplicateKeyError:
            known = await self._nonces.find_one({"_id": id})
            if known is None or known["message"] != bound:
                raise BadMessageError("callback.replayed") from None


def _digest(*parts: str) -> str:
    """Return a short id that shows nothing of what it stands for."""
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
