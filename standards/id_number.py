"""公民身份号码 The resident ID number as GB 11643 describes it, and what may be wrong with one."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from enum import Enum

# GB 11643-1999, appendix A: the weights and the check characters by remainder modulo 11.
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
_OLDEST = date(1880, 1, 1)
_SEPARATORS = re.compile(r"[\s\-—–_.,。·、,]+")
_SHAPE = re.compile(r"[0-9]{17}[0-9X]")
_CANDIDATE = re.compile(r"[0-9X]{6,}")
FULL, OLD = 18, 15


class IdProblem(str, Enum):
    """Why a text cannot be a resident's ID number; the value ends the key of what is said."""

    MISSING = "id_missing"
    OLD = "id_old"
    """15 digits, the first generation: invalid since 2013-01-01."""
    SHORT = "id_short"
    LONG = "id_long"
    LETTER = "id_letter"
    BIRTH = "id_birth"
    CHECKSUM = "id_checksum"


def squeeze(text: str) -> str:
    """Return `text` half-width, upper case, without the separators people type between digits."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()


def candidate(text: str) -> str:
    """Return the part of `text` that was meant as an ID number, or an empty string."""
    found = _CANDIDATE.findall(squeeze(text))
    return max(found, key=len) if found else ""


def problem_of(number: str, today: date) -> IdProblem | None:
    """Return what is wrong with a number, or None when GB 11643 accepts it.

    Args:
        number: an ID number as `squeeze` or `candidate` gives it.
        today: the day in Asia/Shanghai; nobody is born after it.
    """
    if not number:
        return IdProblem.MISSING
    if len(number) == OLD and number.isascii() and number.isdigit():
        return IdProblem.OLD
    if len(number) != FULL:
        return IdProblem.SHORT if len(number) < FULL else IdProblem.LONG
    if not _SHAPE.fullmatch(number):
        return IdProblem.LETTER
    born = birth_date(number)
    if born is None or not _OLDEST <= born <= today:
        return IdProblem.BIRTH
    return None if check_character(number[:17]) == number[17] else IdProblem.CHECKSUM


def birth_date(number: str) -> date | None:
    """Return the date of birth in an 18-character number; None when there is no such day."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def check_character(first_17: str) -> str:
    """Return the 18th character that the first 17 digits ask for."""
    total = sum(int(digit) * weight for digit, weight in zip(first_17, _WEIGHTS, strict=True))
    return CHECK_CHARACTERS[total % 11]
