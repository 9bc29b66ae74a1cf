"""大厅 HTTP of offices."""

from __future__ import annotations

from backend.auth import ANY_STAFF, Access
from backend.offices import service
from backend.offices.model import Hall
from backend.routing import Call, Capability, Routes
from backend.validation import Answer

routes = Routes("offices")


class HallList(Answer):
    """大厅 All places where citizens are served."""

    offices: list[Hall]


@routes.get("/offices", Access(service=True, roles=ANY_STAFF.roles))
async def list_halls(call: Call) -> HallList:
    """大厅: list halls and convenience centres."""
    return HallList(offices=list(await service.halls(call.office)))


CAPABILITY = Capability("offices", routes.endpoints)
