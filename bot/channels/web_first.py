"""第一句话: openings are counted by address, and past their number the first message waits."""

from __future__ import annotations

import asyncio
import math
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from aiohttp import web

from bot.channels.web_openings import Opening
from bot.clock import Clock
from bot.errors import TooManyError
from bot.visitors import Visitors

_FULL_AT = 10
"""So many times the openings of a minute too many reach the longest delay."""


_PLACES = 200
"""Connections that may wait at once: a process has a thousand or so of them."""


class FirstMessages:
    """Slows down whoever opens conversations by the hundred, and shuts nobody out.

    Waiting costs a connection, so only so many wait here, of one address half of them. The others
    are told when to come again: the moment stands in the token, so that whoever comes again then
    is taken at once, however many wait.

    Args:
        per_minute: openings from one address in a minute that cost no delay.
        longest: seconds of the longest delay.
        places: messages that wait at once.
    """

    def __init__(
        self,
        visitors: Visitors,
        *,
        per_minute: int,
        longest: float,
        clock: Clock,
        places: int = _PLACES,
    ) -> None:
        self._visitors = visitors
        self._per_minute = per_minute
        self._longest = longest
        self._clock = clock
        self._places = places
        self._held: set[str] = set()
        self._held_of: Counter[str] = Counter()

    async def delay(self, request: web.Request) -> timedelta:
        """Count an opening; return how long after it the first message is taken."""
        surplus = await self._visitors.count(request, "open") - self._per_minute
        share = min(1.0, max(0.0, surplus / (_FULL_AT * self._per_minute)))
        return timedelta(seconds=share * self._longest)

    async def turn(self, request: web.Request, opening: Opening) -> bool:
        """Return when the first message of a conversation may be taken; say whether it waited.

        Raises:
            TooManyError: another one of the same conversation waits already, or too many do.
        """
        left = (opening.ready_at - self._clock()).total_seconds()
        if left <= 0:
            return False
        if opening.conversation_id in self._held:
            raise TooManyError("message.too_many", retry_after=math.ceil(left))
        address = self._visitors.address(request)
        if len(self._held) >= self._places or self._held_of[address] >= self._places // 2:
            raise TooManyError("message.crowd", retry_after=math.ceil(left))
        with self._place(opening.conversation_id, address):
            await asyncio.sleep(left)
        return True

    @contextmanager
    def _place(self, conversation_id: str, address: str) -> Iterator[None]:
        """Hold a place until the block ends."""
        self._held.add(conversation_id)
        self._held_of[address] += 1
        try:
            yield
        finally:
            self._held.discard(conversation_id)
            self._held_of[address] -= 1
            if not self._held_of[address]:
                del self._held_of[address]
