"""数目 A count, a length, a year: one number and what it counts."""

from __future__ import annotations

import re
from decimal import Decimal

from standards.acceptors import Accepted
from standards.acceptors.numerals import Numeral, scan, written
from standards.acceptors.plain import leftover, masked, plain

_DIGIT = r"[\d零〇一二三四五六七八九十]"
_DATED = re.compile(
    rf"{_DIGIT}年{_DIGIT}{{1,2}}月|{_DIGIT}月{_DIGIT}{{1,3}}[日号]|\d{{4}}[-/.]\d{{1,2}}[-/.]\d"
)
# Words with a numeral that counts nothing.
IDLE = re.compile(
    r"押[一二三四1-4]付[一二三四六1-46]|零[工花售食件]|(?<![\d一二两三四五六七八九十百千.])万一|千万(?=[别不莫要])|百姓|四[处川]|三轮|五[险保金]|十分|这一[项个条]|哪一[项个条]|一个人(?=上班|打工|挣|干活|养|做)|一(?:次|项|起|直|般|定|下|些|样|共|边|会儿?|旦|切|时|向|辈子|天天|点(?!钟|[零〇一二三四五六七八九]))"
)
_PAIRED = {"俩": Decimal(2), "仨": Decimal(3)}
_MEASURE = r"(?:年|个月|个|周|天|小时|平|米|里|斤|亩)"
_HALF_MORE = re.compile(rf"{_MEASURE}半")
_FIRST = re.compile("老大|大宝|头胎|独生子?女?")
_HALF = re.compile(rf"半{_MEASURE}")
_FILLERS = re.compile(
    r"平方(?:米|公尺)?|㎡|m2|平米|厘米|公分|cm|公里|公斤|周岁|个月|岁数|[年岁个人口只头匹条平米里斤亩块元套间位名次台辆层楼胎岁孩娃第老约多来余把几整正高长宽小俩仨半位交]",
    re.IGNORECASE,
)


def accept(text: str, *, asked: str = "") -> Accepted:
    """Read one number.

    Args:
        text: the answer.
        asked: the question, whose words may be repeated.

    Returns:
        The value in plain figures. Problems: `number_missing`, `number_several`, `number_date`,
        `number_between` (with `low` and `high`).
    """
    said = plain(text)
    if _DATED.search(said.text):
        return Accepted(problem="number_date")
    found = numerals_of(said.text)
    distinct = {(one.low, one.high) for one in found}
    if len(distinct) != 1:
        return Accepted(problem="number_several" if found else "number_missing")
    one = found[0]
    if one.low != one.high:
        return unclear(one.low, one.high)
    number, end = one.low, one.end
    if more := _HALF_MORE.match(said.text, end):
        number, end = number + Decimal("0.5"), more.end()
    rest = masked(said.text, [(each.start, each.end) for each in found])
    start, stop = said.span(one.start, end)
    return Accepted(written(number), start, stop, leftover(rest, _FILLERS, asked))


def unclear(low: Decimal, high: Decimal) -> Accepted:
    """Return that a number was said as one of several."""
    return Accepted(problem="number_between", shown={"low": written(low), "high": written(high)})


def numerals_of(text: str) -> list[Numeral]:
    """Return the numbers of a plain text that count something."""
    text = IDLE.sub(lambda idle: " " * len(idle.group()), text)
    found = scan(text)
    for sign, number in _PAIRED.items():
        found += [Numeral(number, number, at, at + 1) for at, other in enumerate(text)
                  if other == sign]  # fmt: skip
    if not found and (half := _HALF.search(text)):
        found.append(Numeral(Decimal("0.5"), Decimal("0.5"), *half.span()))
    if not found and (first := _FIRST.search(text)):
        found.append(Numeral(Decimal(1), Decimal(1), *first.span()))
    return found
