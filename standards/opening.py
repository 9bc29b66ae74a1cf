"""开放时间 When a hall is open on a given day, by its week and the working-day calendar."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from typing import Any, Literal

from standards.holidays import holiday_of, is_published, works_for

Closed = Literal["holiday", "weekday"]
_WEEKDAYS = "一二三四五六日"
_FRIDAY = 5
# Halls write the end of the day as 24:00, which no clock shows.
_END_OF_DAY = time.max
_LOOKED_AHEAD = 60
_STRETCH = re.compile(r"(\d{1,2})[:：](\d{2})\s*[-–—~～至到]\s*(\d{1,2})[:：](\d{2})")
_DAYS = re.compile(
    r"(?:(?P<daily>每天)|工作日|(?:周|星期)(?P<first>[一二三四五六日])"
    r"(?:[至到\-–—](?:周|星期)?(?P<last>[一二三四五六日]))?)?\s*"
)


@dataclass(frozen=True)
class Period:
    """时段 From when to when somebody serves, in Shanghai."""

    opens: time
    closes: time

    def __str__(self) -> str:
        """Return it as halls write it: 9:00–12:00."""
        return f"{clock(self.opens)}–{clock(self.closes)}"


Week = Mapping[int, tuple[Period, ...]]
"""Periods by weekday, 1 is Monday; a day without any is not in it."""


@dataclass(frozen=True)
class Opening:
    """一天的开放时间.

    Attributes:
        day: the day.
        periods: when somebody serves, in order; none on a day that is closed.
        closed: why: `holiday`, or `weekday` on which the hall never opens.
        holiday: the holiday that closes it, or for which it is worked (调休).
        provisional: the calendar of that year, or of the one in which the hall opens next, is
            not out yet, and the day may become another.
        next_open: the day itself, or the next one on which the hall opens; None in two months.
    """

    day: date
    periods: tuple[Period, ...]
    closed: Closed | None = None
    holiday: str | None = None
    provisional: bool = False
    next_open: date | None = None

    def at(self, moment: time) -> Period | None:
        """Return the period in which `moment` lies."""
        return next((one for one in self.periods if one.opens <= moment < one.closes), None)


def clock(moment: time) -> str:
    """Return a time of day as halls write it: 9:00, and 24:00 for the end of the day."""
    if moment == _END_OF_DAY:
        return "24:00"
    return f"{moment.hour}:{moment.minute:02}"


def since_midnight(moment: time) -> timedelta:
    """Return how long after midnight a time of day is; the end of the day is a whole one."""
    if moment == _END_OF_DAY:
        return timedelta(days=1)
    return timedelta(hours=moment.hour, minutes=moment.minute)


def opening(week: Week, day: date) -> Opening:
    """Tell when a hall with this week is open on `day`, or why it is closed and when it opens next.

    A weekend day that is worked for a holiday is open like a Friday.
    """
    kept = _kept(week, day)
    if kept.periods:
        return kept
    ahead = _next_open(week, day)
    provisional = kept.provisional or (ahead is not None and not is_published(ahead))
    return replace(kept, provisional=provisional, next_open=ahead)


def _kept(week: Week, day: date) -> Opening:
    provisional = not is_published(day)
    if (holiday := holiday_of(day)) is not None:
        # Days that are off by law stay off, whatever is arranged around them.
        return Opening(day, (), "holiday", holiday)
    worked = works_for(day)
    periods = week.get(_FRIDAY if worked else day.isoweekday(), ())
    if not periods:
        return Opening(day, (), "weekday", None, provisional)
    return Opening(day, periods, None, worked, provisional, day)


def _next_open(week: Week, day: date) -> date | None:
    ahead = (day + timedelta(days=step) for step in range(1, _LOOKED_AHEAD))
    return next((one for one in ahead if _kept(week, one).periods), None)


def week_of(written: Iterable[Mapping[str, Any]]) -> Week:
    """Read the week of `open` in data/offices.yml: days, and one stretch each half of the day.

    Raises:
        ValueError: a stretch is not written like 9:00–12:00.
    """
    week: dict[int, tuple[Period, ...]] = {}
    for entry in written:
        halves = (entry.get("morning"), entry.get("afternoon"))
        periods = tuple(one for half in halves if half for one in periods_of(str(half)))
        week |= {int(day): periods for day in entry["days"]}
    return week


def week_of_words(hours: str) -> Week:
    """Read hours as halls write them: `周一至周五 9:00–12:00，13:30–17:00；周六 9:00–12:00`.

    Raises:
        ValueError: they are written otherwise.
    """
    week: dict[int, tuple[Period, ...]] = {}
    for part in re.split(r"[；;]", hours):
        days = _DAYS.match(part.strip())
        assert days is not None  # it fits the empty text, too
        periods = tuple(periods_of(part.strip()[days.end() :]))
        week |= dict.fromkeys(_days(days), periods)
    return week


def _days(match: re.Match[str]) -> range:
    if match["daily"]:
        return range(1, 8)
    if not match["first"]:
        return range(1, 6)
    first = _WEEKDAYS.index(match["first"]) + 1
    last = _WEEKDAYS.index(match["last"]) + 1 if match["last"] else first
    return range(first, last + 1)


def periods_of(written: str) -> Iterator[Period]:
    """Yield the stretches of a day: `9:00–12:00，13:30–17:00`.

    Raises:
        ValueError: they are written otherwise, or of no day.
    """
    found = _STRETCH.findall(written)
    if not found or re.sub(r"[\s，,、]", "", _STRETCH.sub("", written)):
        raise ValueError(f"hours are written like 9:00–12:00，13:30–17:00, not {written!r}")
    for from_hour, from_minute, to_hour, to_minute in found:
        yield Period(_time(from_hour, from_minute), _time(to_hour, to_minute))


def _time(hour: str, minute: str) -> time:
    if (hour, minute) == ("24", "00"):
        return _END_OF_DAY
    if int(hour) >= 24 or int(minute) >= 60:
        raise ValueError(f"hours are of one day, not {hour}:{minute}")
    return time(int(hour), int(minute))
