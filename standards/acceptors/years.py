"""年份 A year: 2018年9月, 98年, 去年, 十年前."""

from __future__ import annotations

import re
from datetime import date

from standards.acceptors import Accepted
from standards.acceptors.calendar_days import YEAR_WORDS, full_year
from standards.acceptors.numerals import NUMERAL, value
from standards.acceptors.plain import plain

_AGO = re.compile(rf"(?P<n>{NUMERAL})年(?:以前|之前|前)")
_WORD = re.compile("|".join(YEAR_WORDS))
_YEAR = re.compile(
    r"(?<!\d)(?:\d{4}|\d\d)(?=年|$|[-/.,，。 ])"
    r"|[〇零一二三四五六七八九]{4}|[〇零一二三四五六七八九]{2}(?=年|$)"
)


def accept(text: str, today: date) -> Accepted:
    """Read one year that has begun.

    Args:
        text: the answer; a month beside the year is heard, and adds nothing.
        today: the day it was said on, in Shanghai.

    Returns:
        The year in four figures. Ways: `rough` (counted back). Problem: `number_missing`.
    """
    said = plain(text)
    if (ago := _AGO.search(said.text)) and (count := value(ago["n"])) is not None:
        return Accepted(str(today.year - int(count)), *said.span(*ago.span()), way="rough")
    found = _WORD.search(said.text) or _YEAR.search(said.text)
    if found is None:
        return Accepted(problem="number_missing")
    return Accepted(str(full_year(found.group(), today, "past")), *said.span(*found.span()))
