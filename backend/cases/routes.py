"""办件 HTTP of cases for the other rooms: a citizen's own cases."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from backend.auth import SERVICE
from backend.cases import desk_routes, service, store
from backend.cases.record import Attachment
from backend.cases.service import Application
from backend.cases.views import CaseList, CaseView, case_view
from backend.db import Transaction
from backend.people.identity import IdentityBody, OwnerBody
from backend.routing import Call, Capability, Routes
from backend.validation import Body, Identifier, ShortText

routes = Routes("cases")

FieldName = Annotated[str, StringConstraints(min_length=1, max_length=60)]
FieldValue = Annotated[str, StringConstraints(max_length=2000)] | int | float | None
Why = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)]


class AttachmentBody(Body):
    """附件 A file under the name of the field or material it shows."""

    name: ShortText
    media_id: Identifier


class NewCase(Body):
    """预受理 An application the citizen said yes to."""

    item_code: Identifier
    conversation_id: Identifier
    identity: IdentityBody
    fields: dict[FieldName, FieldValue] = Field(max_length=60)
    media: list[AttachmentBody] = Field(default_factory=list, max_length=40)


class Supplement(Body):
    """补正 What was missing."""

    identity: IdentityBody
    fields: dict[FieldName, FieldValue] = Field(default_factory=dict, max_length=60)
    media: list[AttachmentBody] = Field(default_factory=list, max_length=40)
    why: Why = ""


class Withdrawal(Body):
    """撤回 Who withdraws, and why if they say so."""

    identity: IdentityBody
    why: Why = ""


@routes.post("/cases", SERVICE)
async def hand_in(call: Call, tx: Transaction, body: NewCase) -> CaseView:
    """预受理: hand an application in; the answer carries the receipt."""
    application = Application(
        item_code=body.item_code,
        conversation_id=body.conversation_id,
        identity=body.identity.identity,
        fields=body.fields,
        media=_attachments(body.media),
    )
    return case_view(call.office, await service.hand_in(call.office, tx, application))


@routes.post("/cases/own", SERVICE)
async def own(call: Call, body: OwnerBody) -> CaseList:
    """我的办件: list a citizen's own cases."""
    records = await service.look_at_all(call.office, body.owner)
    return CaseList(cases=[case_view(call.office, record) for record in records])


@routes.post("/cases/{number}/own", SERVICE)
async def one(call: Call, body: OwnerBody) -> CaseView:
    """办件进度: give one of a citizen's own cases; a foreign one is as absent as none."""
    record = await service.look(call.office, call.request.match_info["number"], body.owner)
    return case_view(call.office, record)


@routes.post("/cases/{number}/supplement", SERVICE)
async def supplement(call: Call, tx: Transaction, body: Supplement) -> CaseView:
    """补正: hand in what was missing."""
    record = await service.supplement(
        call.office,
        tx,
        call.request.match_info["number"],
        body.identity.identity,
        body.fields,
        _attachments(body.media),
        body.why,
    )
    return case_view(call.office, record)


@routes.post("/cases/{number}/withdraw", SERVICE)
async def withdraw(call: Call, tx: Transaction, body: Withdrawal) -> CaseView:
    """撤回: take an application back before it is accepted."""
    record = await service.withdraw(
        call.office, tx, call.request.match_info["number"], body.identity.identity, body.why
    )
    return case_view(call.office, record)


def _attachments(media: list[AttachmentBody]) -> list[Attachment]:
    return [Attachment(attached.name, attached.media_id) for attached in media]


CAPABILITY = Capability("cases", [*routes.endpoints, *desk_routes.routes.endpoints], store.INDEXES)
