"""诉求 How a report looks from outside: to its maker, and to staff."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from backend.clock import local
from backend.office import Office
from backend.privacy import mask_phone, mask_text
from backend.reports.model import DESK_STEPS, Entry, State, Step, possible_steps
from backend.reports.record import Record
from backend.validation import Answer


class TimelineEntry(Answer):
    """处置进展 One line of a timeline."""

    at: datetime
    label: str
    note: str = ""


class GridView(Answer):
    """网格 Where in the district."""

    code: str
    name: str
    community: str
    street: str


class ReportView(Answer):
    """工单 A report as its maker sees it; `grid` is null outside the district."""

    number: str
    category: str | None
    category_name: str | None
    priority: Literal["normal", "high", "urgent"]
    urgent: bool
    department: str | None
    owner: str
    grid: GridView | None
    state: str
    state_label: str
    registered_at: datetime
    accept_by: datetime
    due_at: datetime
    due_provisional: bool
    timeline: list[TimelineEntry]


class ReportList(Answer):
    """工单 A citizen's own reports, newest first."""

    reports: list[ReportView]


class DeskLine(Answer):
    """工单 One line of the desk's list."""

    number: str
    summary: str
    category: str | None
    category_name: str | None
    priority: Literal["normal", "high", "urgent"]
    urgent: bool
    department: str | None
    owner: str
    grid: GridView | None
    state: str
    state_label: str
    registered_at: datetime
    due_at: datetime
    overdue: bool


class DeskPage(Answer):
    """工单 One page of the desk's list."""

    reports: list[DeskLine]
    total: int
    page: int
    limit: int


class LocationView(Answer):
    """位置 A point in degrees with its coordinate system, as it was sent."""

    lat: float
    lon: float
    system: Literal["wgs84", "gcj02"]
    label: str


class NoteView(Answer):
    """补充 What the citizen added later."""

    at: datetime
    text: str
    media_ids: list[str]


class DeskReport(ReportView):
    """工单 A report as staff see it, with what may be done next and by whom."""

    text: str
    place: str
    contact_phone: str
    location: LocationView | None
    media_ids: list[str]
    notes: list[NoteView]
    bounces: int
    steps: list[str]
    units: list[str]
    overdue: bool
    conversation_id: str
    revealed: bool


_SUMMARY = 60


def report_view(office: Office, record: Record) -> ReportView:
    """Return a report as its maker sees it."""
    return ReportView.model_validate(_facts(office, record))


def desk_line(office: Office, record: Record) -> DeskLine:
    """Return a report as one line of the desk's list, its words masked."""
    facts = _facts(office, record) | {
        "summary": mask_text(record.text)[:_SUMMARY],
        "overdue": _overdue(office, record),
    }
    return DeskLine.model_validate({name: facts[name] for name in DeskLine.model_fields})


def desk_report(
    office: Office, record: Record, units: tuple[str, ...], *, revealed: bool = False
) -> DeskReport:
    """Return a report as staff see it; personal data in clear only where `revealed` says so."""
    point = record.location
    words = str if revealed else mask_text
    return DeskReport.model_validate(
        _facts(office, record)
        | {
            "text": words(record.text),
            "place": words(record.place),
            "contact_phone": record.contact_phone if revealed else mask_phone(record.contact_phone),
            "location": {
                "lat": point.lat,
                "lon": point.lon,
                "system": point.system,
                "label": record.label,
            }
            if point
            else None,
            "media_ids": record.media_ids,
            "notes": [
                {"at": local(n.at), "text": words(n.text), "media_ids": n.media_ids}
                for n in record.notes
            ],
            "bounces": record.report.bounces,
            "steps": sorted(step.value for step in possible_steps(record.report) & DESK_STEPS),
            "units": units,
            "overdue": _overdue(office, record),
            "conversation_id": record.conversation_id,
            "revealed": revealed,
        }
    )


def _facts(office: Office, record: Record) -> dict[str, Any]:
    report, sorting = record.report, record.sorting
    cell = record.cell
    return {
        "number": record.number,
        "category": sorting.category,
        "category_name": sorting.name,
        "priority": sorting.priority.value,
        "urgent": sorting.priority.value == "urgent",
        "department": sorting.department,
        "owner": report.owner,
        "grid": GridView(
            code=cell.code, name=cell.name, community=cell.community, street=cell.street
        )
        if cell
        else None,
        "state": report.state.value,
        "state_label": office.replies.say(f"report.state.{report.state.value}"),
        "registered_at": local(record.registered_at),
        "accept_by": local(sorting.accept_by),
        "due_at": local(sorting.due_at),
        "due_provisional": sorting.due_provisional,
        "timeline": _timeline(office, record),
    }


def _timeline(office: Office, record: Record) -> list[TimelineEntry]:
    """Return steps and additions in order of time."""
    lines = [_entry(office, entry) for entry in record.report.history]
    label = office.replies.say("report.timeline.note")
    lines += [TimelineEntry(at=local(note.at), label=label) for note in record.notes]
    return sorted(lines, key=lambda line: line.at)


def _entry(office: Office, entry: Entry) -> TimelineEntry:
    # Why a unit sent a report back is between the units; the citizen hears where it is now.
    note = "" if entry.step is Step.REJECT else entry.why
    label = office.replies.say(f"report.timeline.{entry.step.value}", unit=entry.unit or "")
    return TimelineEntry(at=local(entry.at), label=label, note=note)


def _overdue(office: Office, record: Record) -> bool:
    ended = record.report.state in (State.RESOLVED, State.CLOSED)
    return not ended and record.sorting.due_at < office.clock.now()
