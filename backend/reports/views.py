"""诉求 How a report looks from outside: to its maker, and to staff."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, Literal

from backend.clear import Clear, Mask, Reader
from backend.clock import local
from backend.office import Office
from backend.privacy import mask_phone, mask_text
from backend.reports.model import DESK_STEPS, OPEN, Entry, Step, possible_steps
from backend.reports.record import Record
from backend.validation import Answer
from standards.coordinates import Point


class TimelineEntry(Answer):
    """处置进展 One line of a timeline."""

    at: datetime
    label: str
    note: Clear


class GridView(Answer):
    """网格 Where in the district."""

    code: str
    name: str
    community: str
    street: str


class ReportView(Answer):
    """工单 A report as its maker sees it; `grid` is null outside the district.

    `danger` is the kind of danger of a report that was sent at once, null for all others.
    """

    number: str
    category: str | None
    category_name: str | None
    priority: Literal["normal", "high", "urgent"]
    urgent: bool
    danger: str | None
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


class UrgentReport(ReportView):
    """险情 An urgent report; `created` is false where it was known already."""

    created: bool


class ReportList(Answer):
    """工单 A citizen's own reports, newest first."""

    reports: list[ReportView]


class DeskLine(Answer):
    """工单 One line of the desk's list."""

    number: str
    summary: Clear
    category: str | None
    category_name: str | None
    priority: Literal["normal", "high", "urgent"]
    urgent: bool
    danger: str | None
    department: str | None
    owner: str
    grid: GridView | None
    state: str
    state_label: str
    registered_at: datetime
    accept_by: datetime
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
    label: Clear


class NoteView(Answer):
    """补充 What the citizen added later; `earlier_…` is what a corrected place was before."""

    at: datetime
    text: Clear
    media_ids: list[str]
    place: Clear
    location: LocationView | None
    contact_phone: Clear
    earlier_place: Clear
    earlier_location: LocationView | None


class DeskReport(ReportView):
    """工单 A report as staff see it, with what may be done next and by whom.

    `rule` is why it lies where it lies now, where a rule sent it there and nobody else.
    """

    rule: str | None
    text: Clear
    place: Clear
    contact_phone: Clear
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
    return ReportView.model_validate(_own_facts(office, record))


def urgent_report(office: Office, record: Record, *, created: bool) -> UrgentReport:
    """Return an urgent report, and whether it is a new one."""
    return UrgentReport.model_validate(_own_facts(office, record) | {"created": created})


def desk_line(office: Office, record: Record) -> DeskLine:
    """Return a report as one line of the desk's list, its words masked."""
    facts = _facts(office, record) | {
        "summary": Clear(record.text, _summary),
        "overdue": _overdue(office, record),
    }
    return DeskLine.model_validate({name: facts[name] for name in DeskLine.model_fields})


def desk_report(
    office: Office, record: Record, units: tuple[str, ...], mask: Mask, *, revealed: bool = False
) -> DeskReport:
    """Return a report as staff see it; personal data in clear only where `revealed` says so.

    Args:
        office: the office.
        record: the report.
        units: whom it can be sent to.
        mask: how texts about its maker are masked.
        revealed: the look was noted with its reason.
    """
    reader = Reader.NOTED if revealed else Reader.STAFF
    words = partial(Clear, mask=mask.of, reader=reader)
    phone = partial(Clear, mask=mask_phone, reader=reader)
    return DeskReport.model_validate(
        _facts(office, record)
        | {
            "text": words(record.text),
            "place": words(record.place),
            "contact_phone": phone(record.contact_phone),
            "location": _location(record.location, words(record.label)),
            "rule": _rule(record),
            "timeline": _timeline(office, record, lambda entry: words(entry.why)),
            "media_ids": record.media_ids,
            "notes": [
                {
                    "at": local(note.at),
                    "text": words(note.text),
                    "media_ids": note.media_ids,
                    "place": words(note.place),
                    "location": _location(note.location, words(note.label)),
                    "contact_phone": phone(note.contact_phone),
                    "earlier_place": words(note.earlier_place),
                    "earlier_location": _location(note.earlier_location, words("")),
                }
                for note in record.notes
            ],
            "bounces": record.report.bounces,
            "steps": sorted(step.value for step in possible_steps(record.report) & DESK_STEPS),
            "units": units,
            "overdue": _overdue(office, record),
            "conversation_id": record.conversation_id,
            "revealed": revealed,
        }
    )


def _rule(record: Record) -> str | None:
    sent = [entry for entry in record.report.history if entry.step is Step.DISPATCH]
    return sent[-1].why if sent and sent[-1].by_rule else None


def _location(point: Point | None, label: Clear) -> LocationView | None:
    if point is None:
        return None
    return LocationView(lat=point.lat, lon=point.lon, system=point.system, label=label)


def _facts(office: Office, record: Record) -> dict[str, Any]:
    report, sorting = record.report, record.sorting
    cell = record.cell
    return {
        "number": record.number,
        "category": sorting.category,
        "category_name": sorting.name,
        "priority": sorting.priority.value,
        "urgent": record.is_urgent,
        "danger": record.danger,
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
    }


def _own_facts(office: Office, record: Record) -> dict[str, Any]:
    """Return what its maker sees of a report."""
    timeline = _timeline(office, record, _why_for_citizen)
    return _facts(office, record) | {"timeline": timeline}


def _timeline(office: Office, record: Record, why: Callable[[Entry], Clear]) -> list[TimelineEntry]:
    """Return steps and additions in order of time; `why` gives the reason that is shown."""
    say = office.replies.say
    lines = [
        TimelineEntry(
            at=local(entry.at),
            label=say(f"report.timeline.{entry.step.value}", unit=entry.unit or ""),
            note=why(entry),
        )
        for entry in record.report.history
    ]
    for note in record.notes:
        label = say(f"report.timeline.{'note_place' if note.says_where else 'note'}")
        lines.append(TimelineEntry(at=local(note.at), label=label, note=Clear("")))
    return sorted(lines, key=lambda line: line.at)


def _why_for_citizen(entry: Entry) -> Clear:
    # Why a unit sent a report back is between the units, and a rule speaks to the dispatcher;
    # the citizen hears where it is now.
    why = "" if entry.step is Step.REJECT or entry.by_rule else entry.why
    return Clear(why, reader=Reader.OWNER)


def _summary(text: str) -> str:
    return mask_text(text)[:_SUMMARY]


def _overdue(office: Office, record: Record) -> bool:
    return record.report.state in OPEN and record.sorting.due_at < office.clock.now()
