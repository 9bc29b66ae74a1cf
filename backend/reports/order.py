"""次序 In which order the desk's list shows reports: pure, and without unsealing anything."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from backend.reports.limits import Priority
from backend.reports.model import OPEN, State

# Ranks of open reports are lower, those of ended ones are not.
ENDED_FROM = "2:"
# The year 5138: what lies nearer to it comes first.
_FAR_MS = 10**14


def rank(document: Mapping[str, Any]) -> str:
    """Return by what the list is sorted, from low to high, for a report as MongoDB keeps it.

    Urgent and open, then open, each by what is due first; then what has ended, newest first. The
    number makes it unique, so that no report stands on two pages or on none.
    """
    number, sorting = document["_id"], document["sorting"]
    if State(document["state"]) not in OPEN:
        return f"{ENDED_FROM}{_FAR_MS - _milliseconds(document['registered_at']):014d}:{number}"
    tier = 0 if sorting["priority"] == Priority.URGENT else 1
    return f"{tier}:{_milliseconds(sorting['due_at']):014d}:{number}"


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
