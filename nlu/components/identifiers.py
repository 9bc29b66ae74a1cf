"""身份证号、手机号、办件编号 Identifiers as people type them, read by rule and checked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from standards.id_number import birth_date

LOOKED_AT = 4000
"""Characters searched; nobody types an identifier behind them."""

_GAP = r"[ \u3000\-‐‑–—_.·]{0,2}"
_CASE_NUMBER = re.compile(rf"(?<![A-Za-z])([BbGg]{_GAP}[JjDd])[:：]?((?:{_GAP}\d){{13}})(?!\d)")
_NUMBER = re.compile(rf"(?<![\dA-Za-z])\d(?:{_GAP}\d){{9,20}}(?:{_GAP}[XxⅩ*×](?![A-Za-z]))?(?!\d)")
_PHONE = re.compile(r"(?:86|0086)?(1[3-9]\d{9})")
_ID_WORDS = re.compile(r"身份证|身份證|证号|證號|公民身份")
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


@dataclass(frozen=True)
class Identifier:
    """One identifier: its kind, clean value and place in the text.

    Whether it is sound is asked where it is used (`standards.id_number`).
    """

    kind: str
    value: str
    start: int
    end: int


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
        yield Identifier("id_number", value, *match.span())


def _looks_like_id(value: str) -> bool:
    """Tell an ID number with a slip from a bank card: a birth year stands behind the region."""
    if len(value) == 15:
        # The first generation has no century: the same places hold yymmdd.
        return birth_date(f"{value[:6]}19{value[6:]}") is not None
    return 16 <= len(value) <= 18 and value[6:8] in {"19", "20"}
