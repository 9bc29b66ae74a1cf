"""农历与节日 Days by the moon, and feasts by their names: 冬月初三, 端午, 去年国庆."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date

from lunar_python import LunarMonth

from standards.acceptors.calendar_days import (
    YEAR_WORDS,
    Found,
    Tense,
    full_year,
    in_tense,
    number,
    real_day,
)
from standards.holidays import BY_MOON, BY_SUN, LUNAR_YEARS, tomb_sweeping
from standards.holidays import solar as by_moon

_MONTHS = {"正": 1, "冬": 11, "腊": 12, "十一": 11, "十二": 12}
_DIGIT = "[〇零一二三四五六七八九]"
_YEAR = (
    rf"(?P<y>{'|'.join(YEAR_WORDS)}|(?<!\d)\d{{4}}年|[一二]{_DIGIT}{{3}}年"
    rf"|(?<!\d)\d\d年|(?<!{_DIGIT}){_DIGIT}{{2}}年)?的?"
)
_MONTH = r"[正腊冬]|十[一二]?|[一二三四五六七八九]|1[0-2]|0?[1-9]"
_DAY = r"初[一二三四五六七八九十]|三十|二?十[一二三四五六七八九]?|廿[一二三四五六七八九]?|[123]?\d"
_MOON = re.compile(
    rf"{_YEAR}(?P<named>农历|阴历|旧历)?的?{_YEAR.replace('<y>', '<y2>')}"
    rf"(?P<m>{_MONTH})月[份间里]?(?P<d>{_DAY})?[日号]?"
)
# 八月十五 and 正月十五 are feasts that everybody names by their day.
_MID = re.compile(r"(?<![\d十年历])八月十五(?![日号])")
_NEW_YEAR = re.compile(rf"{_YEAR}(?:大年|年)(?P<d>初[一二三四五六七八九十]|三十)")
# Days off by law, by the first of them, what people call those besides, and other feasts.
_BY_MOON = {**{name: days[0] for name, days in BY_MOON.items()}, "过年": BY_MOON["春节"][0],
            "元宵": (1, 15), "七夕": (7, 7), "重阳": (9, 9), "腊八": (12, 8)}  # fmt: skip
_NATIONAL_DAY = BY_SUN["国庆节"][0]
_BY_SUN = {"元旦": BY_SUN["元旦"][0], "妇女节": (3, 8), "三八节": (3, 8),
           "五一": BY_SUN["劳动节"][0], "劳动节": BY_SUN["劳动节"][0], "六一": (6, 1),
           "儿童节": (6, 1), "建军节": (8, 1), "教师节": (9, 10), "国庆": _NATIONAL_DAY,
           "十一节": _NATIONAL_DAY, "圣诞": (12, 25)}  # fmt: skip
_FEAST = re.compile(
    rf"{_YEAR}(?:[正五七八九]月)?(?P<name>{'|'.join((*_BY_MOON, *_BY_SUN))}|除夕|清明)"
    r"(?:节(?![假约日])|放假|假期)?(?:那天|当天)?(?![月个号日])"
)


def find(text: str, today: date, tense: Tense) -> Iterator[Found]:
    """Yield the days of a plain text that are named by the moon or by a feast."""
    for match in _MID.finditer(text):
        yield _mid_autumn(match, today, tense)
    for match in _MOON.finditer(text):
        if found := _by_moon(match, today, tense):
            yield found
    for match in _NEW_YEAR.finditer(text):
        eve = match["d"] == "三十"
        yield _feast(match, _eve if eve else _moon_day(1, _of_day(match["d"])), today, tense)
    for match in _FEAST.finditer(text):
        yield _feast(match, _named(match["name"]), today, tense)


def solar(year: int, month: int, day: int) -> date | None:
    """Return the day of a day by the moon; None where there is none, or it is too far away."""
    known = LunarMonth.fromYm(year, month) if year in LUNAR_YEARS and 1 <= month <= 12 else None
    if known is None or not 1 <= day <= known.getDayCount():
        return None
    return by_moon(year, month, day)


def _mid_autumn(match: re.Match[str], today: date, tense: Tense) -> Found:
    """八月十五 is the feast or the fifteenth of August: nobody can know."""
    feast = in_tense(_each_year(_moon_day(8, 15), today), today, tense)
    plain = in_tense(_each_year(_sun_day(8, 15), today), today, tense)
    return Found(*match.span(), problem="date_moon", choices=tuple(d for d in (plain, feast) if d))


def _by_moon(match: re.Match[str], today: date, tense: Tense) -> Found | None:
    """Read 农历八月初五; None where nothing says that the moon counts."""
    month, day = match["m"], match["d"] or ""
    if not (match["named"] or month in "正腊冬" or day.startswith("初")):
        return None
    if tense == "born" and not (day and (match["y"] or match["y2"])):
        return Found(*match.span(), problem="date_lunar_born")
    if not day:
        return Found(*match.span(), problem="date_lunar")
    named = _moon_day(_MONTHS.get(month) or number(month), _of_day(day))
    return _feast(match, named, today, tense, way="lunar")


def _feast(
    match: re.Match[str], named: Callable[[int], date | None], today: date, tense: Tense,
    way: str = "holiday",
) -> Found:  # fmt: skip
    groups = match.groupdict()
    said = groups.get("y") or groups.get("y2")
    if said:
        year = said if said in YEAR_WORDS else said.removesuffix("年")
        day = named(full_year(year, today, tense))
    else:
        day = in_tense(_each_year(named, today), today, tense)
    problem = None if day else "date_impossible"
    return Found(*match.span(), day, problem, way if day else "", complete=True)


def _each_year(named: Callable[[int], date | None], today: date) -> Iterator[date]:
    for year in range(today.year - 2, today.year + 3):
        if day := named(year):
            yield day


def _named(name: str) -> Callable[[int], date | None]:
    if name == "除夕":
        return _eve
    if name == "清明":
        return _tomb_sweeping
    if name in _BY_MOON:
        return _moon_day(*_BY_MOON[name])
    return _sun_day(*_BY_SUN[name])


def _sun_day(month: int, day: int) -> Callable[[int], date | None]:
    return lambda year: real_day(year, month, day)


def _moon_day(month: int, day: int) -> Callable[[int], date | None]:
    return lambda year: solar(year, month, day)


def _eve(year: int) -> date | None:
    """Return New Year's Eve: the last day of the moon's year before."""
    first = _moon_day(1, 1)(year)
    return date.fromordinal(first.toordinal() - 1) if first else None


def _tomb_sweeping(year: int) -> date | None:
    return tomb_sweeping(year) if year in LUNAR_YEARS else None


def _of_day(said: str) -> int:
    return number(said.removeprefix("初"))
