"""One turn of a conversation at a time, without polling; order is the order of arrival.

Locks hold within this process. Between processes the door sends a conversation's turns one by
one, and the tracker's version turns away whoever comes second.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

from rasa.core.lock import TicketLock
from rasa.core.lock_store import LockStore


class WakingLockStore(LockStore):
    """Locks that wake the next waiter at once and vanish when nobody waits."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def lock(
        self,
        conversation_id: str,
        lock_lifetime: float = 0,
        wait_time_in_seconds: float = 0,
    ) -> AsyncIterator[TicketLock]:
        """Hold the conversation; both times are Rasa's and not needed here."""
        lock = self._locks.setdefault(conversation_id, asyncio.Lock())
        async with lock:
            yield TicketLock(conversation_id)
