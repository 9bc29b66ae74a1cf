"""补充 What a citizen adds to a report: words, photos, where it is, how to reach them."""

from __future__ import annotations

from dataclasses import replace

from backend.db import Transaction
from backend.errors import ConflictError, InvalidError
from backend.events import Event, emit
from backend.media import service as media_service
from backend.office import Inside
from backend.people.at_rest import citizen
from backend.people.model import Identity, is_phone, normalise_phone
from backend.reports import rule
from backend.reports.district import district
from backend.reports.model import State
from backend.reports.record import Note, Record
from backend.reports.service import look, told, write

MOST_NOTES = 50


async def add_note(
    office: Inside, tx: Transaction, number: str, identity: Identity, note: Note
) -> Record:
    """补充 Add something to a report that is neither closed nor withdrawn.

    Raises:
        NotFoundError: not this citizen's report.
        InvalidError: nothing was added, a file does not exist, or a phone cannot exist.
        ConflictError: the report is over, or has as many notes as anybody reads.
    """
    if not note.added:
        raise InvalidError("report.note_empty")
    if note.contact_phone and not is_phone(note.contact_phone):
        raise InvalidError("report.phone", field="contact_phone")
    record = await look(office, number, identity, tx)
    if record.report.state is State.CLOSED:
        raise ConflictError("report.closed")
    if record.report.state is State.WITHDRAWN:
        raise ConflictError("report.withdrawn")
    if len(record.notes) >= MOST_NOTES:
        raise ConflictError("report.too_many_notes", most=MOST_NOTES)
    phone = normalise_phone(note.contact_phone)
    return await keep_note(office, tx, record, identity, replace(note, contact_phone=phone))


async def keep_note(
    office: Inside, tx: Transaction, record: Record, identity: Identity, note: Note
) -> Record:
    """Write a note, complete the record with it, and tell whoever was sent what came.

    An urgent report that waited at the centre for its place is sent on.

    Raises:
        InvalidError: a file does not exist.
        ConflictError: somebody else wrote the report first.
    """
    await media_service.mimes(office, note.media_ids)
    cell = (await district(office)).grid.cell_at(note.location) if note.location else None
    noted = record.with_note(note, cell)
    await write(office, tx, noted)
    event = Event(
        "report",
        noted.number,
        "report.noted",
        citizen(office.privacy, identity),
        note.at,
        data={"added": list(note.added), "media": len(note.media_ids), **told(noted)},
    )
    await emit(office.database, tx, event)
    return await rule.send_on(office, tx, noted) if note.says_where else noted
