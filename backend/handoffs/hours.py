"""接待时间 When people answer at the desk, and how much of that time goes by; pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from backend.clock import SHANGHAI, local
from standards.working_days import is_working_day

_DAY = timedelta(days=1)
_STRETCH = re.compile(r"(\d{1,2})[:：](\d{2})\s*[-–—~～至到]\s*(\d{1,2})[:：](\d{2})")
_WHOLE = re.compile(
    rf"(?:(?P<daily>每天|daily)|周一至周五|工作日)?\s*"
    rf"(?P<stretches>{_STRETCH.pattern}(?:\s*[,，、]\s*{_STRETCH.pattern})*)"
)


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
    whole = _WHOLE.fullmatch(text.strip())
    if whole is None:
        raise ValueError("hours are written like 9:00-12:00,13:30-17:00")
    stretches = tuple(
        (
            timedelta(hours=int(from_hour), minutes=int(from_minute)),
            timedelta(hours=int(to_hour), minutes=int(to_minute)),
        )
        for from_hour, from_minute, to_hour, to_minute in _STRETCH.findall(whole["stretches"])
    )
    moments = [moment for stretch in stretches for moment in stretch]
    in_order = all(
        opens < closes for opens, closes in stretches
    ) and moments == sorted(moments)  # fmt: skip
    if not in_order or moments[-1] > _DAY:
        raise ValueError("hours follow each other within one day")
    return DeskHours(stretches, daily=bool(whole["daily"]))


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
