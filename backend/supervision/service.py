"""Note every look of staff at personal data (GB/T 35273: access logged), and tell an auditor."""

from __future__ import annotations

from backend.office import Office
from backend.staff import service as staff
from backend.staff.model import StaffMember
from backend.supervision import store
from backend.supervision.model import Access


async def note_access(
    office: Office, member: StaffMember, action: str, entity: str, entity_id: str, why: str = ""
) -> None:
    """Append to the access log that `member` looks at an entity; call it before the look.

    Args:
        office: the office.
        member: who looks.
        action: what is read, such as `messages.read` or `case.read`.
        entity: `handoff`, `case`, `report` or `media`.
        entity_id: its number or id.
        why: the reason given, where one is asked for.
    """
    access = Access(member.id, action, entity, entity_id, office.clock.now(), why)
    await store.insert(office.database, access)


async def accesses(
    office: Office, staff_id: str | None, entity_id: str | None, page: int, limit: int
) -> tuple[list[Access], int]:
    """Return one page of looks, newest first, and how many there are.

    Args:
        office: the office.
        staff_id: only the looks of this account.
        entity_id: only the looks at what has this number or id.
        page: from 1.
        limit: looks a page.
    """
    return await store.page(office.database, staff_id, entity_id, (page - 1) * limit, limit)


async def names_of(office: Office, looks: list[Access]) -> dict[str, str]:
    """Return the names of those who looked, by account."""
    return await staff.names(office, {look.staff_id for look in looks})
