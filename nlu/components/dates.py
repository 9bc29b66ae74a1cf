"""日期 Days as people name them, counted from the day they speak."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from components.spans import Span
from components.spoken_numbers import number, plain_signs
from components.working_days import is_published, is_working_day, working_day_after

_DAYS = {"大前天": -3, "前天": -2, "前晚": -2, "昨天": -1, "昨日": -1, "昨儿": -1, "昨晚": -1,
         "今天": 0, "今日": 0, "今儿": 0, "今晚": 0, "今早": 0, "当天": 0, "明天": 1, "明日": 1,
         "明儿": 1, "明早": 1, "明晚": 1, "后天": 2, "后日": 2, "大后天": 3}  # fmt: skip
_YEARS = {"前年": -2, "去年": -1, "今年": 0, "明年": 1, "后年": 2}
_WEEKS = {"上上": -2, "上": -1, "这": 0, "本": 0, "下": 1, "下下": 2}
_WEEKDAYS = "一二三四五六日"

_N = r"(?:\d{1,3}|[一二两三四五六七八九十]{1,3})"
_M = r"(?:0?[1-9]|1[0-2]|十[一二]?|[一二三四五六七八九])"
_D = r"(?:[12]\d|3[01]|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])"
_NOT_A_DAY = r"(?![楼栋窗线院房门店机文令室车馆厅桌地桩井球杆坑库厂]|[A-Za-z0-9])"
_FULL = re.compile(
    rf"(?<![\dA-Za-z])(?P<y>(?:19|20)\d\d)(?:年|(?P<s>[-/.]))(?P<m>{_M})(?(s)(?P=s)|月份?)"
    rf"(?P<d>{_D})(?(s)(?![\d.])|[号日]?)"
)
_MONTH_DAY = re.compile(
    rf"(?P<w>{'|'.join(_YEARS)}|(?:农历|阴历))?的?(?<!\d)(?P<m>{_M})月份?(?P<d>{_D})[号日]"
)
_IN_MONTH = re.compile(rf"(?P<w>[上这本下])个?月份?的?(?P<d>{_D})[号日]{_NOT_A_DAY}")
_MONTH = re.compile(r"(?P<w>[上这本下])个月|(?<!\d)(?P<y>(?:19|20)\d\d)年(?P<m>" + _M + r")月")
_DAY = re.compile(
    rf"(?<![\d第路街巷道弄楼栋座期苑园院区村里.\-/])(?<![A-Za-z])(?P<d>{_D})[号日]{_NOT_A_DAY}"
)
_NAMED = re.compile("|".join(sorted(_DAYS, key=len, reverse=True)))
_WEEKDAY = re.compile(
    r"(?<![每一二两三四五六七八九十\d])(?P<w>上上|下下|[上下这本])?个?(?:周|星期|礼拜)"
    r"(?P<d>[一二三四五六日天末1-6])(?![岁年]|个)"
)
_WEEK = re.compile(r"(?P<w>上上|下下|[上下这本])个?(?:周|星期|礼拜)(?![一二三四五六日天末\d])")
_COUNTED = re.compile(
    rf"(?P<n>{_N})(?P<u>个?工作日|天|个?(?:星期|礼拜)|周|个月|年)"
    r"(?:(?P<ago>以前|之前|前)|(?:以后|之后|后|过后))(?![年半])"
)
_NEXT_WORKING = re.compile(r"(?:下一?个|最近的|最近一个)工作日")
_PAST = re.compile(r"了|过|丢|掉|那天|的时候|上次|被|以来|已经|没收到")

Reader = Callable[[re.Match[str], date, bool], str | None]


def find_dates(text: str, today: date) -> list[Span]:
    """Find days; the value is ISO 8601: a day, a month ("2026-12") or a week ("2026-W48").

    Args:
        text: what was said.
        today: the day it was said on, in Shanghai.
    """
    plain = plain_signs(text)
    past = bool(_PAST.search(plain))
    found: list[Span] = []
    taken: list[tuple[int, int]] = []
    for pattern, read in _READERS:
        for match in pattern.finditer(plain):
            if any(start < match.end() and match.start() < end for start, end in taken):
                continue
            # 2月30号 is no day at all, and neither is the 30号 in it.
            taken.append(match.span())
            if value := _read(read, match, today, past):
                found.append(Span("date", value, *match.span(), _about(value)))
    return sorted(found, key=lambda one: one.start)


def _read(read: Reader, match: re.Match[str], today: date, past: bool) -> str | None:
    """Read one match; None for a day that does not exist or lies beyond any calendar."""
    try:
        return read(match, today, past)
    except (ValueError, OverflowError):
        return None


def _about(value: str) -> dict[str, bool]:
    """Say whether offices work on a day, and whether that may still change."""
    if len(value) != len("2026-11-22"):
        return {}
    day = date.fromisoformat(value)
    return {"working_day": is_working_day(day)} | (
        {} if is_published(day) else {"provisional": True}
    )


def _int(said: str) -> int:
    value = number(said)
    if value is None:
        raise ValueError(said)
    return int(value)


def _full(match: re.Match[str], today: date, past: bool) -> str:
    return date(int(match["y"]), _int(match["m"]), _int(match["d"])).isoformat()


def _month_day(match: re.Match[str], today: date, past: bool) -> str | None:
    """Read 10月8号: in the year named, else the nearest one to today."""
    month, day = _int(match["m"]), _int(match["d"])
    if match["w"] in _YEARS:
        return date(today.year + _YEARS[match["w"]], month, day).isoformat()
    if match["w"]:
        return None
    return _nearest(_existing((today.year + step, month, day) for step in (-1, 0, 1)), today)


def _in_month(match: re.Match[str], today: date, past: bool) -> str:
    year, month = _month_beside(today, {"上": -1, "下": 1}.get(match["w"], 0))
    return date(year, month, _int(match["d"])).isoformat()


def _month(match: re.Match[str], today: date, past: bool) -> str:
    if match["y"]:
        return f"{match['y']}-{_int(match['m']):02}"
    year, month = _month_beside(today, {"上": -1, "下": 1}.get(match["w"], 0))
    return f"{year}-{month:02}"


def _day(match: re.Match[str], today: date, past: bool) -> str | None:
    """Read 15号: the last one where people tell what happened, else the next one."""
    day = _int(match["d"])
    steps = (0, -1, -2) if past else (0, 1, 2)
    for near in _existing((*_month_beside(today, step), day) for step in steps):
        if (near <= today) if past else (near >= today):
            return near.isoformat()
    return None


def _named(match: re.Match[str], today: date, past: bool) -> str:
    return (today + timedelta(days=_DAYS[match.group()])).isoformat()


def _weekday(match: re.Match[str], today: date, past: bool) -> str:
    """Read 下周三 by calendar weeks; a bare 周三 is the next or, told as past, the last one."""
    name = match["d"].replace("天", "日").replace("末", "六")
    place = int(name) - 1 if name.isdigit() else _WEEKDAYS.index(name)
    monday = today - timedelta(days=today.weekday())
    day = monday + timedelta(weeks=_WEEKS.get(match["w"], 0), days=place)
    if match["w"] is None and past and day > today:
        day -= timedelta(weeks=1)
    if match["w"] is None and not past and day < today:
        day += timedelta(weeks=1)
    return day.isoformat()


def _week(match: re.Match[str], today: date, past: bool) -> str:
    year, week, _ = (today + timedelta(weeks=_WEEKS[match["w"]])).isocalendar()
    return f"{year}-W{week:02}"


def _counted(match: re.Match[str], today: date, past: bool) -> str | None:
    """Read 三天后, 两个月前, 五个工作日后."""
    count = _int(match["n"])
    sign = -1 if match["ago"] else 1
    unit = match["u"].removeprefix("个")
    if unit == "工作日":
        # Counted back, people only tell roughly when something was.
        return None if sign < 0 else working_day_after(today, count).isoformat()
    if unit in {"月", "年"}:
        year, month = _month_beside(today, sign * count * (12 if unit == "年" else 1))
        last = calendar.monthrange(year, month)[1]
        return date(year, month, min(today.day, last)).isoformat()
    days = count * (1 if unit == "天" else 7)
    return (today + timedelta(days=sign * days)).isoformat()


def _next_working(match: re.Match[str], today: date, past: bool) -> str:
    return working_day_after(today, 1).isoformat()


def _month_beside(today: date, steps: int) -> tuple[int, int]:
    months = today.year * 12 + today.month - 1 + steps
    return months // 12, months % 12 + 1


def _existing(days: Iterator[tuple[int, int, int]]) -> Iterator[date]:
    """Leave out what no calendar has, such as 29 February of most years."""
    for year, month, day in days:
        if day <= calendar.monthrange(year, month)[1]:
            yield date(year, month, day)


def _nearest(days: Iterator[date], today: date) -> str | None:
    nearest = min(days, key=lambda day: abs(day - today), default=None)
    return nearest.isoformat() if nearest else None


_READERS: tuple[tuple[re.Pattern[str], Reader], ...] = (
    (_FULL, _full),
    (_MONTH_DAY, _month_day),
    (_NEXT_WORKING, _next_working),
    (_IN_MONTH, _in_month),
    (_MONTH, _month),
    (_COUNTED, _counted),
    (_NAMED, _named),
    (_WEEKDAY, _weekday),
    (_WEEK, _week),
    (_DAY, _day),
)
