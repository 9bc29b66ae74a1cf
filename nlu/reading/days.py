"""日子 The day a text names from where it is said ("上周五")."""

from __future__ import annotations

import re
from datetime import date

from components.dates import find_dates

_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def day_named(text: str, today: date) -> date | None:
    """Return the one day that a text names, or None where it names none or several.

    Args:
        text: what was said.
        today: the day it was said on, in Shanghai.
    """
    named = {span.value for span in find_dates(text, today)}
    days = [str(value) for value in named if _ISO_DAY.fullmatch(str(value))]
    return date.fromisoformat(days[0]) if len(days) == 1 else None
