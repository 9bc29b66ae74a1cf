"""The sample district: what a first start finds, so that there is something to try."""

from __future__ import annotations

from backend.office import Office
from backend.staff.seed import seed_staff


async def seed_sample(office: Office) -> None:
    """Add the sample district's content that is not there yet."""
    await seed_staff(office)
