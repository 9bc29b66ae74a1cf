"""电子监察 HTTP for whoever audits: who looked at whose personal data, when and why."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import StringConstraints

from backend.auth import staff
from backend.numbers import normalise_number
from backend.routing import Call, Capability, Routes
from backend.supervision import service, store
from backend.supervision.model import Access
from backend.validation import Answer, Identifier, Page

routes = Routes("supervision")
AUDIT = staff("admin")


class AccessQuery(Page):
    """Whose looks to list, or the looks at what; both are optional."""

    staff_id: Identifier | None = None
    entity_id: Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)] = ""


class AccessView(Answer):
    """查阅记录 One look at personal data."""

    at: datetime
    staff_id: str
    staff_name: str
    action: str
    entity: str
    entity_id: str
    why: str

    @classmethod
    def of(cls, access: Access, names: dict[str, str]) -> AccessView:
        """Return the view of a look, with the name of who looked."""
        return cls(
            at=access.at,
            staff_id=access.staff_id,
            staff_name=names.get(access.staff_id, access.staff_id),
            action=access.action,
            entity=access.entity,
            entity_id=access.entity_id,
            why=access.why,
        )


class AccessPage(Answer):
    """查阅记录 One page of looks, newest first; `total` counts no further than 10,000."""

    accesses: list[AccessView]
    total: int
    page: int
    limit: int


@routes.get("/supervision/accesses", AUDIT)
async def accesses(call: Call, query: AccessQuery) -> AccessPage:
    """查阅记录: list who looked at personal data; a number may be written as it is spoken."""
    number = normalise_number(query.entity_id) or query.entity_id
    found, total = await service.accesses(
        call.office, query.staff_id, number or None, query.page, query.limit
    )
    names = await service.names_of(call.office, found)
    return AccessPage(
        accesses=[AccessView.of(access, names) for access in found],
        total=total,
        page=query.page,
        limit=query.limit,
    )


CAPABILITY = Capability("supervision", routes.endpoints, store.INDEXES)
