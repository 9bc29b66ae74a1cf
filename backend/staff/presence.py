"""在岗 Who is there: a desk page is open, or something was asked for within a minute.

The signs of life stand on the sessions, so that every process knows and a log-out ends them.
"""

from __future__ import annotations

from datetime import timedelta

from backend.db import Transaction
from backend.office import Inside
from backend.staff import store
from backend.staff.model import ANSWERING, StaffMember

PRESENT_FOR = timedelta(minutes=1)


async def here(office: Inside, within: timedelta, tx: Transaction | None = None) -> set[str]:
    """Return the accounts that gave a sign of life within a time."""
    return await store.here_since(office.database, office.clock.now() - within, tx)


async def answering(office: Inside) -> list[StaffMember]:
    """在岗坐席 Return the agents and supervisors who are there now."""
    ids = await here(office, PRESENT_FOR)
    found = await store.by_ids(office.database, ids) if ids else []
    return [member for member in found if member.roles & ANSWERING and not member.disabled]
