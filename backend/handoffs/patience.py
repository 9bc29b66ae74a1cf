"""How long a clerk may let a citizen wait: warned after two thirds, then released; pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import Enum, auto

from backend.handoffs import hours
from backend.handoffs.hours import DeskHours
from backend.handoffs.model import Handoff

# Longer than a page takes to come back over a broken line.
ABSENT_AFTER = timedelta(seconds=90)


class Verdict(Enum):
    """What is due in a talk."""

    NOTHING = auto()
    WARN = auto()
    SILENT = auto()
    ABSENT = auto()


def unanswered_since(handoff: Handoff, asked_at: datetime | None) -> datetime | None:
    """Return since when a citizen waits for the clerk's word, None while it is their turn.

    Args:
        handoff: a talk that somebody has claimed.
        asked_at: when the citizen wrote the oldest message that stands after the clerk's last one.
    """
    assert handoff.claimed_at is not None, "nobody has claimed it"
    if handoff.answered_seq is None:
        return handoff.claimed_at
    return max(asked_at, handoff.claimed_at) if asked_at else None


def release_due(opening: DeskHours, since: datetime, limit: timedelta) -> datetime:
    """Return when the clerk's time is up, counted in staffed time."""
    return hours.after(opening, since, limit)


def judge(
    handoff: Handoff,
    since: datetime | None,
    now: datetime,
    opening: DeskHours,
    limit: timedelta,
    *,
    present: bool,
) -> Verdict:
    """Tell what is due in a talk.

    Args:
        handoff: a talk that somebody has claimed.
        since: since when the citizen waits for the clerk's word.
        now: the present moment.
        opening: the hours of the desk, in which the clerk's time runs.
        limit: that time.
        present: whether its clerk gave a sign of life within `ABSENT_AFTER`. Nobody comes back to
            a talk at night because the desk is closed, so this is counted in any time.
    """
    if not present:
        return Verdict.ABSENT
    if since is None:
        return Verdict.NOTHING
    if now >= release_due(opening, since, limit):
        return Verdict.SILENT
    warned = handoff.release_at is not None
    if not warned and now >= hours.after(opening, since, limit * 2 / 3):
        return Verdict.WARN
    return Verdict.NOTHING
