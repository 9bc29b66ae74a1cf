"""接待时间 When people answer at the desk, and how much of that time goes by; pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from backend.clock import SHANGHAI, local
from standards.opening import periods_of, since_midnight
from standards.working_days import is_working_day

_DAY = timedelta(days=1)
_DAYS = re.compile(r"(?:(?P<daily>每天|daily)|周一至周五|工作日)?\s*")


@dataclass(frozen=True, slots=True)
class DeskHours:
    """接待时间.

    Attributes:
        stretches: when each begins and ends, counted from midnight, in order.
        daily: on every day, not on working days only (调休 included).
    """

    stretches: tuple[tuple[timedelta, timedelta], ...]
    daily: bool = False


def read_hours(text: str) -> DeskHours:
    """Read hours as halls and settings write them: `周一至周五 9:00–12:00，13:30–17:00`.

    Without a word before them they are those of working days; `每天` or `daily` is every day.

    Raises:
        ValueError: it says something else, or the stretches are not in order within one day.
    """
    written = text.strip()
    days = _DAYS.match(written)
    assert days is not None  # it fits the empty text, too
    stretches = tuple(
        (since_midnight(one.opens), since_midnight(one.closes))
        for one in periods_of(written[days.end() :])
    )
    moments = [moment for stretch in stretches for moment in stretch]
    in_order = all(opens < closes for opens, closes in stretches)
    if not in_order or moments != sorted(moments):
        raise ValueError("hours follow each other within one day")
    return DeskHours(stretches, daily=bool(days["daily"]))


def is_open(hours: DeskHours, moment: datetime) -> bool:
    """Tell whether people answer at a moment."""
    return next_opening(hours, moment) == moment


def next_opening(hours: DeskHours, moment: datetime) -> datetime:
    """Return when people answer from `moment` on: the moment itself while the desk is open."""
    now = local(moment)
    for opens, closes in _stretches(hours, now.date()):
        if now < closes:
            return max(opens, now)
    raise AssertionError("stretches never end")


def next_closing(hours: DeskHours, moment: datetime) -> datetime:
    """Return when the desk closes that is open at `moment`, or opens next after it."""
    now = local(moment)
    return next(closes for _, closes in _stretches(hours, now.date()) if now < closes)


def after(hours: DeskHours, moment: datetime, span: timedelta) -> datetime:
    """Return when `span` of staffed time has gone by since `moment`."""
    left, now = span, local(moment)
    for opens, closes in _stretches(hours, now.date()):
        start = max(opens, now)
        if start >= closes:
            continue
        if left <= closes - start:
            return start + left
        left -= closes - start
    raise AssertionError("stretches never end")


def _stretches(hours: DeskHours, day: date) -> Iterator[tuple[datetime, datetime]]:
    """Yield from and until of every stretch from a day on, for ever."""
    while True:
        if hours.daily or is_working_day(day):
            midnight = datetime.combine(day, time.min, SHANGHAI)
            for opens, closes in hours.stretches:
                yield midnight + opens, midnight + closes
        day += _DAY
