"""办件 How a case looks from outside: to its owner, and to staff."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from backend.cases.model import DESK_STEPS, Entry, possible_steps
from backend.cases.record import Record
from backend.clear import Clear, Mask, Reader
from backend.clock import local
from backend.office import Office
from backend.receipts import service as receipts
from backend.receipts.service import Receipt
from backend.validation import Answer


class TimelineEntry(Answer):
    """办理进展 One line of a timeline."""

    at: datetime
    label: str
    note: Clear


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
    missing: list[Clear]
    receipt: ReceiptLink
    applicant_masked: Clear


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
    applicant_masked: Clear
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
    value: Clear


class AttachmentView(Answer):
    """附件 A file of an application."""

    name: Clear
    label: Clear
    media_id: str


class DeskCase(CaseView):
    """办件 A case as staff see it, with what may be done next."""

    fields: list[FieldView]
    media: list[AttachmentView]
    told: list[Clear]
    steps: list[str]
    overdue: bool
    conversation_id: str
    revealed: bool


def case_view(office: Office, record: Record) -> CaseView:
    """Return a case as its owner sees it."""
    return CaseView.model_validate(_facts(office, record, Mask(), Reader.OWNER))


def desk_line(office: Office, record: Record) -> DeskLine:
    """Return a case as one line of the desk's list."""
    facts = _facts(office, record, Mask(record.names), Reader.STAFF) | {
        "overdue": _overdue(office, record)
    }
    return DeskLine.model_validate({name: facts[name] for name in DeskLine.model_fields})


def desk_case(office: Office, record: Record, mask: Mask, *, revealed: bool = False) -> DeskCase:
    """Return a case as staff see it; in clear only where `revealed` says so.

    Args:
        office: the office.
        record: the case.
        mask: how texts about its applicant are masked.
        revealed: the look was noted with its reason.
    """
    reader = Reader.NOTED if revealed else Reader.STAFF
    values = record.shown_fields(mask, reader)
    labels = {entry.name: entry.label for entry in record.form}
    return DeskCase.model_validate(
        _facts(office, record, mask, reader)
        | {
            "fields": [
                {"name": e.name, "label": e.label, "kind": e.kind, "value": values[e.name]}
                for e in record.form
                if e.name in values
            ],
            "media": [
                {
                    "name": Clear(m.name, mask.of, reader),
                    "label": Clear(labels.get(m.name, m.name), mask.of, reader),
                    "media_id": m.media_id,
                }
                for m in record.media
            ],
            "told": [Clear(each, mask.of, reader) for each in record.case.told],
            "steps": sorted(step.value for step in possible_steps(record.case.state) & DESK_STEPS),
            "overdue": _overdue(office, record),
            "conversation_id": record.conversation_id,
            "revealed": revealed,
        }
    )


def _facts(office: Office, record: Record, mask: Mask, reader: Reader) -> dict[str, Any]:
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
        "timeline": [_entry(office, entry, mask, reader) for entry in case.history],
        "deadline": deadline.at if deadline else None,
        "deadline_provisional": bool(deadline and deadline.provisional),
        "promised_working_days": case.promised_days,
        "missing": [Clear(each, mask.of, reader) for each in case.missing],
        "receipt": {
            "token": token,
            "url": receipts.link(office, token),
            "qr_url": f"/api/v1/receipts/{token}/qr.svg",
        },
        "applicant_masked": record.applicant_masked,
    }


def _entry(office: Office, entry: Entry, mask: Mask, reader: Reader) -> TimelineEntry:
    label = office.replies.say(f"case.timeline.{entry.step.value}")
    note = Clear(entry.why, mask.of, reader)
    return TimelineEntry(at=local(entry.at), label=label, note=note)


def _overdue(office: Office, record: Record) -> bool:
    deadline = record.case.deadline
    return deadline is not None and deadline.at < office.clock.now()
