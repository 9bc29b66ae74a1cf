"""身份证号、手机号、办件编号 Identifiers as people type them, read by rule and checked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

LOOKED_AT = 4000
"""Characters searched; nobody types an identifier behind them."""

_GAP = r"[ \u3000\-‐‑–—_.·]{0,2}"
_CASE_NUMBER = re.compile(rf"(?<![A-Za-z])([BbGg]{_GAP}[JjDd])[:：]?((?:{_GAP}\d){{13}})(?!\d)")
_NUMBER = re.compile(rf"(?<![\dA-Za-z])\d(?:{_GAP}\d){{9,20}}(?:{_GAP}[XxⅩ*×](?![A-Za-z]))?(?!\d)")
_PHONE = re.compile(r"(?:86|0086)?(1[3-9]\d{9})")
_ID_WORDS = re.compile(r"身份证|身份證|证号|證號|公民身份")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


@dataclass(frozen=True)
class Identifier:
    """One identifier: its kind, clean value, place in the text and what is wrong with it."""

    kind: str
    value: str
    start: int
    end: int
    fault: str | None = None
    """For an ID number: length | birth_date | check_digit, or None when it is sound."""


def id_number_fault(value: str) -> str | None:
    """Check a resident ID number by GB 11643; 15-digit numbers (before 1999) have no check digit.

    Args:
        value: digits and a final X, without separators.

    Returns:
        length, birth_date or check_digit; None when the number is sound.
    """
    if re.fullmatch(r"\d{15}", value):
        return None if _is_date("19" + value[6:12]) else "birth_date"
    if not re.fullmatch(r"\d{17}[\dX]", value):
        return "length"
    if not _is_date(value[6:14]):
        return "birth_date"
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, value[:17], strict=True))
    return None if _CHECKS[total % 11] == value[17] else "check_digit"


def find_identifiers(text: str) -> list[Identifier]:
    """Find case and report numbers, ID numbers and mobile numbers, in the order they stand.

    Positions are those of the text as it was written, so full-width digits keep their place.
    """
    plain = text[:LOOKED_AT].translate(_WIDE)
    found: list[Identifier] = []
    for match in _CASE_NUMBER.finditer(plain):
        value = re.sub(r"[^0-9A-Z]", "", match.group().upper())
        if value[:2] in {"BJ", "GD"}:
            found.append(Identifier("case_number", value, *match.span()))
    taken = [(one.start, one.end) for one in found]
    for match in _NUMBER.finditer(plain):
        if not any(start < match.end() and match.start() < end for start, end in taken):
            found.extend(_read_number(match, bool(_ID_WORDS.search(plain))))
    return sorted(found, key=lambda one: one.start)


def _read_number(match: re.Match[str], about_id: bool) -> Iterator[Identifier]:
    """Read one run of digits as a phone or an ID number, if it is either."""
    value = re.sub(r"[Ⅹ*×]", "X", re.sub(r"[^0-9XxⅩ*×]", "", match.group())).upper()
    phone = _PHONE.fullmatch(value)
    if phone:
        yield Identifier("phone", phone.group(1), *match.span())
    elif 15 <= len(value) <= 19 and (about_id or _looks_like_id(value)):
        yield Identifier("id_number", value, *match.span(), id_number_fault(value))


def _looks_like_id(value: str) -> bool:
    """Tell an ID number with a slip from a bank card: a birth year stands behind the region."""
    if len(value) == 15:
        return _is_date("19" + value[6:12])
    return 16 <= len(value) <= 18 and value[6:8] in {"19", "20"}


def _is_date(digits: str) -> bool:
    """Say whether yyyymmdd is a real day from 1800 to today."""
    try:
        day = date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return False
    return date(1800, 1, 1) <= day <= date.today()
