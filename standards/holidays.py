"""节假日 The days off of the State Council's calendar, and the lawful ones where it is not out."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from datetime import date, timedelta

import chinese_calendar
from chinese_calendar import Holiday
from lunar_python import Lunar

# 《全国年节及纪念日放假办法》第二条: days that do not move; those of the moon as month and day.
BY_SUN = {"元旦": ((1, 1),), "劳动节": ((5, 1), (5, 2)), "国庆节": ((10, 1), (10, 2), (10, 3))}
BY_MOON = {"春节": ((1, 1), (1, 2), (1, 3)), "端午": ((5, 5),), "中秋": ((8, 15),)}
_DAY = timedelta(days=1)
LUNAR_YEARS = range(1900, 2101)


@dataclass(frozen=True)
class DaysOff:
    """放假 One holiday as it is kept.

    Attributes:
        name: 春节, 国庆节, ….
        first: the first day off, weekends that join it included where the calendar is out.
        last: the last one.
        worked: weekend days that are worked for it (调休).
        provisional: the year's calendar is not out yet: these are only the days that the law names.
    """

    name: str
    first: date
    last: date
    worked: tuple[date, ...] = ()
    provisional: bool = False


def is_published(day: date) -> bool:
    """Tell whether the State Council's calendar for the year of `day` is known."""
    try:
        chinese_calendar.is_workday(day)
    except NotImplementedError:
        return False
    return True


def holiday_of(day: date) -> str | None:
    """Return the name of the holiday on which `day` is off; None on other days."""
    if not is_published(day):
        return _lawful(day.year).get(day)
    off, name = chinese_calendar.get_holiday_detail(day)
    return Holiday(name).chinese if off and name else None


def works_for(day: date) -> str | None:
    """Return the holiday for which a weekend day is worked (调休); None on other days."""
    if not is_published(day) or day.weekday() < 5:
        return None
    off, name = chinese_calendar.get_holiday_detail(day)
    return None if off or not name else Holiday(name).chinese


def days_off(day: date) -> DaysOff | None:
    """Return the holiday that `day` belongs to as it is kept; None on other days."""
    name = holiday_of(day)
    if name is None:
        return None
    rests = _rests if is_published(day) else holiday_of
    first = last = day
    while rests(first - _DAY):
        first -= _DAY
    while rests(last + _DAY):
        last += _DAY
    near = (first + _DAY * step for step in range(-20, (last - first).days + 21))
    worked = tuple(one for one in near if works_for(one) == name)
    return DaysOff(name, first, last, worked, provisional=not is_published(day))


def _rests(day: date) -> bool:
    """Tell whether nobody works on a day: a holiday, or a weekend that is not worked."""
    return bool(holiday_of(day)) or (day.weekday() >= 5 and works_for(day) is None)


@functools.lru_cache(maxsize=16)
def _lawful(year: int) -> dict[date, str]:
    """Return the days that are off by law in a year, whatever is arranged around them."""
    days = {date(year, *one): name for name, ones in BY_SUN.items() for one in ones}
    if year not in LUNAR_YEARS:
        return days
    for name, ones in BY_MOON.items():
        days |= {solar(year, *one): name for one in ones}
    return {solar(year, 1, 1) - _DAY: "春节", **days, tomb_sweeping(year): "清明"}


def solar(year: int, month: int, day: int) -> date:
    """Return the day of a day by the moon, in `LUNAR_YEARS`."""
    found = Lunar.fromYmd(year, month, day).getSolar()
    return date(found.getYear(), found.getMonth(), found.getDay())


def tomb_sweeping(year: int) -> date:
    """清明 Return the day of a year in `LUNAR_YEARS` on which graves are swept."""
    found = Lunar.fromYmd(year, 1, 1).getJieQiTable()["清明"]
    return date(found.getYear(), found.getMonth(), found.getDay())
