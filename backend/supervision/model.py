"""查阅记录 What is kept of a look at personal data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Access:
    """One look of staff.

    Attributes:
        action: what was done, such as `messages.read`, `case.read` or `case.reveal`.
        entity: `handoff`, `case`, `report` or `media`.
        entity_id: its number or id.
        why: the reason given; empty where none is asked for.
    """

    staff_id: str
    action: str
    entity: str
    entity_id: str
    at: datetime
    why: str = ""
