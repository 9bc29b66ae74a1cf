"""第一句话: openings are counted by address, and past their number the first message waits."""

from __future__ import annotations

import asyncio
import math
from datetime import timedelta

from aiohttp import web

from bot.channels.web_openings import Opening
from bot.clock import Clock
from bot.errors import TooManyError
from bot.visitors import Visitors

_FULL_AT = 10
"""So many times the openings of a minute too many reach the longest delay."""


class FirstMessages:
    """Slows down whoever opens conversations by the hundred, and refuses nobody.

    Args:
        per_minute: openings from one address in a minute that cost no delay.
        longest: seconds of the longest delay.
    """

    def __init__(
        self, visitors: Visitors, *, per_minute: int, longest: float, clock: Clock
    ) -> None:
        self._visitors = visitors
        self._per_minute = per_minute
        self._longest = longest
        self._clock = clock
        self._held: set[str] = set()

    async def delay(self, request: web.Request) -> timedelta:
        """Count an opening; return how long after it the first message is taken."""
        surplus = await self._visitors.count(request, "open") - self._per_minute
        share = min(1.0, max(0.0, surplus / (_FULL_AT * self._per_minute)))
        return timedelta(seconds=share * self._longest)

    async def turn(self, opening: Opening) -> bool:
        """Return when the first message of a conversation may be taken; say whether it waited.

        Raises:
            TooManyError: another one of the same conversation waits already.
        """
        left = (opening.ready_at - self._clock()).total_seconds()
        if left <= 0:
            return False
        if opening.conversation_id in self._held:
            raise TooManyError("message.too_many", retry_after=math.ceil(left))
        self._held.add(opening.conversation_id)
        try:
            await asyncio.sleep(left)
        finally:
            self._held.discard(opening.conversation_id)
        return True
