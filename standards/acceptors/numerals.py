"""数字 Numbers in figures, in characters, in capitals (大写) and mixed: 两万五, 2千4, 伍仟, 3k."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

import cn2an

_CAPITALS = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")
_SIZES = {"十": 10, "百": 100, "千": 1000, "k": 1000, "万": 10_000, "w": 10_000,
          "亿": 100_000_000}  # fmt: skip
_ONES = "一二两三四五六七八九"
_DIGITS = {sign: digit for digit, sign in enumerate("一二三四五六七八九", 1)}
_HAN = "零〇一二两三四五六七八九十百千万亿廿卅壹贰叁肆伍陆柒捌玖拾佰仟"
_FIGURES = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_SPOKEN = rf"(?:{_FIGURES}|[{_HAN}])[\d{_HAN}]*"
NUMERAL = (
    rf"(?:(?:{_FIGURES})[kKwW](?![A-Za-z])|[{_HAN}]+点[零〇一二三四五六七八九]+(?![钟刻分])"
    rf"|[{_HAN}]?十几[百千万亿]*|{_SPOKEN})"
)
"""One number as it is said; `between` gives its value."""

_RANGE = re.compile(rf"(?P<low>{NUMERAL})(?:到|至|-|~|—|–|－)(?P<high>{NUMERAL})")
_ONE = re.compile(NUMERAL)
_EITHER = re.compile(rf"(?<![{_ONES}零〇\d])([{_ONES}])([{_ONES}])(?![{_ONES}零〇\d])")
_SIZED = re.compile(rf"({_FIGURES})([十百千万亿kw]?)")
_SCALE = re.compile(r"[十百千万亿kw]+$")
_RUN = re.compile(r"[零〇一二两三四五六七八九十百千万亿]+")
_LONGEST = 24


@dataclass(frozen=True)
class Numeral:
    """A number in `text[start:end]`; `low` and `high` differ where it was said as a range."""

    low: Decimal
    high: Decimal
    start: int
    end: int


def scan(text: str) -> list[Numeral]:
    """Find the numbers of a text in plain signs; 两三千 and 2000到3000 are one number each."""
    ranges = (
        (_range(match["low"], match["high"]), match.span()) for match in _RANGE.finditer(text)
    )
    found = [Numeral(*limits, *place) for limits, place in ranges if limits]
    for match in _ONE.finditer(text):
        if any(match.start() < one.end and one.start < match.end() for one in found):
            continue
        # 几百 and 好几千 name no number.
        if text[: match.start()].endswith(("几", "数", "好")):
            continue
        if limits := between(match.group()):
            found.append(Numeral(*limits, *match.span()))
    return sorted(found, key=lambda one: one.start)


def between(said: str) -> tuple[Decimal, Decimal] | None:
    """Return the least and the most that `said` can mean; None where it is no number."""
    plain = said.translate(_CAPITALS).lower()
    if "十几" in plain:
        low, high = value(plain.replace("几", "一")), value(plain.replace("几", "九"))
    elif (either := _EITHER.search(plain)) and _follows(*either.groups()):
        start, end = either.span()
        low, high = (value(plain[:start] + one + plain[end:]) for one in either.groups())
    else:
        low = high = value(plain)
    return None if low is None or high is None else (low, high)


def value(said: str) -> Decimal | None:
    """Return the value of one number; None where the characters are none (十百)."""
    plain = said.translate(_CAPITALS).lower().replace(",", "").replace("卅", "三十")
    plain = plain.replace("〇", "零")
    if sized := _SIZED.fullmatch(plain):
        return Decimal(sized.group(1)) * _SIZES.get(sized.group(2), 1)
    if len(plain) > _LONGEST:
        return None
    try:
        return Decimal(str(cn2an.cn2an(plain, "smart")))
    except (ValueError, KeyError, IndexError, InvalidOperation):
        return None


def written(number: Decimal) -> str:
    """Return a number in plain figures without idle zeros ("1000", "3.5")."""
    shown = f"{number:f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def in_figures(text: str) -> str:
    """Return `text` half-width with its numbers in characters as figures ("四十五岁" → "45岁")."""
    half = unicodedata.normalize("NFKC", text)
    return _RUN.sub(lambda found: _figures(found.group()), half)


def _figures(said: str) -> str:
    limits = None if said in ("万", "亿", "千", "百") else between(said)
    return said if limits is None else written(limits[0])


def _follows(low: str, high: str) -> bool:
    """Tell 两三 and 三五 from 九八, which are two figures."""
    one, other = _DIGITS.get(low, 2), _DIGITS.get(high, 2)
    return other - one == 1 or (low, high) == ("三", "五")


def _range(low: str, high: str) -> tuple[Decimal, Decimal] | None:
    """Return both ends of 两千到三千; the size may be said once, as in 两到三千."""
    scale = _SCALE.search(high.lower())
    least, most = value(low), value(high)
    if least is None or most is None:
        return None
    if scale and not _SCALE.search(low.lower()) and (grown := value(low + scale.group())):
        least = grown
    return (least, most) if least < most else None
