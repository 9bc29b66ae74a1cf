"""口头数字 Numbers, dates and "the second one", as people say them."""

from __future__ import annotations

import calendar
import re
import unicodedata
from datetime import date, timedelta

_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6,
           "七": 7, "八": 8, "九": 9}  # fmt: skip
_UNITS = {"十": 10, "百": 100, "千": 1000}
_HAN_NUMBER = re.compile(r"[零〇一二两三四五六七八九十百千万]+")
_RELATIVE = {"大前天": -3, "前天": -2, "昨天": -1, "昨日": -1, "今天": 0, "今日": 0, "今儿": 0,
             "大后天": 3, "后天": 2, "前几天": -3, "前两天": -2, "前不久": -7, "明天": 1,
             "明儿": 1}  # fmt: skip
_YEARS = {"今年": 0, "去年": -1, "前年": -2, "明年": 1, "后年": 2}
_FULL_DATE = re.compile(r"(\d{4})[年\-/.](\d{1,2})[月\-/.](\d{1,2})")
_SHORT_YEAR = re.compile(r"(?<!\d)(\d{2})年(\d{1,2})月(\d{1,2})")
_SOLID_DATE = re.compile(r"(?<!\d)((?:19|20)\d{2})(\d{2})(\d{2})(?!\d)")
# A month without a day is meant roughly: its first day.
_YEAR_MONTH = re.compile(r"(\d{4})[年\-/.](\d{1,2})月?$")
_NO_YEAR = re.compile(r"(?<!\d)(\d{1,2})[月./\-](\d{1,2})")
_DAY_ONLY = re.compile(r"(?<!\d)(\d{1,2})[号日]")
_WEEK = re.compile(r"(上上|上|下下|下|这|本)?个?(?:星期|礼拜|周)([一二三四五六日天])?")
_ORDINAL = re.compile(r"^第?(\d{1,2})(个|项|条|种|号)?$")


def number_in(text: str) -> str | None:
    """Return the number `text` names, in figures ("三个人" → "3", "两万五" → "25000")."""
    plain = unicodedata.normalize("NFKC", text).replace(",", "")
    figures = re.search(r"\d+(?:\.\d+)?", plain)
    if figures:
        value = float(figures.group())
        if plain[figures.end() : figures.end() + 1] == "万":
            value *= 10_000
        return f"{value:.4f}".rstrip("0").rstrip(".")
    spoken = _HAN_NUMBER.search(plain)
    return str(han_number(spoken.group())) if spoken else None


def han_number(han: str) -> int:
    """Return the value of a number in characters ("一千零五" → 1005, "二零二六" → 2026)."""
    if not re.search(r"[十百千万]", han):
        return int("".join(str(_DIGITS[sign]) for sign in han))
    total = section = digit = 0
    unit = 1
    for sign in han:
        if sign in _DIGITS:
            digit = _DIGITS[sign]
            unit = 1 if sign in "零〇" else unit
        elif sign == "万":
            total += (section + digit) * 10_000
            section, digit, unit = 0, 0, 10_000
        else:
            section += (digit or 1) * _UNITS[sign]
            digit, unit = 0, _UNITS[sign]
    # "两万五" and "三百五" leave the next lower unit unsaid.
    return total + section + digit * (unit // 10 if unit > 10 and "零" not in han[-2:] else 1)


def ordinal_in(text: str) -> int | None:
    """Return which one was meant by "第二个", "2" or "最后一个" (-1); None when none was."""
    plain = in_figures(re.sub(r"[\s,。.!]", "", text))
    if plain.startswith("最后"):
        return -1
    match = _ORDINAL.match(plain)
    return int(match.group(1)) if match else None


def in_figures(text: str) -> str:
    """Return `text` half-width with its Chinese numerals as figures."""
    plain = unicodedata.normalize("NFKC", text)
    return _HAN_NUMBER.sub(
        lambda found: str(han_number(found.group())) if found.group() != "万" else "万", plain
    )


def date_in(text: str, today: date, *, ahead: bool = False) -> date | str | None:
    """Return the day `text` names; a reason key when it names an impossible or unclear one.

    Args:
        text: what was said.
        today: the day of the turn.
        ahead: True where a day without a year is one to come, False where it is one gone by.
    """
    plain = re.sub(r"\s+", "", text)
    if re.search(r"农历|阴历|腊月|正月|冬月|初[一二三四五六七八九十]", plain):
        return "date_lunar"
    for word, offset in _RELATIVE.items():
        if word in plain:
            return today + timedelta(days=offset)
    if (weekday := _weekday(plain, today, ahead=ahead)) is not None:
        return weekday
    for word, offset in _YEARS.items():
        plain = plain.replace(word, f"{today.year + offset}年")
    return _figured(in_figures(plain), today, ahead=ahead)


def _figured(plain: str, today: date, *, ahead: bool) -> date | str | None:
    """Return the day written in figures: with its year, without it, or the day alone."""
    if found := _FULL_DATE.search(plain) or _SOLID_DATE.search(plain):
        return _day(*(int(part) for part in found.groups()))
    if found := _SHORT_YEAR.search(plain):
        year, month, day = (int(part) for part in found.groups())
        return _day(year + (2000 if year <= today.year % 100 else 1900), month, day)
    if found := _YEAR_MONTH.search(plain):
        return _day(int(found.group(1)), int(found.group(2)), 1)
    if found := _NO_YEAR.search(plain):
        return _nearest(int(found.group(1)), int(found.group(2)), today, ahead=ahead)
    if found := _DAY_ONLY.search(plain):
        return _in_month(plain, int(found.group(1)), today, ahead=ahead)
    return None


def _weekday(text: str, today: date, *, ahead: bool) -> date | None:
    """Return the day of "上周三", "这个星期天", "下周" or "周五"."""
    found = _WEEK.search(text)
    if not found:
        return None
    which, name = found.groups()
    if not which and name is None:
        return None
    weeks = {"上": -1, "上上": -2, "下": 1, "下下": 2}.get(which or "", 0)
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=weeks)
    if name is None:
        return monday if weeks else today
    day = monday + timedelta(days="一二三四五六日天".index(name) if name != "天" else 6)
    if not which and ahead and day < today:
        day += timedelta(weeks=1)
    if not which and not ahead and day > today:
        day -= timedelta(weeks=1)
    return day


def _in_month(text: str, day: int, today: date, *, ahead: bool) -> date | str:
    """Return the day of "上个月3号", "下月5号" or "15号"."""
    anchor = today.replace(day=1)
    if re.search(r"上个?月", text):
        anchor = (anchor - timedelta(days=1)).replace(day=1)
    elif re.search(r"下个?月", text) or (ahead and "月" not in text and day < today.day):
        anchor = (anchor + timedelta(days=32)).replace(day=1)
    return _day(anchor.year, anchor.month, day)


def _day(year: int, month: int, day: int) -> date | str:
    if not (1 <= month <= 12 and 1 <= day <= calendar.monthrange(max(year, 1), month)[1]):
        return "date_impossible"
    return date(year, month, day)


def _nearest(month: int, day: int, today: date, *, ahead: bool) -> date | str:
    """Return the next such day, or the last one where people speak of what happened."""
    this_year = _day(today.year, month, day)
    if not isinstance(this_year, date):
        return this_year
    if ahead and this_year < today:
        return _day(today.year + 1, month, day)
    if not ahead and this_year > today:
        return _day(today.year - 1, month, day)
    return this_year
