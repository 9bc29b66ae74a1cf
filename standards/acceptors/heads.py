"""人数 How many people: 俩人, 一家五口, 我一个人带两个娃."""

from __future__ import annotations

import re
from decimal import Decimal

from standards.acceptors import Accepted
from standards.acceptors.kin import KIN, alternatives
from standards.acceptors.number import IDLE, unclear
from standards.acceptors.numerals import NUMERAL, scan, value, written
from standards.acceptors.plain import Plain, leftover, masked, plain

_FAMILY = alternatives((one for one in KIN if one.one), "姊妹", "姐妹", "兄弟", "弟兄", "大人")
_RELATIVE = f"(?:{_FAMILY})"
_PAIR = rf"(?:[老小]?[两俩]口子|[老小][两俩]口)(?!人)|俩(?:人|个)?(?:{_RELATIVE})?|仨(?:人|个)?"
_SELF = (
    r"(?:我|本人)(?:自己|本人)?(?:就)?一个(?:人)?(?!大人|小孩|娃)"
    r"|(?:就|只有?)?(?:我自己|我本人|本人)|(?:就|只有?)我(?=$|[,，。 了])|一个人"
)
_GROUP = re.compile(
    rf"(?P<pair>{_PAIR})|(?P<self>{_SELF})"
    rf"|(?P<number>{NUMERAL})(?P<total>口人?|人)?(?:之家|个人|个|位|名|头)?(?P<of>{_RELATIVE})?"
    rf"|(?P<one>我(?:家|的)?{_RELATIVE}|{_RELATIVE})|(?P<me>我(?!们|家|这))"
)
_TOTAL_LEAD = re.compile(r"(?:一家|全家|一家老小|总共|一共|合计|拢共|家里)$")
_HOUSEHOLD = re.compile(r"一家(?:人|老小|子)?|全家|一起")
_WITHOUT_ME = re.compile(
    r"除了?我(?:自己|以外|之外)*|(?:不算|不包括|不含|不带)(?:上)?我(?:自己|本人)?"
)
_WITH_ME = re.compile(
    r"(?:连|包括|加上|算上|连同|带)(?:上)?我(?:自己|本人)?(?:一起|在内)?|我(?:自己)?(?:也)?在内"
)
_KIN = re.compile(
    r"(?:爷孙|祖孙|娘|爷|父子|母子|母女|父女|姐妹|姊妹|弟兄|兄弟|夫妻|公婆)(?=[俩仨两三\d])|弟兄|兄弟|姐妹|姊妹"
)
# Numbers of something else: they are left over, and never added to the people.
_OTHER = re.compile(
    rf"(?:每一?个?人|每一?口|人均)(?:{NUMERAL})?"
    rf"|(?:{NUMERAL})(?:多|来|把)?(?:块|元|毛|钱|个月|年|天|周?岁|号|栋|楼|平|斤|亩)钱?"
)
_FILLERS = re.compile(
    r"单身|光棍|住|带着?|还有|加上?|另外|和|跟|与|同|之家|口人|[口个人位名户老小共加只]"
)


def accept(text: str, *, asked: str = "") -> Accepted:
    """Read how many people somebody speaks of.

    Args:
        text: the answer.
        asked: the question, whose words may be repeated.

    Returns:
        The count in figures. Ways: `added` (the people were named one by one). Problems:
        `number_missing`, `number_between` (`low`, `high`).
    """
    said = plain(text)
    rest = said.text
    for idle in (IDLE, _HOUSEHOLD, _KIN, _WITH_ME, _WITHOUT_ME):
        rest = masked(rest, [match.span() for match in idle.finditer(rest)])
    counting = masked(rest, [match.span() for match in _OTHER.finditer(rest)])
    for one in scan(counting):
        if one.low != one.high:
            return unclear(one.low, one.high)
    groups = [match for match in _GROUP.finditer(counting) if _count(match) is not None]
    counted = [match for match in groups if not (match["me"] or match["one"])]
    if not counted and not any(match["one"] for match in groups):
        return Accepted(problem="number_missing")
    left = leftover(masked(rest, [match.span() for match in groups]), _FILLERS, asked)
    return _told(said, counted, groups, left, bool(_WITHOUT_ME.search(said.text)))


def _told(
    said: Plain, counted: list[re.Match[str]], groups: list[re.Match[str]],
    left: tuple[str, ...], without_me: bool,
) -> Accepted:  # fmt: skip
    """Return the total that was said, or else the sum of those who were named."""
    totals = [match for match in counted if _is_total(match, said.text)]
    totals = totals or _said_again(counted, groups)
    if len(totals) == 1:
        chosen = totals
    elif len(counted) == 1 and not counted[0]["of"] and not any(m["one"] for m in groups):
        chosen = counted
    else:
        chosen = groups
    total = sum((_count(match) or Decimal(0) for match in chosen), Decimal(1 if without_me else 0))
    added = len(chosen) > 1 or without_me
    start, end = said.span(chosen[0].start(), chosen[-1].end())
    way, shown = ("added" if added else ""), {"total": written(total)}
    return Accepted(written(total), start, end, left, way=way, shown=shown)


def _said_again(counted: list[re.Match[str]], groups: list[re.Match[str]]) -> list[re.Match[str]]:
    """Return the count that only sums up who was named before it (我跟老伴两口子)."""
    named = [match for match in groups if match["me"] or match["one"]]
    if len(counted) != 1 or counted[0]["of"] or not named:
        return []
    after = counted[0].start() > named[-1].start()
    return counted if after and _count(counted[0]) == len(named) else []


def _is_total(match: re.Match[str], text: str) -> bool:
    return bool(match["total"] or (match["number"] and _TOTAL_LEAD.search(text[: match.start()])))


def _count(match: re.Match[str]) -> Decimal | None:
    """Return how many people a group is."""
    if match["number"]:
        return value(match["number"])
    three = match["pair"] and match["pair"].startswith("仨")
    return Decimal(3 if three else 2 if match["pair"] else 1)
