"""金额 An amount in yuan: 两千四, 三块五, 每人八百两个人, 一年三万, 没有收入."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from standards.acceptors import Accepted
from standards.acceptors.number import IDLE, unclear
from standards.acceptors.numerals import NUMERAL, between, scan, value, written
from standards.acceptors.plain import Plain, leftover, masked, plain

Period = Literal["month", "year"]

_SMALL = r"[零一二两三四五六七八九]|\d"
_AMOUNT = re.compile(
    rf"(?<![几数好第])(?P<number>{NUMERAL})(?P<about>多|来|余|把)?"
    r"(?:(?P<yuan>块钱|元钱|块|元|圆|rmb|人民币)"
    rf"(?:零?(?P<jiao>{_SMALL})(?:[毛角]|(?![\d一-龥])|(?=钱))|(?P<half>半))?(?:(?P<fen>{_SMALL})分)?[钱整正]?"
    r"|(?P<dime>毛钱?|角钱?)|(?P<cent>分钱?))?",
    re.IGNORECASE,
)
_NONE = re.compile(
    r"一分钱?(?:都|也)?(?:没有?|没得|莫得)(?:挣|赚)?|(?:没有?|没得|莫得|冇|无)(?:啥子?|什么|任何|固定)?(?:收入|工资|钱|进账|来源)"
)
_ONLY_NONE = re.compile(r"(?:没有?|没得|莫得|冇|无)(?:上班|工作|活干|事做|的|得|啊|呀|了|嘛|哦)*")
_IDLE = re.compile(r"(?:没有?|没得|莫得|不)(?:上班|工作|活干|事做)|失业|下岗")
_PERIODS = {"月": Decimal(1), "年": Decimal(1) / 12, "天": Decimal(30), "日": Decimal(30),
            "季": Decimal(1) / 3, "半": Decimal(1) / 6}  # fmt: skip
_PERIOD = re.compile(
    r"(?:每一?个?|一个?|1个?|/)(?P<each>[月年天日季])度?|(?P<half>半)年|(?P<kind>[月年日])(?:薪|收入|工资|租金?|挣|入)"
)
_EACH = re.compile(
    r"每一?个?人|(?<![我就他她])[一1]个?人(?=都?是?(?:大概|大约|差不多)?\s*[\d一二两三四五六七八九十])|人均|每一?口"
)
_TOTAL = re.compile(
    r"(?:总共|一共|合计|总的|总数|总额|拢共|统共|加起来|合起来|算下来|算起来|全部)(?:就)?(?:是|有|欠|差|要|得|花了?|为)*[:：\s]*$"
)
_HEADS = re.compile(rf"(?P<count>{NUMERAL}|俩|仨)(?:个人|口人|口子?|个|人|位)")
_PAIRED = {"俩": Decimal(2), "仨": Decimal(3)}
_FILLERS = re.compile(
    r"押[一二三四\d]付[一二三四六\d]|人民币|rmb|块钱|元钱|退休金|养老金|工资|收入|房租|租金|薪水|生活费|花费|花了|用了|交了|挣|赚|付|欠了?|拿|领|贷|存"
    r"|[元块圆钱毛角分整正多来余把几小¥￥每花用交共总]",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class _Amount:
    low: Decimal
    high: Decimal
    start: int
    end: int
    about: bool
    named: bool


def accept(text: str, *, per: Period | None = None, unit: int = 1, asked: str = "") -> Accepted:
    """Read an amount of money.

    Args:
        text: the answer.
        per: the period the question asks about; an amount said of another one is reckoned.
        unit: how many yuan one of the question's units has (10,000 where it asks in 万元).
        asked: the question, whose words may be repeated.

    Returns:
        The value in the question's unit, plain figures. Ways: `per_head` (`each`, `heads`,
        `total`), `per_period` (`said`, `total`), `nothing`, `about`, `total` (said beside its
        parts). Problems: `number_missing`, `number_several`, `number_between` (`low`, `high`),
        `money_heads`.
    """
    said = plain(text)
    periods = list(_PERIOD.finditer(said.text))
    beside = [match.span() for match in periods]
    counting = masked(said.text, [*beside, *(match.span() for match in IDLE.finditer(said.text))])
    if nothing := _nothing(counting, said, asked):
        return nothing
    each, heads, spans = _per_head(counting)
    beside += spans
    amounts = _amounts(masked(counting, spans))
    left = leftover(masked(said.text, [*beside, *((one.start, one.end) for one in amounts)]),
                    _FILLERS, asked)  # fmt: skip
    if each and heads and _sum_said(amounts, heads):
        amounts = amounts[:1]
    kinds = sorted({str(match["each"] or match["half"] or match["kind"]) for match in periods})
    if total := _total_of(said.text, amounts):
        return _in_all(total, said, _factor_of_total(kinds, per), unit)
    if len({(one.low, one.high) for one in amounts}) != 1:
        return Accepted(problem="number_several" if amounts else "number_missing")
    one = amounts[0]
    if one.low != one.high:
        return unclear(one.low, one.high)
    if each and not heads:
        return Accepted(problem="money_heads", shown={"each": written(one.low)})
    factor = _factor(kinds, per)
    if factor is None:
        left = (*left, *(match.group() for match in periods))
    value, way, shown = _reckoned(one, heads, factor or Decimal(1), unit)
    return Accepted(value, *said.span(one.start, one.end), left, way=way, shown=shown)


def _reckoned(
    one: _Amount, heads: Decimal | None, factor: Decimal, unit: int
) -> tuple[str, str, dict[str, object]]:
    """Return an amount as it was asked for, how it came about, and what to show of that."""
    amount, way = one.low, "about" if one.about else ""
    shown: dict[str, object] = {"each": written(amount)}
    if heads is not None:
        way = "per_head"
        amount *= heads
        shown["heads"] = written(heads)
    shown["said"] = written(amount)
    if factor != 1:
        way = "per_period"
        amount = (amount * factor).quantize(Decimal("0.01"), ROUND_HALF_UP)
    if unit > 1 and (one.named or amount >= unit):
        amount /= unit
    return written(amount), way, {**shown, "total": written(amount)}


def _total_of(text: str, amounts: list[_Amount]) -> _Amount | None:
    """Return the amount that sums up the others (一天两百，一共六百), if one does."""
    if len({(one.low, one.high) for one in amounts}) < 2:
        return None
    totals = [one for one in amounts if one.low == one.high and _sums_up(text[: one.start])]
    return totals[0] if len(totals) == 1 else None


def _in_all(total: _Amount, said: Plain, factor: Decimal | None, unit: int) -> Accepted:
    """Take the sum that was said, whose parts the words beside it tell."""
    if factor is None:
        return Accepted(problem="number_several")
    value, way, shown = _reckoned(total, None, factor, unit)
    way = way if way == "per_period" else "total"
    return Accepted(value, *said.span(total.start, total.end), way=way, shown=shown)


def _factor_of_total(kinds: list[str], per: Period | None) -> Decimal | None:
    """Return what a sum is multiplied by; None where nobody can know of which period it is."""
    if per is None:
        return Decimal(1)
    # 一天两百，一共六百 is the sum of some days, and not of each.
    return None if {"天", "日"} & set(kinds) else _factor(kinds, per)


def _sums_up(before: str) -> bool:
    """Tell whether what stands before an amount says that it is the sum, of whatever period."""
    clause = re.split("[,;。]", before)[-1]
    return bool(_TOTAL.search(clause)) and not _PERIOD.search(clause)


def _sum_said(amounts: list[_Amount], heads: Decimal) -> bool:
    """Tell whether the sum was said as well (一人一千五，两个人三千)."""
    known = [one.low for one in amounts if one.low == one.high]
    return len(known) == 2 and known[0] * heads == known[1]


def _factor(periods: list[str], per: Period | None) -> Decimal | None:
    """Return what an amount is multiplied by; None where its period does not fit the question."""
    if not periods:
        return Decimal(1)
    if per is None or len(periods) > 1:
        return None
    return _PERIODS[periods[0]] * (12 if per == "year" else 1)


def _nothing(rest: str, said: Plain, asked: str) -> Accepted | None:
    """Read that there is no money at all."""
    match = _NONE.search(rest)
    other = masked(rest, [match.span()] if match else [])
    if scan(other):
        return None
    if match:
        start, end = said.span(*match.span())
        left = leftover(_IDLE.sub(" ", other), _FILLERS, asked)
        return Accepted("0", start, end, left)
    if _ONLY_NONE.fullmatch(rest.strip()):
        return Accepted("0", 0, len(said.text), way="nothing")
    return None


def _per_head(text: str) -> tuple[bool, Decimal | None, list[tuple[int, int]]]:
    """Find 每人, how many people there are beside it, and where both stand."""
    each = _EACH.search(text)
    if each is None:
        return False, None, []
    rest = masked(text, [each.span()])
    heads = [match for match in _HEADS.finditer(rest) if _count(match) is not None]
    if len(heads) != 1:
        return True, None, [each.span()]
    return True, _count(heads[0]), [each.span(), heads[0].span()]


def _count(match: re.Match[str]) -> Decimal | None:
    return _PAIRED.get(match["count"]) or value(match["count"])


def _amounts(text: str) -> list[_Amount]:
    """Return the amounts of a text in which nothing else counts."""
    ranges = [one for one in scan(text) if one.low != one.high]
    found = [_Amount(one.low, one.high, one.start, one.end, False, True) for one in ranges]
    for match in _AMOUNT.finditer(text):
        inside = any(one.start < match.end() and match.start() < one.end for one in ranges)
        if not inside and (amount := _amount(match)):
            found.append(amount)
    return sorted(found, key=lambda one: one.start)


def _amount(match: re.Match[str]) -> _Amount | None:
    number = match["number"]
    if number in "百千万亿" and match["about"] != "把":
        return None
    limits = between("一" + number if number in "百千万亿" else number)
    if limits is None:
        return None
    low, high = (_yuan(match, limit) for limit in limits)
    named = bool(match["yuan"]) or bool(re.search(r"[万亿wW]", number))
    return _Amount(low, high, *match.span(), match["about"] == "把", named)


def _yuan(match: re.Match[str], number: Decimal) -> Decimal:
    if match["dime"]:
        return number / 10
    if match["cent"]:
        return number / 100
    tenths, hundredths = (value(match[part]) or 0 if match[part] else 0 for part in ("jiao", "fen"))
    half = Decimal("0.5") if match["half"] else Decimal(0)
    return number + half + Decimal(tenths) / 10 + Decimal(hundredths) / 100
