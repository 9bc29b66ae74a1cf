"""诉求 What staff do with a report: list, read, dispatch, and move it on with a reason."""

from __future__ import annotations

from dataclasses import dataclass

from backend.conversations import service as conversations
from backend.db import Document, Transaction
from backend.errors import InvalidError, NotFoundError
from backend.events import Event, Who, emit
from backend.numbers import normalise_number
from backend.office import Inside, Office
from backend.reports import store
from backend.reports.district import district
from backend.reports.model import DESK_STEPS, State, Step, advance
from backend.reports.record import Record, from_document
from backend.reports.service import announce, sorted_again, write
from backend.staff.model import StaffMember
from backend.supervision.reasons import RevealReason
from backend.supervision.service import note_look, note_reveal


@dataclass(frozen=True)
class Decision:
    """处置意见 Why a report goes on, and for a dispatch to whom and under which category."""

    why: str = ""
    unit: str | None = None
    category: str | None = None


async def page(
    office: Office, state: State | None, page_number: int, limit: int
) -> tuple[list[Record], int]:
    """Return one page of the desk's list and how many reports there are in all."""
    skip = (page_number - 1) * limit
    documents, total = await store.page(
        office.database, state.value if state else None, skip, limit
    )
    return [from_document(document, office.privacy) for document in documents], total


async def read(office: Office, number: str, member: StaffMember) -> Record:
    """Return one report; the look is noted.

    Raises:
        NotFoundError: there is none.
    """
    record = await _load(office, number)
    await note_look(office, member, "report.read", "report", record.number)
    return record


async def reveal(
    office: Inside, tx: Transaction, number: str, member: StaffMember, reason: RevealReason
) -> Record:
    """Return a report whose personal data will be shown in clear; who asked and why is kept.

    Raises:
        NotFoundError: there is none.
        InvalidError: the reason tells nothing.
    """
    record = await _load(office, number, tx)
    await note_reveal(office, tx, member, "report.reveal", "report", record.number, reason)
    who, now = Who("staff", member.id), office.clock.now()
    event = Event("report", record.number, "report.revealed", who, now, why=reason.text)
    await emit(office.database, tx, event)
    return record


async def units(office: Inside) -> tuple[str, ...]:
    """承办单位 Return the names of all units a report can be sent to."""
    return (await district(office)).units


async def move(
    office: Inside,
    tx: Transaction,
    number: str,
    step: Step,
    member: StaffMember,
    decision: Decision,
) -> Record:
    """Take a report one step on and tell the citizen, in one transaction.

    A dispatch without a unit goes to the department of the category.

    Raises:
        NotFoundError: there is none.
        ConflictError: the step is not open to it, or somebody else was faster.
        InvalidError: an unknown unit or category, or a reason that is wanted and not given.
    """
    assert step in DESK_STEPS, f"{step} is not the desk's"
    record = await _load(office, number, tx)
    if decision.category is not None:
        record = await sorted_again(office, record, decision.category)
    unit = decision.unit or record.sorting.department
    if decision.unit is not None and decision.unit not in await units(office):
        raise InvalidError("report.unit_unknown")
    report = advance(record.report, step, office.clock.now(), why=decision.why, unit=unit)
    moved = record.moved(report)
    await write(office, tx, moved)
    await announce(office, tx, moved, Who("staff", member.id))
    if step is not Step.REJECT:
        await conversations.say(
            office,
            tx,
            moved.conversation_id,
            notice(office, moved),
            key=f"report:{moved.number}:{moved.version}",
        )
    return moved


def notice(office: Inside, record: Record) -> Document:
    """办理通知 Return what the citizen is told about the newest step."""
    newest = record.report.history[-1]
    say = office.replies.say
    return {
        "kind": "text",
        "text": say(
            f"report.notice.{newest.step.value}",
            number=record.number,
            unit=record.report.owner,
            why=newest.why,
            due=f"{record.sorting.due_at:%Y-%m-%d %H:%M}",
        ),
        "chips": [
            {
                "title": say("report.chip.progress"),
                "payload": f'/query_progress{{"case_number":"{record.number}"}}',
            },
            {"title": say("report.chip.person"), "payload": "/ask_human"},
        ],
    }


async def _load(office: Inside, number: str, tx: Transaction | None = None) -> Record:
    document = await store.get(office.database, normalise_number(number) or "", tx)
    if document is None:
        raise NotFoundError("report.not_found")
    return from_document(document, office.privacy)
