"""诉求 What a citizen does with a report: make one, look, add to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from backend.conversations import service as conversations
from backend.db import Transaction
from backend.errors import ConflictError, InvalidError, NotFoundError
from backend.events import Event, Who, emit
from backend.media import service as media_service
from backend.numbers import REPORT, next_number, normalise_number
from backend.office import Office
from backend.people import service as people
from backend.people.model import Identity, is_phone, normalise_phone
from backend.privacy import mask_text
from backend.reports import store
from backend.reports.coordinates import Point
from backend.reports.district import district
from backend.reports.model import State, register
from backend.reports.record import Note, Record, from_document, to_document

MOST_NOTES = 50


@dataclass(frozen=True)
class Complaint:
    """诉求 What a citizen told; `location` in degrees with its coordinate system."""

    conversation_id: str
    identity: Identity
    text: str
    category: str | None
    media_ids: Sequence[str]
    location: Point | None
    label: str
    place: str
    contact_phone: str


async def make(office: Office, tx: Transaction, complaint: Complaint) -> Record:
    """登记 Register a report: category, urgency, grid and due time stand from the first moment.

    Raises:
        InvalidError: an unknown category or file, or a phone that cannot exist.
        NotFoundError: there is no such conversation.
    """
    if complaint.contact_phone and not is_phone(complaint.contact_phone):
        raise InvalidError("report.phone", field="contact_phone")
    await conversations.get(office, complaint.conversation_id, tx)
    await media_service.mimes(office, complaint.media_ids)
    area = await district(office)
    now = office.clock.now()
    link = await people.link_of(office, complaint.identity, tx)
    record = Record(
        # Counted last of all that is looked up: from here on other reports wait for this one.
        number=await next_number(office.database, tx, REPORT, now),
        version=1,
        conversation_id=complaint.conversation_id,
        identity=complaint.identity,
        link=link,
        text=complaint.text,
        place=complaint.place,
        contact_phone=normalise_phone(complaint.contact_phone),
        location=complaint.location,
        label=complaint.label,
        cell=area.grid.cell_at(complaint.location) if complaint.location else None,
        media_ids=tuple(complaint.media_ids),
        notes=(),
        sorting=area.sort(complaint.category, now),
        registered_at=now,
        report=register(area.grid.centre, now),
    )
    await store.insert(office.database, tx, to_document(record, office.privacy))
    await announce(office, tx, record, Who("citizen", complaint.identity.key))
    return record


async def look(
    office: Office, number: str, identity: Identity, tx: Transaction | None = None
) -> Record:
    """Return a citizen's own report.

    Raises:
        NotFoundError: there is none of this number, or it is somebody else's: told alike.
    """
    link = await people.link_of(office, identity, tx)
    document = await store.get(office.database, normalise_number(number) or "", tx)
    record = from_document(document, office.privacy) if document else None
    if record is None or not record.belongs_to(identity, link):
        raise NotFoundError("report.not_found")
    return record


async def look_at_all(office: Office, identity: Identity) -> list[Record]:
    """Return a citizen's own reports, newest first."""
    link = await people.link_of(office, identity)
    documents = await store.owned(office.database, identity, link)
    return [from_document(document, office.privacy) for document in documents]


async def add_note(
    office: Office,
    tx: Transaction,
    number: str,
    identity: Identity,
    text: str,
    media_ids: Sequence[str],
) -> Record:
    """补充 Add words or photos to a report that is not closed.

    Raises:
        NotFoundError: not this citizen's report.
        InvalidError: nothing was added, or a file does not exist.
        ConflictError: the report is closed, or has as many notes as anybody reads.
    """
    if not text.strip() and not media_ids:
        raise InvalidError("report.note_empty")
    await media_service.mimes(office, media_ids)
    record = await look(office, number, identity, tx)
    if record.report.state is State.CLOSED:
        raise ConflictError("report.closed")
    if len(record.notes) >= MOST_NOTES:
        raise ConflictError("report.too_many_notes", most=MOST_NOTES)
    noted = record.with_note(Note(office.clock.now(), text.strip(), tuple(media_ids)))
    await write(office, tx, noted)
    event = Event(
        "report",
        noted.number,
        "report.noted",
        Who("citizen", identity.key),
        office.clock.now(),
        data={"media": len(media_ids)},
    )
    await emit(office.database, tx, event)
    return noted


async def write(office: Office, tx: Transaction, record: Record) -> None:
    """Write a report's next version.

    Raises:
        ConflictError: somebody else wrote it first.
    """
    if not await store.replace(office.database, tx, to_document(record, office.privacy)):
        raise ConflictError("report.changed")


async def announce(office: Office, tx: Transaction, record: Record, who: Who) -> None:
    """Emit the event of a report's newest step; it names the one accountable owner."""
    newest = record.report.history[-1]
    rejected = newest.step.value == "reject"
    await emit(
        office.database,
        tx,
        Event(
            entity="report",
            entity_id=record.number,
            type="report.rejected" if rejected else f"report.{newest.state.value}",
            who=who,
            at=newest.at,
            why=mask_text(newest.why) or None,
            data={
                "step": newest.step.value,
                "state": newest.state.value,
                "owner": record.report.owner,
                "category": record.sorting.category,
                "priority": record.sorting.priority.value,
                "grid": record.cell.code if record.cell else None,
            },
        ),
    )


async def sorted_again(office: Office, record: Record, category: str) -> Record:
    """改派分类 Return the report under another category; its clock keeps its start.

    Raises:
        InvalidError: there is no such category.
    """
    area = await district(office)
    return replace(record, sorting=area.sort(category, record.registered_at))
