"""上传名额: files are held in memory while they arrive, and nobody takes all the room for it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass


@dataclass
class _Own:
    """The places of one address, as long as it uses or waits for one."""

    places: asyncio.Semaphore
    users: int = 0


class UploadPlaces:
    """Places for uploads, of which one address has at most half; whoever has none waits.

    Args:
        places: uploads that are held at the same time.
    """

    def __init__(self, places: int) -> None:
        self._all = asyncio.Semaphore(places)
        self._each = max(1, places // 2)
        self._own: dict[str, _Own] = {}

    @asynccontextmanager
    async def place(self, address: str) -> AsyncIterator[None]:
        """Wait for a place, and keep it until the block ends."""
        own = self._own.setdefault(address, _Own(asyncio.Semaphore(self._each)))
        own.users += 1
        try:
            async with own.places, self._all:
                yield
        finally:
            own.users -= 1
            if not own.users:
                del self._own[address]
