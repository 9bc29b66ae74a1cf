"""工作日 Working days and office hours: every promised limit counts with the functions here.

Working days follow the State Council's yearly calendar with its make-up days (调休). A year that
is not published yet falls back to weekends and the days that are off by law; what is counted
over such a year is provisional, and can only move later once the calendar is out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from backend.clock import SHANGHAI, local
from standards.working_days import is_published, is_working_day

OFFICE_HOURS = ((time(9), time(12)), (time(13, 30), time(17)))
CLOSING = OFFICE_HOURS[-1][1]
_FARTHEST = timedelta(days=3660)


@dataclass(frozen=True)
class Deadline:
    """时限 The moment something is due; `provisional` while a year's calendar is not published."""

    at: datetime
    provisional: bool = False


@dataclass(frozen=True)
class Span:
    """A stretch in which a clock runs: the day it starts on is not counted, the last one is."""

    start: date
    stop: date | None = None


def closing_of(day: date) -> datetime:
    """Return the moment business ends on `day` (《民法典》第二百零三条)."""
    return datetime.combine(day, CLOSING, SHANGHAI)


def working_days_within(spans: Iterable[Span], until: date) -> int:
    """Count the working days that run in `spans` up to and including `until`."""
    return sum(1 for day in _counted(spans, until) if is_working_day(day))


def deadline_after(days: int, spans: Iterable[Span]) -> Deadline | None:
    """承诺时限 Return when `days` working days have run, or None while the clock stands still.

    The day a span starts on does not count (《民法典》第二百零一条). Zero days (即办件) means
    the same working day, or the first one after it.
    """
    stretches = tuple(spans)
    last = stretches[-1]
    if last.stop is not None:
        return None
    if days == 0:
        return _closing(_first_working_day(last.start), provisional=False)
    left = days
    provisional = False
    for day in _counted(stretches, last.start + _FARTHEST):
        provisional = provisional or not is_published(day)
        left -= is_working_day(day)
        if left == 0:
            return _closing(day, provisional=provisional)
    raise ValueError(f"{days} working days lie beyond any calendar")


def after_working_hours(moment: datetime, hours: float) -> Deadline:
    """工作时 Return the moment when `hours` hours of office time have gone by since `moment`."""
    left = timedelta(hours=hours)
    now = local(moment)
    provisional = False
    for opens, closes in _office_stretches(now.date()):
        start = max(opens, now)
        provisional = provisional or not is_published(opens.date())
        if start >= closes:
            continue
        if left <= closes - start:
            return Deadline(start + left, provisional)
        left -= closes - start
    raise AssertionError("office stretches never end")


def working_hours_between(start: datetime, stop: datetime) -> timedelta:
    """工作时 Return how much office time lies between two moments."""
    total = timedelta()
    for opens, closes in _office_stretches(local(start).date()):
        if opens >= stop:
            return total
        total += max(min(closes, stop) - max(opens, start), timedelta())
    raise AssertionError("office stretches never end")


def _counted(spans: Iterable[Span], until: date) -> Iterator[date]:
    stretches = tuple(spans)
    for earlier, later in pairwise(stretches):
        if earlier.stop is None or later.start < earlier.stop:
            raise ValueError("spans of one clock follow each other")
    for span in stretches:
        end = until if span.stop is None else min(span.stop, until)
        for offset in range(1, (end - span.start).days + 1):
            yield span.start + timedelta(days=offset)


def _office_stretches(day: date) -> Iterator[tuple[datetime, datetime]]:
    while True:
        if is_working_day(day):
            for opens, closes in OFFICE_HOURS:
                yield (
                    datetime.combine(day, opens, SHANGHAI),
                    datetime.combine(day, closes, SHANGHAI),
                )
        day += timedelta(days=1)


def _first_working_day(day: date) -> date:
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def _closing(day: date, *, provisional: bool) -> Deadline:
    return Deadline(closing_of(day), provisional or not is_published(day))
