"""Restarts an embedded store that answers and keeps nothing any more.

A full disk makes the embedded server's engine panic, and its process lives on: every write fails
from then on, also when there is room again. `mongod` ends itself in that case.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable

from pymongo import MongoClient
from pymongo.errors import ConnectionFailure, PyMongoError

from paoyici.home import home
from paoyici.supervisor import say

_PERIOD = 5.0
_FAILURES = 3
_ROOM = 64 * 1024**2
_PATIENCE_MS = 2000


class StoreWatch:
    """Tries the embedded store until it is cancelled.

    Args:
        uri: where the store is.
        restart: ends the store and starts it anew.
        free: bytes of free disk under its data folder.
        period: seconds between two tries.
    """

    def __init__(
        self,
        uri: str,
        restart: Callable[[], Awaitable[None]],
        free: Callable[[], int],
        period: float = _PERIOD,
    ) -> None:
        self._uri = uri
        self._restart = restart
        self._free = free
        self._period = period

    async def watch(self) -> None:
        """Restart the store after several failed writes in a row, once its disk has room."""
        failures, told = 0, False
        while True:
            await asyncio.sleep(self._period)
            trouble = await asyncio.to_thread(_trouble, self._uri)
            failures = failures + 1 if trouble else 0
            if failures < _FAILURES:
                told = told and bool(failures)
                continue
            if await asyncio.to_thread(self._free) < _ROOM:
                if not told:
                    say(f"mongodb: keeps nothing ({trouble}), and its disk is full: make room")
                told = True
                continue
            say(f"mongodb: answers and keeps nothing ({trouble}), starting it again")
            await self._restart()
            failures = 0


def free_disk() -> int:
    """Return how many bytes are free under the embedded store's data folder."""
    return shutil.disk_usage(home()).free


def _trouble(uri: str) -> str | None:
    """Write something; return why it was not kept.

    One that does not answer at all is no business of ours: its process is watched.
    """
    try:
        with MongoClient[dict[str, object]](
            uri, serverSelectionTimeoutMS=_PATIENCE_MS, socketTimeoutMS=_PATIENCE_MS
        ) as client:
            written = {"$set": {"kept": True}}
            client["paoyici_watch"]["canary"].update_one({"_id": "watch"}, written, upsert=True)
    except ConnectionFailure:
        return None
    except PyMongoError as error:
        return f"{type(error).__name__} {getattr(error, 'code', '')}".strip()
    return None
