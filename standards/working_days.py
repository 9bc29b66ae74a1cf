"""工作日 Working days by the State Council's calendar, as far as it is published."""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar

from standards.holidays import holiday_of, is_published

__all__ = ["is_published", "is_working_day", "working_day_after", "working_day_before"]


def is_working_day(day: date) -> bool:
    """工作日 Tell whether offices work on `day`, roughly in a year that is not published yet."""
    if is_published(day):
        return bool(chinese_calendar.is_workday(day))
    return day.weekday() < 5 and holiday_of(day) is None


def working_day_after(day: date, count: int) -> date:
    """Return the `count`-th working day behind a day, which itself does not count."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


def working_day_before(day: date, count: int) -> date:
    """Return the `count`-th working day ahead of a day, which itself does not count."""
    while count > 0 and day > date.min:
        day -= timedelta(days=1)
        count -= is_working_day(day)
    return day
