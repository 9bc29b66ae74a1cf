"""Which events of the office a member of staff may see: pure."""

from __future__ import annotations

from backend.document import Document
from backend.staff.model import Role

_ROLES_BY_ENTITY: dict[str, frozenset[Role]] = {
    "handoff": frozenset({"agent", "supervisor", "admin"}),
    "case": frozenset({"approver", "admin"}),
    "report": frozenset({"dispatcher", "admin"}),
    "staff": frozenset({"admin"}),
    "personal": frozenset({"supervisor", "admin"}),
}


def visible(event: Document, roles: frozenset[Role]) -> bool:
    """Tell whether an event is for somebody of these roles; unknown entities are for nobody."""
    return bool(_ROLES_BY_ENTITY.get(event["entity"], frozenset()) & roles)


def frame(event: Document) -> Document:
    """Return what the desk page gets of an event: states and ids, never words or personal data."""
    who = event["who"]
    return {
        "type": "event",
        "position": event["position"],
        "name": event["type"],
        "data": {
            **event["data"],
            "entity": event["entity"],
            "entity_id": event["entity_id"],
            # A citizen's id is who they are to their platform.
            "who": who if who["kind"] == "staff" else {"kind": who["kind"]},
            "at": event["at"].isoformat(),
        },
    }
