"""The office's one clock: aware times in Asia/Shanghai; tests bring their own."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Clock(Protocol):
    """Whatever can tell the time."""

    def now(self) -> datetime:
        """Return the present moment, aware, in Asia/Shanghai."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the present moment in whole milliseconds, as MongoDB keeps it."""
        moment = datetime.now(SHANGHAI)
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def local(moment: datetime) -> datetime:
    """Return `moment` (as read from MongoDB, in UTC) in Asia/Shanghai."""
    return moment.astimezone(SHANGHAI)
