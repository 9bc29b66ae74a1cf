"""Note every look of staff at personal data (GB/T 35273: access logged)."""

from __future__ import annotations

from backend.numbers import new_id
from backend.office import Office
from backend.staff.model import StaffMember
from backend.supervision import store


async def note_access(
    office: Office, member: StaffMember, action: str, entity: str, entity_id: str
) -> None:
    """Append to the access log that `member` looks at an entity; call it before the look.

    Args:
        office: the office.
        member: who looks.
        action: what is read, such as `messages.read` or `case.read`.
        entity: `handoff`, `case`, `report`, `media` or `person`.
        entity_id: its number or id.
    """
    document = {
        "_id": new_id(),
        "staff_id": member.id,
        "action": action,
        "entity": entity,
        "entity_id": entity_id,
        "at": office.clock.now(),
    }
    await store.insert(office.database, document)
