"""公民身份号码 The resident ID number as GB 11643 describes it, and what may be wrong with one."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_OLDEST = date(1880, 1, 1)
_SEPARATORS = re.compile(r"[\s\-—_.,。·、,]+")
_CANDIDATE = re.compile(r"[\dXx]{6,}")
FULL, OLD = 18, 15


def squeeze(text: str) -> str:
    """Return `text` half-width, upper case, without the separators people type between digits."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()


def candidate(text: str) -> str:
    """Return the part of `text` that was meant as an ID number, or an empty string."""
    found = _CANDIDATE.findall(squeeze(text))
    return max(found, key=len) if found else ""


def problem(number: str, today: date) -> str | None:
    """Return what is wrong with `number` as a reason key, or None when it is right.

    Source: GB 11643-1999, 公民身份号码 (weights, check character, date of birth).
    """
    if not number:
        return "id_missing"
    if len(number) == OLD and number.isdigit():
        return "id_old"
    if len(number) != FULL:
        return "id_short" if len(number) < FULL else "id_long"
    if not number[:17].isdigit():
        return "id_letter"
    born = birth_date(number)
    if born is None or not _OLDEST <= born <= today:
        return "id_birth"
    return None if check_character(number) == number[17] else "id_checksum"


def birth_date(number: str) -> date | None:
    """Return the date of birth in an 18-character number; None when there is no such day."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def check_character(number: str) -> str:
    """Return the check character that the first 17 digits ask for."""
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _WEIGHTS, strict=True))
    return _CHECK[total % 11]
