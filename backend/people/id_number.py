"""公民身份号码 Resident ID numbers by GB 11643: pure checks that say what is wrong, kindly."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from enum import StrEnum

# GB 11643-1999 附录A: weighting factors and the check characters by remainder modulo 11.
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
_SHAPE = re.compile(r"[0-9]{17}[0-9X]")
_OLDEST_BIRTH = date(1880, 1, 1)


class IdProblem(StrEnum):
    """Why a number cannot be a resident's ID number."""

    OLD_15_DIGITS = "id_number_15"
    LENGTH = "id_number_length"
    CHARACTERS = "id_number_characters"
    BIRTH_DATE = "id_number_birth_date"
    CHECKSUM = "id_number_checksum"


def normalise(text: str) -> str:
    """Return the number without spaces, hyphens, full-width forms and with a capital X."""
    folded = unicodedata.normalize("NFKC", text)
    return re.sub(r"[\s\-—–·.]", "", folded).upper()


def check_character(first_17: str) -> str:
    """Return the 18th character that GB 11643 gives to 17 digits."""
    total = sum(int(digit) * weight for digit, weight in zip(first_17, WEIGHTS, strict=True))
    return CHECK_CHARACTERS[total % 11]


def birth_date(number: str) -> date | None:
    """Return the date of birth written in an 18-character number, or None if it is not a date."""
    try:
        return datetime.strptime(number[6:14], "%Y%m%d").date()
    except ValueError:
        return None


def problem_of(text: str, today: date) -> IdProblem | None:
    """Return what is wrong with an ID number as typed, or None when GB 11643 accepts it.

    Numbers of the first generation (15 digits, invalid since 2013-01-01) get a reason of their own.
    """
    number = normalise(text)
    if len(number) == 15 and number.isascii() and number.isdigit():
        return IdProblem.OLD_15_DIGITS
    if len(number) != 18:
        return IdProblem.LENGTH
    if not _SHAPE.fullmatch(number):
        return IdProblem.CHARACTERS
    born = birth_date(number)
    if born is None or not _OLDEST_BIRTH <= born <= today:
        return IdProblem.BIRTH_DATE
    if check_character(number[:17]) != number[17]:
        return IdProblem.CHECKSUM
    return None
