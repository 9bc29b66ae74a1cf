"""The clock of a house that stands on another day."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def moment_of(text: str) -> datetime:
    """Read a moment such as `2026-11-30T09:00`; without a time zone it is one of Shanghai.

    Raises:
        ValueError: it is none.
    """
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)


class RunningClock:
    """A clock that shows `begin` when it is made and runs on from there."""

    def __init__(self, begin: datetime) -> None:
        self._begin = begin.astimezone(UTC)
        self._made = time.monotonic()

    def __call__(self) -> datetime:
        """Return its present moment, in UTC as the door's own clock does."""
        return self._begin + timedelta(seconds=time.monotonic() - self._made)
