"""工作日 Working days by the State Council's calendar, as far as it is published."""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar

# 《全国年节及纪念日放假办法》第二条: the holidays that do not move with the moon or the sun.
_FIXED_HOLIDAYS = {(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)}


def is_working_day(day: date) -> bool:
    """工作日 Tell whether offices work on `day`, roughly in a year that is not published yet."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < 5 and (day.month, day.day) not in _FIXED_HOLIDAYS


def is_published(day: date) -> bool:
    """Tell whether the State Council's calendar for the year of `day` is known."""
    try:
        chinese_calendar.is_workday(day)
    except NotImplementedError:
        return False
    return True


def working_day_after(day: date, count: int) -> date:
    """Return the `count`-th working day behind a day, which itself does not count."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day
