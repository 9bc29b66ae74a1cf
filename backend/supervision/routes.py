"""电子监察 HTTP for whoever audits: who looked at whose personal data, when and why."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from backend.auth import staff
from backend.clear import Clear
from backend.numbers import normalise_number
from backend.routing import Call, Capability, Routes
from backend.supervision import service, store
from backend.supervision.model import Access, Noted
from backend.validation import Answer, Body, Identifier, Page

routes = Routes("supervision")
AUDIT = staff("auditor")
MOST_EVENTS = 200
# As much of a hash as somebody writes down.
CODE_LENGTH = 12


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
    why: Clear

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
            why=Clear(access.why),
        )


class AccessPage(Answer):
    """查阅记录 One page of looks, newest first; `total` counts no further than 10,000."""

    accesses: list[AccessView]
    total: int
    page: int
    limit: int


class AccountEventView(Answer):
    """账号变动 Something that was done to an account, or a log-in."""

    at: datetime
    type: str
    by: str
    at_machine: bool
    own: bool
    roles: list[str]


class AccountEvents(Answer):
    """账号变动 The newest events of an account, newest first."""

    events: list[AccountEventView]


class NotedQuery(Body):
    """What was noted of the last look through the log: `last_seq` and `last_code`."""

    seq: int | None = Field(default=None, ge=1)
    code: Annotated[
        str, StringConstraints(strip_whitespace=True, to_lower=True, max_length=CODE_LENGTH)
    ] = ""

    @property
    def noted(self) -> Noted | None:
        """Return what to compare; None where nothing was noted."""
        return Noted(self.seq, self.code) if self.seq and self.code else None


class VerdictView(Answer):
    """核对 Whether the access log was changed behind the office's back.

    `last_seq` and `last_code` are worth noting elsewhere: asked for again later, they show in
    `as_noted` whether the end was cut off meanwhile.
    """

    intact: bool
    broken_at: int | None
    strangers: int
    as_noted: bool | None
    last_seq: int
    last_code: str


@routes.get("/supervision/accounts/{staff_id}/events", AUDIT)
async def account_events(call: Call) -> AccountEvents:
    """账号变动: tell who opened an account, changed it and logged in with it, newest first."""
    found = await service.account_events(call.office, call.path("staff_id"), MOST_EVENTS)
    return AccountEvents(
        events=[
            AccountEventView(
                at=event.at,
                type=event.type,
                by=event.by,
                at_machine=event.at_machine,
                own=event.own,
                roles=list(event.roles),
            )
            for event in found
        ]
    )


@routes.get("/supervision/integrity", AUDIT)
async def integrity(call: Call, query: NotedQuery) -> VerdictView:
    """核对: look through the whole access log for records that were changed, removed or put in."""
    verdict = await service.verify(call.office, query.noted)
    return VerdictView(
        intact=verdict.intact,
        broken_at=verdict.broken_at,
        strangers=verdict.strangers,
        as_noted=verdict.as_noted,
        last_seq=verdict.last.seq,
        last_code=verdict.last.mac[:CODE_LENGTH],
    )


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
