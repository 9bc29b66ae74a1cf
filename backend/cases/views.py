"""办件 How a case looks from outside: to its owner, and to staff."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from backend.cases.model import DESK_STEPS, Entry, possible_steps
from backend.cases.record import Record
from backend.clock import local
from backend.office import Office
from backend.receipts import service as receipts
from backend.receipts.service import Receipt
from backend.validation import Answer


class TimelineEntry(Answer):
    """办理进展 One line of a timeline."""

    at: datetime
    label: str
    note: str = ""


class ReceiptLink(Answer):
    """回执 The receipt's token, the page that checks it, and its QR code on this origin."""

    token: str
    url: str
    qr_url: str


class CaseView(Answer):
    """办件 A case as its owner sees it.

    `deadline` is null while the clock stands still; `deadline_provisional` says that a year's
    working-day calendar is not published yet.
    """

    number: str
    item_code: str
    item_name: str
    department: str
    state: str
    state_label: str
    submitted_at: datetime
    timeline: list[TimelineEntry]
    deadline: datetime | None
    deadline_provisional: bool
    promised_working_days: int
    missing: list[str]
    receipt: ReceiptLink
    applicant_masked: str


class CaseList(Answer):
    """办件 A citizen's own cases, newest first."""

    cases: list[CaseView]


class DeskLine(Answer):
    """办件 One line of the desk's list."""

    number: str
    item_code: str
    item_name: str
    department: str
    state: str
    state_label: str
    applicant_masked: str
    submitted_at: datetime
    deadline: datetime | None
    overdue: bool


class DeskPage(Answer):
    """办件 One page of the desk's list."""

    cases: list[DeskLine]
    total: int
    page: int
    limit: int


class FieldView(Answer):
    """申请内容 One field of an application; masked unless it was revealed."""

    name: str
    label: str
    kind: str
    value: str


class AttachmentView(Answer):
    """附件 A file of an application."""

    name: str
    label: str
    media_id: str


class DeskCase(CaseView):
    """办件 A case as staff see it, with what may be done next."""

    fields: list[FieldView]
    media: list[AttachmentView]
    told: list[str]
    steps: list[str]
    overdue: bool
    conversation_id: str
    revealed: bool


def case_view(office: Office, record: Record) -> CaseView:
    """Return a case as its owner sees it."""
    return CaseView.model_validate(_facts(office, record))


def desk_line(office: Office, record: Record) -> DeskLine:
    """Return a case as one line of the desk's list."""
    facts = _facts(office, record) | {"overdue": _overdue(office, record)}
    return DeskLine.model_validate({name: facts[name] for name in DeskLine.model_fields})


def desk_case(office: Office, record: Record, *, revealed: bool = False) -> DeskCase:
    """Return a case as staff see it; in clear only where `revealed` says so."""
    values = record.fields if revealed else record.masked_fields()
    labels = {entry.name: entry.label for entry in record.form}
    return DeskCase.model_validate(
        _facts(office, record)
        | {
            "fields": [
                {"name": e.name, "label": e.label, "kind": e.kind, "value": values[e.name]}
                for e in record.form
                if e.name in values
            ],
            "media": [
                {"name": m.name, "label": labels.get(m.name, m.name), "media_id": m.media_id}
                for m in record.media
            ],
            "told": record.case.told,
            "steps": sorted(step.value for step in possible_steps(record.case.state) & DESK_STEPS),
            "overdue": _overdue(office, record),
            "conversation_id": record.conversation_id,
            "revealed": revealed,
        }
    )


def _facts(office: Office, record: Record) -> dict[str, Any]:
    case, deadline = record.case, record.case.deadline
    receipt = Receipt(record.number, record.item_code, record.submitted_at)
    token = receipts.issue(office, receipt)
    return {
        "number": record.number,
        "item_code": record.item_code,
        "item_name": record.item_name,
        "department": record.department,
        "state": case.state.value,
        "state_label": office.replies.say(f"case.state.{case.state.value}"),
        "submitted_at": local(record.submitted_at),
        "timeline": [_entry(office, entry) for entry in case.history],
        "deadline": deadline.at if deadline else None,
        "deadline_provisional": bool(deadline and deadline.provisional),
        "promised_working_days": case.promised_days,
        "missing": case.missing,
        "receipt": {
            "token": token,
            "url": receipts.link(office, token),
            "qr_url": f"/api/v1/receipts/{token}/qr.svg",
        },
        "applicant_masked": record.applicant_masked,
    }


def _entry(office: Office, entry: Entry) -> TimelineEntry:
    label = office.replies.say(f"case.timeline.{entry.step.value}")
    return TimelineEntry(at=local(entry.at), label=label, note=entry.why)


def _overdue(office: Office, record: Record) -> bool:
    deadline = record.case.deadline
    return deadline is not None and deadline.at < office.clock.now()
