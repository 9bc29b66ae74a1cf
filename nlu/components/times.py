"""时间 Times of day as people name them: 上午, 三点半, 14:20."""

from __future__ import annotations

import re

from components.spans import Span
from components.spoken_numbers import number, plain_signs

_PARTS = {
    "凌晨": "night", "半夜": "night", "深夜": "night", "夜里": "night", "清早": "morning",
    "大清早": "morning", "一大早": "morning", "早上": "morning", "早晨": "morning",
    "上午": "morning", "中午": "noon", "正午": "noon", "下午": "afternoon", "午后": "afternoon",
    "傍晚": "evening", "晚上": "evening", "晚间": "evening", "今晚": "evening",
    "明晚": "evening", "昨晚": "evening", "今早": "morning", "明早": "morning",
}  # fmt: skip
"""Part of the day by word; those with a day in them are also dates."""

_HOURS = r"(?:[01]?\d|2[0-4]|十[一二三四五六七八九]?|二十[一二三四]?|[零一二两三四五六七八九])"
_MINUTES = r"(?:[0-5]\d|[二三四五]?十[一二三四五六七八九]?|零?[一二三四五六七八九])"
_PART = "|".join(sorted(_PARTS, key=len, reverse=True))
_TIME = re.compile(
    rf"(?P<part>{_PART})?的?(?:(?<![\d.:第差有])(?P<h>{_HOURS})"
    rf"(?:点(?P<mark>钟|整|过|左右|多|前|之前|以前|后|之后|以后)?"
    rf"(?:(?P<half>半)|(?P<quarter>[一三])刻|(?P<m>{_MINUTES})(?:分钟?)?(?![\d.个项条章]))?"
    r"|[::](?P<mm>[0-5]\d)(?![\d:.])))?"
)
_NO_TIME = re.compile(r"(?:建议|意见|要求|问题|原因|希望|说明|疑问|诉求|[不也都儿点没用]|\d)")


def find_times(text: str) -> list[Span]:
    """Find times; the value is HH:MM or a part of the day.

    The parts are night, morning, noon, afternoon and evening.
    """
    plain = plain_signs(text)
    found = []
    for match in _TIME.finditer(plain):
        value = _clock(match, plain) if match["h"] else None
        if value:
            found.append(Span("time", value, *match.span()))
        elif match["part"]:
            found.append(Span("time", _PARTS[match["part"]], *match.span("part")))
    return found


def _clock(match: re.Match[str], plain: str) -> str | None:
    """Read HH:MM; None where 点 means something else (两点建议, 一点不)."""
    said = number(match["h"])
    hour = int(said) if said is not None else 99
    part = _PARTS.get(match["part"] or "")
    exact = match["mm"] or match["half"] or match["quarter"] or match["m"]
    if not exact and not part and not match["mark"] and not _stands_for_time(match, plain):
        return None
    minute = _minute(match)
    if hour > 24 or minute > 59:
        return None
    return f"{_of_day(hour, part, bool(match['mm'])) % 24:02}:{minute:02}"


def _stands_for_time(match: re.Match[str], plain: str) -> bool:
    """Tell 三点来 from 三点建议 and 一点不."""
    return match["h"] not in {"一", "零"} and not _NO_TIME.match(plain, match.end())


def _minute(match: re.Match[str]) -> int:
    if match["half"]:
        return 30
    if match["quarter"]:
        return {"一": 15, "三": 45}[match["quarter"]]
    said = match["mm"] or match["m"]
    value = number(said) if said else None
    return int(value) if value is not None else 0


def _of_day(hour: int, part: str | None, written: bool) -> int:
    """Bring an hour to the day's 24; 三点 without more is one at which offices are open."""
    if hour >= 13 or (written and part is None):
        return hour
    if part in {"afternoon", "evening"} or (part == "noon" and hour < 10):
        return hour + 12 if hour < 12 else hour
    if part is None and 1 <= hour <= 6:
        return hour + 12
    return hour
