"""The office's one clock: aware times in Asia/Shanghai, from where the composition takes them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Clock(Protocol):
    """Whatever can tell the time."""

    def now(self) -> datetime:
        """Return the present moment, aware, in Asia/Shanghai."""
        ...


def machine() -> datetime:
    """Return the present moment of the machine, aware."""
    return datetime.now(UTC)


class OfficeClock:
    """A clock on the office's wall.

    Args:
        source: gives the present moment, aware, in any time zone; the machine's by default.
    """

    def __init__(self, source: Callable[[], datetime] = machine) -> None:
        self._source = source

    def now(self) -> datetime:
        """Return the present moment in whole milliseconds, as MongoDB keeps it."""
        moment = local(self._source())
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def let_go_after(period: timedelta) -> datetime:
    """Return when MongoDB may let go of what it lets expire: by the machine, as its own clock goes.

    A house that stands on another day would lose it at once, or keep it for ever.
    """
    return machine() + period


def local(moment: datetime) -> datetime:
    """Return `moment` (an aware one, such as MongoDB's in UTC) in Asia/Shanghai."""
    return moment.astimezone(SHANGHAI)
