"""金额 Amounts of money in yuan, as people say and type them."""

from __future__ import annotations

import re
from decimal import Decimal

from components.spans import Span
from components.spoken_numbers import NUMBER, number, plain_signs

_SMALL = r"[零一二两三四五六七八九]|\d"
# 三块地, 一块去 and 两块砖 are no money.
_NO_COIN = r"(?![地砖牌石田布玻板肉表屏墙招广井空草电土木场菜路去办来儿走干跟给过])"
_AMOUNT = re.compile(
    rf"(?<![几数好点第一-龥\d.][百千万])(?P<sign>[¥￥])?\s*(?P<number>{NUMBER})"
    r"(?:(?P<about>多|来|余)?\s*"
    rf"(?:(?P<yuan>块钱|元钱|块{_NO_COIN}|元(?!旦|月|宵|素)|圆(?!形|圈|桌|环)|rmb|RMB|人民币)"
    rf"(?:(?P<jiao>{_SMALL})(?:[毛角]|(?![\d一-龥])|(?=钱))|(?P<half>半))?(?:(?P<fen>{_SMALL})分)?钱?"
    rf"|(?P<dime>毛钱?|角钱)|(?P<cent>分钱)))?"
)
_LARGE = re.compile("[百千万亿]")
_ABOUT_MONEY = re.compile(r"[钱款贷罚赔欠薪价费奖]|补[贴助偿]|工资|收入|积蓄|存折|押[金了]")
_COUNTED = re.compile(r"\s*[个人户亩平步次年岁公里条张号点名斤吨米度天月小分多来几]")


def find_money(text: str) -> list[Span]:
    """Find amounts; the value is a plain decimal number of yuan ("300", "12000", "3.5")."""
    plain = plain_signs(text)
    about_money = bool(_ABOUT_MONEY.search(plain))
    found = []
    for match in _AMOUNT.finditer(plain):
        value = _yuan(match, about_money, plain)
        if value is not None:
            start = match.start()
            end = start + len(match.group().rstrip())
            found.append(Span("money", _written(value), start, end))
    return found


def _yuan(match: re.Match[str], about_money: bool, plain: str) -> Decimal | None:
    """Read one match; None when the number counts something else."""
    said = match.group("number")
    if said[0] in "百千万亿" or plain[: match.start()].endswith(("几", "数", "好")):
        return None
    value = number(said)
    if value is None or not (match.group("sign") or _has_unit(match)):
        bare = value is not None and about_money and _LARGE.search(said)
        return value if bare and not _counts(match, plain) else None
    if match.group("dime"):
        return value / 10
    if match.group("cent"):
        return value / 100
    if match.group("yuan") == "块" and said == "一" and not _is_price(match, plain):
        return None
    return value + _rest(match)


def _has_unit(match: re.Match[str]) -> bool:
    return any(match.group(unit) for unit in ("yuan", "dime", "cent"))


def _counts(match: re.Match[str], plain: str) -> bool:
    """Say whether a bare number counts people, rooms, years or is part of a longer figure."""
    near = plain[max(0, match.start() - 1) : match.start()]
    return (near.isalnum() and near.isascii()) or bool(_COUNTED.match(plain, match.end()))


def _is_price(match: re.Match[str], plain: str) -> bool:
    """Tell 一块 as a price from 一块 meaning together."""
    after = plain[match.end() : match.end() + 1]
    return bool(match.group("jiao") or match.group("half")) or not after.isalnum()


def _rest(match: re.Match[str]) -> Decimal:
    """Read what stands behind the unit: 三块五, 三块半, 三元五角二分."""
    tenths = number(match.group("jiao")) if match.group("jiao") else None
    hundredths = number(match.group("fen")) if match.group("fen") else None
    half = Decimal("0.5") if match.group("half") else Decimal(0)
    return half + (tenths or 0) / Decimal(10) + (hundredths or 0) / Decimal(100)


def _written(value: Decimal) -> str:
    shown = f"{value:f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown
