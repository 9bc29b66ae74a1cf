"""诉求 HTTP of reports for the other rooms: a citizen's own reports."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from backend.auth import SERVICE
from backend.db import Transaction
from backend.people.identity import IdentityBody, OwnerQuery
from backend.reports import desk_routes, service, store
from backend.reports.coordinates import Point
from backend.reports.service import Complaint
from backend.reports.views import ReportList, ReportView, report_view
from backend.routing import Call, Capability, Routes
from backend.validation import Body, Identifier, LongText, ShortText

routes = Routes("reports")

Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)]


class LocationBody(Body):
    """位置 A point in degrees with its coordinate system; apps in China send GCJ-02."""

    lat: float = Field(ge=-90, le=90, allow_inf_nan=False)
    lon: float = Field(ge=-180, le=180, allow_inf_nan=False)
    system: Literal["wgs84", "gcj02"] = "gcj02"
    label: Annotated[str, StringConstraints(max_length=200)] | None = None


class NewReport(Body):
    """诉求 What a citizen told."""

    conversation_id: Identifier
    identity: IdentityBody
    text: LongText
    category: ShortText | None = None
    media_ids: list[Identifier] = Field(default_factory=list, max_length=20)
    location: LocationBody | None = None
    place: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] | None = None
    contact_phone: ShortText | None = None


class NewNote(Body):
    """补充 What the citizen adds."""

    identity: IdentityBody
    text: Words = ""
    media_ids: list[Identifier] = Field(default_factory=list, max_length=20)


@routes.post("/reports", SERVICE)
async def make(call: Call, tx: Transaction, body: NewReport) -> ReportView:
    """登记: register a report."""
    place = body.location
    complaint = Complaint(
        conversation_id=body.conversation_id,
        identity=body.identity.identity,
        text=body.text,
        category=body.category,
        media_ids=body.media_ids,
        location=Point(place.lat, place.lon, place.system) if place else None,
        label=(place.label or "") if place else "",
        place=body.place or "",
        contact_phone=body.contact_phone or "",
    )
    return report_view(call.office, await service.make(call.office, tx, complaint))


@routes.get("/reports", SERVICE)
async def own(call: Call, query: OwnerQuery) -> ReportList:
    """我的诉求: list a citizen's own reports."""
    records = await service.look_at_all(call.office, query.owner)
    return ReportList(reports=[report_view(call.office, record) for record in records])


@routes.get("/reports/{number}", SERVICE)
async def one(call: Call, query: OwnerQuery) -> ReportView:
    """诉求进度: give one of a citizen's own reports; a foreign one is as absent as none."""
    record = await service.look(call.office, call.request.match_info["number"], query.owner)
    return report_view(call.office, record)


@routes.post("/reports/{number}/note", SERVICE)
async def note(call: Call, tx: Transaction, body: NewNote) -> ReportView:
    """补充: add words or photos to a report."""
    record = await service.add_note(
        call.office,
        tx,
        call.request.match_info["number"],
        body.identity.identity,
        body.text,
        body.media_ids,
    )
    return report_view(call.office, record)


CAPABILITY = Capability(
    "reports", [*routes.endpoints, *desk_routes.routes.endpoints], store.INDEXES
)
