"""手机号 A mobile phone's number: in figures or characters, with 86 before it, beside words."""

from __future__ import annotations

import re

from standards.acceptors import Accepted, documents
from standards.acceptors.figures import solid

LENGTH = 11
_MOBILE = re.compile(r"1[3-9]\d{9}")
# A whole number that stands by itself is meant, whatever other figures the answer holds.
_ALONE = re.compile(
    r"(?<!\d)(?:\+?(?:00)?86[\s\-—]*)?(1[\s\-—.]*[3-9](?:[\s\-—–.,，、]*\d){9})(?!\d)"
)
_LANDLINE = re.compile(r"(?<!\d)0\d{2,3}\d{7,8}(?!\d)|(?<![\dA-Za-z])[2-8]\d{6,7}(?!\d)")
_SAYS_LANDLINE = re.compile("座机|固话|固定电话|宅电|小灵通")
_NONE = re.compile(
    r"(?:没有?|没得|莫得|冇|无|不用|不会用|用不来|没买|没办|未)(?:过|得|自己的?|用)?(?:手机|电话|号码)"
    r"|(?:手机|电话)(?:号码?)?(?:都|也)?(?:没有|没得|莫得|不会用|用不来)"
)


def accept(text: str) -> Accepted:
    """Read the number of a mobile phone.

    Returns:
        Eleven figures. Problems: `phone_missing`, `phone_none` (somebody has none),
        `phone_landline`, `phone_several`, `phone_start`, `phone_short` and `phone_long` (both with
        `count`); `number` is what was read.
    """
    numbers = stand_in(text)
    if len(numbers) > 1:
        return Accepted(problem="phone_several")
    return Accepted(numbers[0], 0, len(text)) if numbers else _wrong(text)


def stand_in(text: str) -> list[str]:
    """Return the numbers of mobile phones that stand by themselves in a text."""
    found = (re.sub(r"\D", "", number) for number in _ALONE.findall(documents.without(text)))
    return list(dict.fromkeys(found))


def _wrong(text: str) -> Accepted:
    """Return why a text has no number of a mobile phone."""
    plain = solid(text)
    if _SAYS_LANDLINE.search(plain) or _LANDLINE.search(plain):
        return Accepted(problem="phone_landline")
    digits = re.sub(r"\D", "", plain)
    if _NONE.search(plain) and not digits:
        return Accepted(problem="phone_none")
    if not digits:
        return Accepted(problem="phone_missing")
    digits = digits.removeprefix("0086").removeprefix("86") if len(digits) > LENGTH else digits
    if _MOBILE.fullmatch(digits):
        return Accepted(digits, 0, len(text))
    shown = {"number": digits, "count": abs(LENGTH - len(digits))}
    if len(digits) == LENGTH:
        return Accepted(problem="phone_start", shown=shown)
    problem = "phone_short" if len(digits) < LENGTH else "phone_long"
    return Accepted(problem=problem, shown=shown)
