"""日期 One day, whatever way people name it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from standards.acceptors import Accepted, day_words, moon, times
from standards.acceptors.calendar_days import (
    YEAR_WORDS,
    Found,
    Tense,
    full_year,
    in_tense,
    month_beside,
    number,
    real_day,
)
from standards.acceptors.numerals import NUMERAL, between
from standards.acceptors.plain import leftover, masked, plain

_HAN = "〇零一二三四五六七八九"
_Y = (
    rf"(?:(?P<w>{'|'.join(YEAR_WORDS)})"
    rf"|(?P<y>(?<!\d)\d{{4}}|(?<![{_HAN}])[{_HAN}]{{4}}|(?<!\d)\d\d|(?<![{_HAN}十])[{_HAN}]{{2}})年)的?"
)
_M = r"(?P<m>\d{1,2}|十[一二三四五六七八九]?|[一二三四五六七八九])"
_D = r"(?P<d>\d{1,2}|(?:[二三]?十|廿)[一二三四五六七八九]?|卅一?|[一二三四五六七八九])"
_ABOUT = r"(?P<about>[多几来])?"
_NOT_A_DAY = r"(?![楼栋窗线院房门店机文令室车馆厅桌地桩井球杆坑库厂]|[A-Za-z0-9])"
_PART = r"(?P<p>初|底|末|上旬|中旬|下旬)"
_WRITTEN = re.compile(
    r"(?<![\dA-Za-z])(?P<y>\d{4})(?P<s>[-/. ])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})(?!\d)"
)
_SOLID = re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<m>\d\d)(?P<d>\d\d)(?!\d)")
_FULL = re.compile(rf"{_Y}{_M}月份?{_D}{_ABOUT}[号日]?(?![\d天])")
_YEAR_MONTH = re.compile(rf"{_Y}{_M}月份?(?:{_PART})?")
_WRITTEN_MONTH = re.compile(r"(?<![\dA-Za-z.])(?P<y>\d{4})[-/.](?P<m>\d{1,2})(?![\d.\-/])")
_MONTH_DAY = re.compile(rf"(?<![\d一二三四五六七八九十]){_M}月份?{_D}{_ABOUT}[号日]?(?![\d天])")
_MONTH = re.compile(rf"(?<![\d一二三四五六七八九十第]){_M}月份?(?:{_PART})?(?!\d)")
_SHORT = re.compile(r"(?<![\d.\-/])(?P<m>\d{1,2})[./\-](?P<d>\d{1,2})(?![\d.\-/])")
_YEAR = re.compile(rf"{_Y}")
_DAY = re.compile(
    rf"(?<![\d第路街巷道弄楼栋座期苑园院区村里.\-/])(?<![A-Za-z]){_D}{_ABOUT}[号日]{_NOT_A_DAY}"
)
_AGE = re.compile(rf"(?P<age>{NUMERAL})(?:周|多)?岁|满?了?(?P<bare>{NUMERAL})了?$")
OLDEST = 120
"""Years nobody is older than."""
_NOT = re.compile(r"不是|别是|并非")
_FILLERS = re.compile(
    r"周[一二三四五六日]|星期[一二三四五六日天]|丢失?|掉|弄丢|搞丢|不见|被偷|遗失|发生|出生|生日|日期|日子|开始|方便"
    r"|哪天|那时|时间|号|生|来|去|到|从|在|早|晚|夜|间|份|头|节"
)


def accept(text: str, today: date, *, tense: Tense = "past", asked: str = "") -> Accepted:
    """Read one day.

    Args:
        text: the answer.
        today: the day it was said on, in Shanghai.
        tense: whether a day without a year has gone by, is to come (`ahead`), or is somebody's
            birthday (`born`), which nobody may guess.
        asked: the question, whose words may be repeated.

    Returns:
        The day in ISO 8601. Ways: `counted` (from today), `holiday`, `rough` (a month, 月底),
        `lunar`. Problems: `date_missing`, `date_impossible`, `date_several`, `date_month` and
        `date_day` (said only down to the year, the month), `date_year`, `date_lunar` (a moon's
        month), `date_lunar_born`, `date_moon` (a feast or the day of that number; `solar`, `moon`),
        `date_age` (only how old somebody is; `age`, and born `early` or `late`).
    """
    said = plain(text)
    clocks = list(times.spans(said.text))
    found = _found(masked(said.text, clocks), today, tense)
    meant = [one for one in found if not _denied(said.text, one)] or found
    if tense == "born" and (age := _age(said.text, found)) is not None:
        years = {"early": today.year - age - 1, "late": today.year - age}
        return Accepted(problem="date_age", shown={"age": age, **years})
    if not meant:
        return Accepted(problem="date_missing")
    first = meant[0]
    if len({(one.day, one.problem) for one in meant}) > 1:
        return Accepted(problem="date_several")
    problem = first.problem or _lacking(first, tense)
    if problem or first.day is None:
        return Accepted(problem=problem, shown=_choices(first))
    taken = [*clocks, *((one.start, one.end) for one in found),
             *(match.span() for match in _NOT.finditer(said.text))]  # fmt: skip
    left = leftover(masked(said.text, taken), _FILLERS, asked)
    start, end = said.span(first.start, first.end)
    shown = {"day": first.day.isoformat()}
    return Accepted(first.day.isoformat(), start, end, left, way=first.way, shown=shown)


def find(text: str, today: date, tense: Tense) -> list[Found]:
    """Return every day that a text names, in its order; times of day are none."""
    said = plain(text).text
    return _found(masked(said, times.spans(said)), today, tense)


def _age(text: str, found: list[Found]) -> int | None:
    """Return how old somebody is said to be, where that stands in the place of a birthday."""
    years = [one for one in found if one.problem == "date_month"]
    if len(years) < len(found) or any(re.match(rf"[\d{_HAN}]", text[one.start]) for one in years):
        return None
    match = _AGE.search(text)
    limits = between(match["age"] or match["bare"]) if match else None
    if limits is None or limits[0] != limits[1] or not 0 <= limits[0] <= OLDEST:
        return None
    return int(limits[0])


def _found(text: str, today: date, tense: Tense) -> list[Found]:
    """Return every day of a plain text once, the longest reading of each place first."""
    taken: list[Found] = []
    for one in _every(text, today, tense):
        if not any(one.start < other.end and other.start < one.end for other in taken):
            taken.append(one)
    return sorted(taken, key=lambda one: one.start)


def _every(text: str, today: date, tense: Tense) -> Iterator[Found]:
    """Yield readings, the surest first; a later one may stand in the place of an earlier one."""
    yield from moon.find(text, today, tense)
    for pattern in (_WRITTEN, _SOLID, _FULL):
        for match in pattern.finditer(text):
            yield _absolute(match, today, tense)
    for match in _MONTH_DAY.finditer(text):
        yield _nearest(match, today, tense)
    yield from day_words.find(text, today, tense)
    for pattern in (_YEAR_MONTH, _WRITTEN_MONTH, _MONTH):
        for match in pattern.finditer(text):
            yield _month(match, today, tense)
    for match in _SHORT.finditer(text):
        yield _nearest(match, today, tense)
    for match in _DAY.finditer(text):
        yield _day_alone(match, today, tense)
    for match in _YEAR.finditer(text):
        yield Found(*match.span(), problem="date_month")


def _absolute(match: re.Match[str], today: date, tense: Tense) -> Found:
    day = real_day(_year(match, today, tense), number(match["m"]), number(match["d"]))
    return _or_impossible(match, day, _about(match))


def _nearest(match: re.Match[str], today: date, tense: Tense) -> Found:
    """Read 10月8号: the last one gone by, or the next one where days ahead are asked for."""
    month, day = number(match["m"]), number(match["d"])
    years = (real_day(today.year + step, month, day) for step in range(-4, 5))
    exists = [each for each in years if each]
    # Nobody speaks of a 29 February three years ago without its year.
    near = in_tense((each for each in exists if abs(each.year - today.year) <= 1), today, tense)
    return _or_impossible(match, near, _about(match), complete=False)


def _month(match: re.Match[str], today: date, tense: Tense) -> Found:
    """Read a month without a day: roughly its first day, its middle or its end."""
    groups = match.groupdict()
    month, part = number(match["m"]), groups.get("p") or "初"
    if not 1 <= month <= 12:
        return Found(*match.span(), problem="date_impossible")
    if tense == "born":
        return Found(*match.span(), problem="date_day")
    if groups.get("y") or groups.get("w"):
        day = day_words.part_of_month(_year(match, today, tense), month, part)
    else:
        years = (day_words.part_of_month(today.year + step, month, part) for step in (-1, 0, 1))
        day = in_tense((each for each in years if each), today, tense)
    return _or_impossible(match, day, way="rough")


def _day_alone(match: re.Match[str], today: date, tense: Tense) -> Found:
    """Read 15号: of this month or of the one beside it."""
    day = number(match["d"])
    months = (month_beside(today, step) for step in (-2, -1, 0, 1, 2))
    near = in_tense((each for month in months if (each := real_day(*month, day))), today, tense)
    return _or_impossible(match, near, _about(match) or "counted", complete=False)


def _or_impossible(
    match: re.Match[str], day: date | None, way: str = "", *, complete: bool = True
) -> Found:
    if day is None:
        return Found(*match.span(), problem="date_impossible")
    return Found(*match.span(), day, way=way, complete=complete)


def _about(match: re.Match[str]) -> str:
    return "rough" if match.groupdict().get("about") else ""


def _year(match: re.Match[str], today: date, tense: Tense) -> int:
    groups = match.groupdict()
    return full_year(groups.get("w") or match["y"], today, tense)


def _denied(text: str, found: Found) -> bool:
    """Tell whether a day is the one that it was not (不是昨天，是前天)."""
    return bool(re.search(r"(?:不是|并非)的?$", text[: found.start]))


def _lacking(found: Found, tense: Tense) -> str | None:
    """Return what a date of birth lacks, which nobody may guess."""
    return "date_year" if tense == "born" and not found.complete else None


def _choices(found: Found) -> dict[str, object]:
    names = ("solar", "moon")
    return {name: day.isoformat() for name, day in zip(names, found.choices, strict=False)}
