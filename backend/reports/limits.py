"""时限 How soon a report must be taken on and finished: the category list's limits in real time."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from enum import StrEnum

from backend.clock import local
from backend.workdays import Deadline, Span, after_working_hours, deadline_after

_LIMIT = re.compile(r"([1-9][0-9]{0,2})(h|d|wh|wd)")
# Hotline rules for what nobody has sorted yet: normal feedback within seven days.
UNSORTED_LIMIT = "7d"
# 处置时限 of a danger that was told under a category of everyday matters.
URGENT_LIMIT = "2h"
# 受理时限: 15 minutes for life and property, 30 minutes for utilities, else one working day.
_LIFE = timedelta(minutes=15)
_UTILITIES = timedelta(minutes=30)
_UTILITY_CLASSES = ("P1", "C2")


class Priority(StrEnum):
    """紧急程度 How urgent a category is."""

    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


def is_limit(text: str) -> bool:
    """Tell whether `text` is a limit such as 2h, 1d, 4wh or 5wd."""
    return _LIMIT.fullmatch(text) is not None


def due(limit: str, at: datetime) -> Deadline:
    """处置时限 Return when a report of `at` is due: h, d in real, wh, wd in working time.

    Raises:
        ValueError: `limit` is none.
    """
    found = _LIMIT.fullmatch(limit)
    if found is None:
        raise ValueError(f"not a time limit: {limit}")
    amount, unit = int(found[1]), found[2]
    if unit == "h":
        return Deadline(at + timedelta(hours=amount))
    if unit == "d":
        return Deadline(at + timedelta(days=amount))
    if unit == "wh":
        return after_working_hours(at, amount)
    return working_days_after(amount, at)


def accept_by(priority: Priority, category: str | None, at: datetime) -> Deadline:
    """受理时限 Return until when somebody must have taken a report on."""
    if priority is Priority.URGENT:
        return Deadline(at + _LIFE)
    if category is not None and category.startswith(_UTILITY_CLASSES):
        return Deadline(at + _UTILITIES)
    return working_days_after(1, at)


def working_days_after(days: int, at: datetime) -> Deadline:
    """Return the closing time of the `days`-th working day after the day of `at`."""
    deadline = deadline_after(days, (Span(local(at).date()),))
    assert deadline is not None, "an open span always has a deadline"
    return deadline
