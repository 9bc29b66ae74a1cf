"""口头数字 Numbers as people say and type them: 三百五, 两万五, 1.2万, 十二."""

from __future__ import annotations

import re
from decimal import Decimal

LOOKED_AT = 400
"""Characters of a message searched; amounts, days and places stand in its beginning."""

HAN_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6,
              "七": 7, "八": 8, "九": 9}  # fmt: skip
_UNITS = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10_000, "亿": 100_000_000}

HAN = r"[零〇一二两三四五六七八九十百千万亿]{1,16}"
FIGURES = r"(?<![\d.])\d{1,12}(?:[,，]\d{3}){0,3}(?:\.\d{1,4})?[万千百亿]?"
NUMBER = rf"(?:{FIGURES}|{HAN})"
"""A number in figures, with a character for its size or none, or in characters."""

_SIMPLE = str.maketrans(
    "兩萬億點號週塊錢樓後幾時間禮單棟區醫學車場園廣門邊對東運鐘開從",
    "两万亿点号周块钱楼后几时间礼单栋区医学车场园广门边对东运钟开从",
)
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


def plain_signs(text: str) -> str:
    """Write half-width and simplified what rules look for; every character keeps its place."""
    return text.translate(_WIDE).translate(_SIMPLE)


def number(said: str) -> Decimal | None:
    """Give the value of what NUMBER matched; None for characters that are no number (十百)."""
    figures = re.fullmatch(r"([\d,，.]+)([万千百亿]?)", said)
    if figures is None:
        value = _han(said)
        return None if value is None else Decimal(value)
    size = (_UNITS | _LARGE).get(figures.group(2), 1)
    return Decimal(re.sub("[,，]", "", figures.group(1)).rstrip(".")) * size


def _han(said: str) -> int | None:
    """Read characters; the next lower unit may be left unsaid, as in 三百五 and 两万五."""
    if not set(said) & (set(_UNITS) | set(_LARGE)):
        return int("".join(str(HAN_DIGITS[sign]) for sign in said))
    total = section = 0
    digit: int | None = None
    unit = 0
    for sign in said:
        if sign in HAN_DIGITS:
            if digit:
                return None
            digit, unit = HAN_DIGITS[sign], 0 if sign in "零〇" else unit
        elif sign in _UNITS:
            section += (1 if digit is None else digit) * _UNITS[sign]
            digit, unit = None, _UNITS[sign]
        else:
            total = (total + section + (digit or 0)) * _LARGE[sign]
            section, digit, unit = 0, None, _LARGE[sign]
    return total + section + (digit or 0) * (unit // 10 if unit > 10 else 1)
