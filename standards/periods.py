"""期间 Lengths of time on the calendar: reckoned exactly from dates, never from averages."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from standards.working_days import working_day_after, working_day_before

Unit = Literal["hours", "days", "working_days", "months", "years"]
_INFANT = 2
_LONGEST = {"hours": 800_000, "days": 36_500, "working_days": 3_000, "months": 2_400, "years": 200}


@dataclass(frozen=True)
class Gap:
    """How much is missing or too much: years, months and days, each told for itself."""

    years: int = 0
    months: int = 0
    days: int = 0


def moved(day: date, count: int, unit: Unit) -> date:
    """Return the day that many units later, or earlier where `count` is below 0.

    A month later than 31 January is the last of February. Hours count as begun days. What lies
    outside the calendar's reach is held at its edge.
    """
    count = max(-_LONGEST[unit], min(count, _LONGEST[unit]))
    if unit == "working_days":
        return working_day_after(day, count) if count > 0 else working_day_before(day, -count)
    if unit in ("hours", "days"):
        days = -(-count // 24) if unit == "hours" else count
        return _held(day.toordinal() + days)
    months = day.year * 12 + day.month - 1 + count * (12 if unit == "years" else 1)
    year, month = months // 12, months % 12 + 1
    if not date.min.year < year < date.max.year:
        return date.min if count < 0 else date.max
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def began(low: tuple[int, Unit], high: tuple[int, Unit], today: date) -> tuple[date, date]:
    """Return the first and the last day on which something began that has lasted so long.

    Args:
        low: the least of it in whole units that have gone by ("82 years", "3 months").
        high: the most of it in whole units; what has begun since then does not count.
        today: the day it is reckoned on.
    """
    count, unit = high
    return moved(today, -(count + 1), unit) + timedelta(days=1), moved(today, -low[0], low[1])


def gap(start: date, end: date) -> Gap:
    """Return the years, months and days from `start` to a later `end`."""
    months = (end.year - start.year) * 12 + end.month - start.month
    if moved(start, months, "months") > end:
        months -= 1
    days = (end - moved(start, months, "months")).days
    return Gap(months // 12, months % 12, days)


def lived(born: tuple[date, date], today: date) -> tuple[int, int, Unit]:
    """Return how old somebody is who was born between two days, at least and at most.

    It is told in completed years, of a child below two in months, and in its first month in days.
    """
    first, last = born
    most, least = gap(first, today), gap(last, today)
    if most.years >= _INFANT:
        return least.years, most.years, "years"
    if most.years or most.months:
        return least.years * 12 + least.months, most.years * 12 + most.months, "months"
    return least.days, most.days, "days"


def in_months(count: Decimal, unit: str) -> Decimal | None:
    """Return years or months as months; None for units that are no fixed part of one."""
    return {"years": count * 12, "months": count}.get(unit)


def months_gap(months: int) -> Gap:
    """Return a number of months as years and months."""
    return Gap(months // 12, months % 12)


def _held(ordinal: int) -> date:
    return date.fromordinal(max(1, min(ordinal, date.max.toordinal())))
