"""Log-ins a minute from one place; each costs a tenth of a second of a core."""

from __future__ import annotations

from datetime import datetime, timedelta

from backend.clock import let_go_after
from backend.db import Database
from backend.staff import pace_store

_SECONDS = 60


class Pace:
    """Counts the tries of the minute under way, in MongoDB, where every process sees them.

    Redis would not do: while it is away or empty nothing would bound log-ins. A place that has
    had its tries is remembered here, so that refusing it again asks nobody.
    """

    def __init__(self) -> None:
        self._minute = 0
        self._full: set[str] = set()

    async def wait(self, database: Database, place: str, now: datetime, most: int) -> int:
        """Count a try; return 0, or the seconds until the next one where there were too many.

        Args:
            database: the office's.
            place: where it comes from, as a keyed hash.
            now: when.
            most: tries a minute.
        """
        minute, second = divmod(int(now.timestamp()), _SECONDS)
        if minute != self._minute:
            self._minute = minute
            self._full.clear()
        if place not in self._full:
            gone_at = let_go_after(timedelta(seconds=2 * _SECONDS))
            if await pace_store.take(database, f"{minute}:{place}", most, gone_at):
                return 0
            if minute == self._minute:
                self._full.add(place)
        return _SECONDS - second
