"""诉求 HTTP of reports for the other rooms: a citizen's own reports."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from backend.auth import SERVICE
from backend.db import Transaction
from backend.people.identity import IdentityBody, OwnerBody
from backend.reports import alarm, desk_routes, notes, service, store
from backend.reports.record import Note
from backend.reports.service import Complaint
from backend.reports.views import ReportList, ReportView, UrgentReport, report_view, urgent_report
from backend.routing import Call, Capability, Routes
from backend.validation import Body, Identifier, LongText, ShortText
from standards.coordinates import Point

routes = Routes("reports")

Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)]


class LocationBody(Body):
    """位置 A point in degrees with its coordinate system; apps in China send GCJ-02."""

    lat: float = Field(ge=-90, le=90, allow_inf_nan=False)
    lon: float = Field(ge=-180, le=180, allow_inf_nan=False)
    system: Literal["wgs84", "gcj02"] = "gcj02"
    label: Annotated[str, StringConstraints(max_length=200)] | None = None

    @property
    def point(self) -> Point:
        """Return the point alone."""
        return Point(self.lat, self.lon, self.system)


Place = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]
Danger = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]{0,39}$")]


class NewReport(Body):
    """诉求 What a citizen told."""

    conversation_id: Identifier
    identity: IdentityBody
    text: LongText
    category: ShortText | None = None
    media_ids: list[Identifier] = Field(default_factory=list, max_length=20)
    location: LocationBody | None = None
    place: Place | None = None
    contact_phone: ShortText | None = None


class UrgentNews(Body):
    """险情 What somebody in danger told: its kind (`fire`, `gas`…), and whatever else there is."""

    conversation_id: Identifier
    identity: IdentityBody
    kind: Danger
    text: LongText
    category: ShortText
    place: Place | None = None
    location: LocationBody | None = None
    media_ids: list[Identifier] = Field(default_factory=list, max_length=20)


class NewNote(Body):
    """补充 What the citizen adds."""

    identity: IdentityBody
    text: Words = ""
    media_ids: list[Identifier] = Field(default_factory=list, max_length=20)
    place: Place | None = None
    location: LocationBody | None = None
    contact_phone: ShortText | None = None


class Withdrawal(Body):
    """撤回 Why the citizen takes it back, if they say so."""

    identity: IdentityBody
    why: Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)] | None = None


@routes.post("/reports", SERVICE)
async def make(call: Call, tx: Transaction, body: NewReport) -> ReportView:
    """登记: register a report."""
    complaint = _complaint(body, body.contact_phone or "")
    return report_view(call.office, await service.make(call.office, tx, complaint))


@routes.post("/reports/urgent", SERVICE)
async def urgent(call: Call, tx: Transaction, body: UrgentNews) -> UrgentReport:
    """先派后补: register a danger and send somebody at once; told again it is the same report."""
    record, created = await alarm.raise_alarm(call.office, tx, _complaint(body), body.kind)
    return urgent_report(call.office, record, created=created)


@routes.post("/reports/own", SERVICE)
async def own(call: Call, body: OwnerBody) -> ReportList:
    """我的诉求: list a citizen's own reports."""
    records = await service.look_at_all(call.office, body.owner)
    return ReportList(reports=[report_view(call.office, record) for record in records])


@routes.post("/reports/{number}/own", SERVICE)
async def one(call: Call, body: OwnerBody) -> ReportView:
    """诉求进度: give one of a citizen's own reports; a foreign one is as absent as none."""
    record = await service.look(call.office, call.request.match_info["number"], body.owner)
    return report_view(call.office, record)


@routes.post("/reports/{number}/note", SERVICE)
async def note(call: Call, tx: Transaction, body: NewNote) -> ReportView:
    """补充: add words, photos, a place or a phone to a report."""
    added = Note(
        call.office.clock.now(),
        text=body.text,
        media_ids=tuple(body.media_ids),
        place=body.place or "",
        location=body.location.point if body.location else None,
        label=(body.location.label or "") if body.location else "",
        contact_phone=body.contact_phone or "",
    )
    record = await notes.add_note(
        call.office, tx, call.request.match_info["number"], body.identity.identity, added
    )
    return report_view(call.office, record)


@routes.post("/reports/{number}/withdraw", SERVICE)
async def withdraw(call: Call, tx: Transaction, body: Withdrawal) -> ReportView:
    """撤回: take a report back; whoever was sent is told."""
    record = await service.withdraw(
        call.office,
        tx,
        call.request.match_info["number"],
        body.identity.identity,
        body.why or "",
    )
    return report_view(call.office, record)


def _complaint(body: NewReport | UrgentNews, contact_phone: str = "") -> Complaint:
    place = body.location
    return Complaint(
        conversation_id=body.conversation_id,
        identity=body.identity.identity,
        text=body.text,
        category=body.category,
        media_ids=body.media_ids,
        location=place.point if place else None,
        label=(place.label or "") if place else "",
        place=body.place or "",
        contact_phone=contact_phone,
    )


CAPABILITY = Capability(
    "reports", [*routes.endpoints, *desk_routes.routes.endpoints], store.INDEXES
)
