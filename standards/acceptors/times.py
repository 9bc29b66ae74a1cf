"""时间 A time of day: 下午三点半, 九点一刻, 15:30, 晌午."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from standards.acceptors import Accepted
from standards.acceptors.number import unclear
from standards.acceptors.numerals import between, value
from standards.acceptors.plain import leftover, masked, plain

_PARTS = {
    "凌晨": "night", "半夜": "night", "深夜": "night", "夜里": "night", "清早": "morning",
    "大清早": "morning", "一大早": "morning", "早上": "morning", "早晨": "morning",
    "上午": "morning", "中午": "noon", "正午": "noon", "晌午": "noon", "下午": "afternoon",
    "午后": "afternoon", "傍晚": "evening", "晚上": "evening", "晚间": "evening",
    "天黑": "evening", "黑了": "evening", "今晚": "evening", "明晚": "evening",
    "昨晚": "evening", "今早": "morning", "明早": "morning",
}  # fmt: skip
_PART = "|".join(sorted(_PARTS, key=len, reverse=True))
_HOURS = (
    r"(?:[01]?\d|2[0-4]|十[一二]?|[两二三四五六七八九][三四五六七八九](?=点)"
    r"|[零一二两三四五六七八九])"
)
_MINUTES = r"(?:[0-5]\d|[二三四五]?十[一二三四五六七八九]?|零?[一二三四五六七八九])"
_TIME = re.compile(
    rf"(?P<part>{_PART})?(?P<short>差(?:一刻|{_MINUTES}分))?的?(?:(?<![\d.:第差有])(?P<h>{_HOURS})"
    rf"(?:点(?P<mark>钟|整|左右|多|前|之前|以前|后|之后|以后)?过?"
    rf"(?:(?P<half>半)|(?P<quarter>[一三])刻|(?P<m>{_MINUTES})(?:分钟?)?(?![\d.个项条章]))?"
    r"|:(?P<mm>[0-5]\d)(?![\d:.])))?"
)
_NO_TIME = re.compile(r"(?:建议|意见|要求|问题|原因|希望|说明|疑问|诉求|[不也都儿点没用]|\d)")
_FILLERS = re.compile(r"点钟?|左右|以后|之后|以前|之前|过后|后|前|来|去|到|过|整|钟")
NOON, DAY = 12, 24


def accept(text: str, *, asked: str = "") -> Accepted:
    """Read one time of day.

    Args:
        text: the answer.
        asked: the question, whose words may be repeated.

    Returns:
        HH:MM, or a part of the day: night, morning, noon, afternoon or evening. 三点 without more
        is an hour at which offices are open. Problems: `time_missing`, `time_several`,
        `number_between` (`low`, `high`).
    """
    said = plain(text)
    found: list[tuple[str, int, int]] = []
    for match in _TIME.finditer(said.text):
        if limits := _unclear(match):
            return unclear(*limits)
        if (clock := _clock(match, said.text)) or match["part"]:
            found.append((clock or _PARTS[match["part"]], *match.span()))
    distinct = {clock for clock, _, _ in found}
    if len(distinct) != 1:
        return Accepted(problem="time_several" if found else "time_missing")
    clock, start, end = found[0]
    left = leftover(masked(said.text, [place[1:] for place in found]), _FILLERS, asked)
    return Accepted(clock, *said.span(start, end), left)


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield where times of day stand in a plain text."""
    for match in _TIME.finditer(text):
        if match["part"] or _clock(match, text):
            # 昨晚 is a day as well.
            yield match.start() + _day_in(match["part"] or ""), match.end()


def _day_in(part: str) -> int:
    return len(part) if part[:1] in ("今", "明", "昨") else 0


def _unclear(match: re.Match[str]) -> tuple[Decimal, Decimal] | None:
    """Return the two hours of 两三点; None where one hour is meant."""
    limits = between(match["h"]) if match["h"] else None
    return limits if limits and limits[0] != limits[1] else None


def _clock(match: re.Match[str], plain_text: str) -> str | None:
    """Read HH:MM; None where 点 means something else (两点建议, 一点不)."""
    if not match["h"]:
        return None
    hour = _int(match["h"], 99)
    part = _PARTS.get(match["part"] or "")
    exact = match["mm"] or match["half"] or match["quarter"] or match["m"] or match["short"]
    if not exact and not part and not match["mark"] and not _stands_for_time(match, plain_text):
        return None
    minute = _minute(match)
    if hour > DAY or minute > 59:
        return None
    total = _of_day(hour, part, bool(match["mm"])) * 60 + minute - _short(match)
    return f"{total // 60 % DAY:02}:{total % 60:02}"


def _stands_for_time(match: re.Match[str], plain_text: str) -> bool:
    """Tell 三点来 from 三点建议 and 一点不."""
    return match["h"] not in {"一", "零"} and not _NO_TIME.match(plain_text, match.end())


def _minute(match: re.Match[str]) -> int:
    if match["half"]:
        return 30
    if match["quarter"]:
        return {"一": 15, "三": 45}[match["quarter"]]
    return _int(match["mm"] or match["m"] or "0", 0)


def _short(match: re.Match[str]) -> int:
    """Return the minutes that are still missing to the hour (差一刻九点)."""
    said = (match["short"] or "").removeprefix("差").removesuffix("分")
    return 15 if said == "一刻" else _int(said or "0", 0)


def _int(said: str, otherwise: int) -> int:
    number = value(said)
    return otherwise if number is None else int(number)


def _of_day(hour: int, part: str | None, written: bool) -> int:
    """Bring an hour to the day's 24; 三点 without more is one at which offices are open."""
    if hour > NOON or (written and part is None):
        return hour
    if part in {"afternoon", "evening"} or (part == "noon" and hour < 10):
        return hour + NOON if hour < NOON else hour
    if part is None and 1 <= hour <= 6:
        return hour + NOON
    return hour
