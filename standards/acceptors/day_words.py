"""相对日子 Days counted from the day somebody speaks: 三天前, 上上周五, 月底, 下个工作日."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from standards.acceptors.calendar_days import (
    PART_DAYS,
    YEAR_WORDS,
    Found,
    Tense,
    in_tense,
    last_of,
    month_beside,
    number,
    real_day,
)
from standards.acceptors.numerals import NUMERAL, between
from standards.working_days import working_day_after

_NAMED = {"大前天": -3, "前天": -2, "前日": -2, "前晚": -2,
          "昨天": -1, "昨日": -1, "昨儿": -1, "昨晚": -1, "昨个": -1,
          "今天": 0, "今日": 0, "今儿": 0, "今晚": 0, "今早": 0, "今个": 0,
          "刚才": 0, "刚刚": 0, "明天": 1, "明日": 1, "明儿": 1,
          "明早": 1, "明晚": 1, "大后天": 3, "后天": 2, "后日": 2}  # fmt: skip
_ROUGHLY = {
    "前几天": -3,
    "前些天": -3,
    "前两天": -2,
    "前不久": -7,
    "这几天": 0,
    "这两天": 0,
    "过两天": 2,
    "过几天": 3,
}
_WEEKS = {"上上": -2, "上": -1, "这": 0, "本": 0, "下": 1, "下下": 2}
_WEEKDAYS = "一二三四五六日"
_MONTHS = {"上上": -2, "上": -1, "这": 0, "本": 0, "当": 0, "下": 1, "下下": 2}
_WHICH = r"(?P<w>上上|下下|[上下这本])"
_WEEK_WORD = r"个?(?:周|星期|礼拜)"
_PART = r"(?P<p>月?初|月?底|月?末|上旬|中旬|下旬)"

_WORDS = re.compile("|".join(sorted((*_NAMED, *_ROUGHLY), key=len, reverse=True)))
_NEXT_WORKING = re.compile(r"下一?个工作日|最近的?(?:一个)?工作日")
_COUNTED = re.compile(
    rf"(?P<over>过)?(?P<n>{NUMERAL}|半)(?P<more>多)?(?P<u>个?工作日|天|个?(?P<more2>多)?(?:星期|礼拜|月)|周|年)(?P<half>半)?"
    r"(?:(?P<ago>以前|之前|前)|(?P<on>以后|之后|过后|后))?(?![年半])"
)
_WEEKDAY = re.compile(
    rf"(?<![每\d一二两三四五六七八九十]){_WHICH}?{_WEEK_WORD}(?P<d>[一二三四五六日天末1-6])(?![岁年个])"
)
_WEEK = re.compile(rf"{_WHICH}{_WEEK_WORD}(?![一二三四五六日天末\d])")
_MONTH = re.compile(
    rf"(?P<w>上上|下下|[上下这本当])个?月份?的?(?:(?P<d>\d{{1,2}}|[二三]?十?[一二三四五六七八九十])(?:[号日]|$)|{_PART})?"
)
_MONTH_PART = re.compile(r"(?<![\d一二三四五六七八九十个上下这本当])(?P<p>月[初底末中])")
_YEAR_PART = re.compile(rf"(?P<y>{'|'.join(YEAR_WORDS)}|\d{{4}}年)?的?(?P<p>年[初底末])")

Reader = Callable[[re.Match[str], date, Tense], Found | None]


def find(text: str, today: date, tense: Tense) -> Iterator[Found]:
    """Yield the days of a plain text that are told by their distance from today."""
    for pattern, read in _READERS:
        for match in pattern.finditer(text):
            try:
                found = read(match, today, tense)
            except (ValueError, OverflowError):
                # 三百万年前 lies beyond any calendar, and 十百 is no number.
                continue
            if found is not None:
                yield found


def part_of_month(year: int, month: int, part: str) -> date | None:
    """Return the day a part of a month stands for: 月底 is its last day."""
    day = PART_DAYS[part.removeprefix("月")] if part != "月初" else 1
    return real_day(year, month, min(day, last_of(year, month)))


def _word(match: re.Match[str], today: date, tense: Tense) -> Found:
    word = match.group()
    days, way = (_NAMED[word], "counted") if word in _NAMED else (_ROUGHLY[word], "rough")
    return Found(*match.span(), today + timedelta(days=days), way=way)


def _next_working(match: re.Match[str], today: date, tense: Tense) -> Found:
    return Found(*match.span(), working_day_after(today, 1), way="counted")


def _counted(match: re.Match[str], today: date, tense: Tense) -> Found | None:
    """Read 三天后, 两个月前, 五个工作日后, 半个月前; 三天了 names no day."""
    unit = match["u"].removeprefix("个").removeprefix("多")
    if not (match["ago"] or match["on"] or (match["over"] and unit == "天")):
        return None
    sign = -1 if match["ago"] else 1
    halves = 1 if match["n"] == "半" else 0
    limits = (0, 0) if halves else between(match["n"])
    if limits is None:
        return None
    count, rough = (
        int(limits[1]),
        limits[0] != limits[1] or bool(halves or match["half"] or match["more"] or match["more2"]),
    )
    if unit == "工作日":
        # Counted back, people only tell roughly when something was.
        day = working_day_after(today, count) if sign > 0 and count <= 250 else None
    else:
        day = _beside(today, sign, count, unit, bool(halves or match["half"]))
    return Found(*match.span(), day, way="rough" if rough else "counted") if day else None


def _beside(today: date, sign: int, count: int, unit: str, half: bool) -> date | None:
    """Return the day `count` units (and a half one) before or after today."""
    if unit in ("月", "年"):
        months = count * (12 if unit == "年" else 1) + (6 if half and unit == "年" else 0)
        year, month = month_beside(today, sign * months)
        if not 1 <= year <= 9998:
            return None
        day = date(year, month, min(today.day, last_of(year, month)))
        return day + timedelta(days=sign * 15) if half and unit == "月" else day
    return today + timedelta(days=sign * count * (1 if unit == "天" else 7))


def _weekday(match: re.Match[str], today: date, tense: Tense) -> Found:
    """Read 下周三 by calendar weeks; a bare 周三 is the last one or, ahead, the next one."""
    name = match["d"].replace("天", "日").replace("末", "六")
    place = int(name) - 1 if name.isdigit() else _WEEKDAYS.index(name)
    monday = today - timedelta(days=today.weekday())
    day = monday + timedelta(weeks=_WEEKS.get(match["w"], 0), days=place)
    if match["w"] is None and tense == "ahead" and day < today:
        day += timedelta(weeks=1)
    if match["w"] is None and tense != "ahead" and day > today:
        day -= timedelta(weeks=1)
    return Found(*match.span(), day, way="rough" if match["d"] == "末" else "counted")


def _week(match: re.Match[str], today: date, tense: Tense) -> Found:
    monday = today - timedelta(days=today.weekday())
    return Found(*match.span(), monday + timedelta(weeks=_WEEKS[match["w"]]), way="rough")


def _month(match: re.Match[str], today: date, tense: Tense) -> Found:
    """Read 上个月3号, 上个月底, 下个月."""
    year, month = month_beside(today, _MONTHS[match["w"]])
    if match["d"]:
        day = real_day(year, month, number(match["d"]))
        return Found(*match.span(), day, None if day else "date_impossible", "counted")
    part = match["p"] or "初"
    return Found(*match.span(), part_of_month(year, month, part), way="rough")


def _month_part(match: re.Match[str], today: date, tense: Tense) -> Found | None:
    """Read 月底: this month's or, where it does not fit the tense, the one beside."""
    part = match["p"][1:]
    near = (part_of_month(*month_beside(today, step), part) for step in (-1, 0, 1))
    day = in_tense((each for each in near if each), today, tense)
    return Found(*match.span(), day, way="rough") if day else None


def _year_part(match: re.Match[str], today: date, tense: Tense) -> Found | None:
    said = match["y"]
    month = 1 if match["p"] == "年初" else 12
    if said:
        year = today.year + YEAR_WORDS[said] if said in YEAR_WORDS else int(said[:4])
        return Found(*match.span(), part_of_month(year, month, match["p"][1:]), way="rough")
    years = (part_of_month(today.year + step, month, match["p"][1:]) for step in (-1, 0, 1))
    day = in_tense((each for each in years if each), today, tense)
    return Found(*match.span(), day, way="rough") if day else None


_READERS: tuple[tuple[re.Pattern[str], Reader], ...] = (
    (_NEXT_WORKING, _next_working),
    (_COUNTED, _counted),
    (_WORDS, _word),
    (_MONTH, _month),
    (_YEAR_PART, _year_part),
    (_MONTH_PART, _month_part),
    (_WEEKDAY, _weekday),
    (_WEEK, _week),
)
