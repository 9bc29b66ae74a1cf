"""险情 Somebody is in danger: a report that is sent at once, however often it is told."""

from __future__ import annotations

from datetime import timedelta

from backend.db import Transaction
from backend.office import Inside
from backend.reports import rule, store
from backend.reports.model import OPEN
from backend.reports.notes import MOST_NOTES, keep_note
from backend.reports.record import Note, Record, from_document
from backend.reports.service import Complaint, make

SAME_FOR = timedelta(hours=2)


async def raise_alarm(
    office: Inside, tx: Transaction, complaint: Complaint, danger: str
) -> tuple[Record, bool]:
    """先派后补 Register an urgent report and dispatch it in the same transaction.

    Told again in the same conversation within two hours it is the same report, with the words
    as a note; unless that one has ended, for then nobody is on the way any more.

    Args:
        office: the office.
        tx: the transaction of all of it.
        complaint: what was told.
        danger: the kind, such as fire or gas.

    Returns:
        The report, and whether it is a new one.

    Raises:
        InvalidError: an unknown category or file.
        NotFoundError: there is no such conversation.
    """
    known = await _told_before(office, tx, complaint.conversation_id, danger)
    if known is not None:
        return await _told_again(office, tx, known, complaint), False
    record = await make(office, tx, complaint, danger)
    sent = await rule.send(office, tx, record)
    # Last of all: by now two that raise the same alarm have met at a counter, and one waits.
    await store.remember_alarm(
        office.database, tx, complaint.conversation_id, danger, record.number
    )
    return sent, True


async def _told_before(
    office: Inside, tx: Transaction, conversation_id: str, danger: str
) -> Record | None:
    """Return the report somebody is still on the way for."""
    number = await store.alarm(office.database, tx, conversation_id, danger)
    document = await store.get(office.database, number, tx) if number else None
    if document is None:
        return None
    record = from_document(document, office.privacy)
    is_recent = office.clock.now() - record.registered_at < SAME_FOR
    return record if is_recent and record.report.state in OPEN else None


async def _told_again(
    office: Inside, tx: Transaction, record: Record, complaint: Complaint
) -> Record:
    """Add what was said; past the fiftieth time only what says where is still written down."""
    note = Note(
        office.clock.now(),
        text=complaint.text,
        media_ids=tuple(complaint.media_ids),
        place=complaint.place,
        location=complaint.location,
        label=complaint.label,
    )
    if len(record.notes) >= MOST_NOTES and not note.says_where:
        return record
    return await keep_note(office, tx, record, complaint.identity, note)
