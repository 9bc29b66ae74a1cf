"""自述 What somebody has told of themselves or of somebody near, as one value each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

Kind = Literal["age", "duration", "level", "hukou", "count", "amount"]
Sex = Literal["male", "female", ""]
# Whom something is said of, by what guides tell apart.
Role = Literal["self", "old", "elder", "grown", "child", ""]


@dataclass(frozen=True)
class Told:
    """One circumstance in `text[start:end]` of what somebody said.

    Attributes:
        kind: what it is.
        start: where it begins in the citizen's own words.
        end: where it ends.
        low: the least it can be, in `unit`; None where it is no number.
        high: the most it can be.
        unit: days, months or years; 元, 平方米, 吨, %, or the word of what is counted.
        since: the first and the last day on which it can have begun, for what goes by the calendar.
        exact: whether it can be reckoned to the day.
        dated: whether a day was named on which it began or will end, and no length.
        who: the citizen's word for whom it is said of; empty where nobody was named.
        kin: the same word for the same relative, whatever the citizen calls them; `self`.
        sex: that person's, where the word says it.
        role: whether that is the citizen, somebody old or of their parents' age, grown up, a child.
        of: what lasted or is counted ("residence", "contribution", or Chinese words).
        value: of a time the word that says what lasts (住, 过期); a level (二级, 大专); of a hukou
            `local`, `elsewhere`, `rural`, `urban` or `permit`.
        words: how it was said, in plain signs.
    """

    kind: Kind
    start: int
    end: int
    low: Decimal | None = None
    high: Decimal | None = None
    unit: str = ""
    since: tuple[date, date] | None = None
    exact: bool = False
    dated: bool = False
    who: str = ""
    kin: str = ""
    sex: Sex = ""
    role: Role = ""
    of: str = ""
    value: str = ""
    words: str = ""

    @property
    def is_range(self) -> bool:
        """Tell whether it was told less exactly than in one number."""
        return self.low != self.high
