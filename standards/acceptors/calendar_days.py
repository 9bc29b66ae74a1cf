"""历日 What the readers of days share: the tense of a question, a day that was found, real days."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from standards.acceptors.numerals import value

Tense = Literal["past", "ahead", "born"]
YEAR_WORDS = {"大前年": -3, "前年": -2, "去年": -1, "今年": 0, "明年": 1, "后年": 2}
# Where in a month a part of it is: 三月底, 上个月初, 中旬.
PART_DAYS = {"月初": 1, "初": 1, "上旬": 5, "中旬": 15, "中": 15, "下旬": 25, "底": 31, "末": 31}


@dataclass(frozen=True)
class Found:
    """A day in `text[start:end]`, or what is wrong with the one that was named.

    Attributes:
        start: where it begins.
        end: where it ends.
        day: the day; None where there is a problem.
        problem: the key of what to say.
        way: empty for a day said with month and day; else how it was reckoned.
        complete: whether the year was said as well.
        choices: the days that can be meant, where there are several.
    """

    start: int
    end: int
    day: date | None = None
    problem: str | None = None
    way: str = ""
    complete: bool = True
    choices: tuple[date, ...] = ()


def number(said: str) -> int:
    """Return a small number.

    Raises:
        ValueError: `said` is none.
    """
    found = value(said)
    if found is None or found != int(found):
        raise ValueError(said)
    return int(found)


def full_year(said: str, today: date, tense: Tense) -> int:
    """Return the year that 2026, 二〇二六, 26, 98 or 去年 names."""
    if said in YEAR_WORDS:
        return today.year + YEAR_WORDS[said]
    year = number(said)
    if year >= 100:
        return year
    newest = today.year % 100 + (20 if tense == "ahead" else 0)
    return year + (2000 if year <= newest else 1900)


def real_day(year: int, month: int, day: int) -> date | None:
    """Return a day; None where no calendar has it."""
    if not (1 <= year <= 9998 and 1 <= month <= 12):
        return None
    return date(year, month, day) if 1 <= day <= last_of(year, month) else None


def last_of(year: int, month: int) -> int:
    """Return the last day of a month."""
    return calendar.monthrange(year, month)[1]


def month_beside(today: date, steps: int) -> tuple[int, int]:
    """Return year and month that many months from today's."""
    months = today.year * 12 + today.month - 1 + steps
    return months // 12, months % 12 + 1


def in_tense(days: Iterable[date], today: date, tense: Tense) -> date | None:
    """Return the last of `days` gone by, or the first to come where those are asked for."""
    if tense == "ahead":
        return min((day for day in days if day >= today), default=None)
    return max((day for day in days if day <= today), default=None)
