"""诉求 What a citizen does with a report: make one, look, take it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from backend.clock import local
from backend.conversations import service as conversations
from backend.db import Transaction
from backend.document import Document
from backend.errors import ConflictError, InvalidError, NotFoundError
from backend.events import Event, Who, emit
from backend.media import service as media_service
from backend.numbers import REPORT, next_number, normalise_number
from backend.office import Inside, Office
from backend.people import service as people
from backend.people.at_rest import citizen, indexes_of
from backend.people.model import Identity, is_phone, normalise_phone
from backend.privacy import mask_text
from backend.reports import store
from backend.reports.district import district
from backend.reports.model import Step, advance, register
from backend.reports.record import Record, from_document, to_document
from standards.coordinates import Point


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


async def make(
    office: Inside, tx: Transaction, complaint: Complaint, danger: str | None = None
) -> Record:
    """登记 Register a report: category, urgency, grid and due time stand from the first moment.

    Args:
        office: the office.
        tx: the transaction it is written in.
        complaint: what was told.
        danger: the kind of danger somebody is in; it makes the report urgent.

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
        sorting=area.sort(complaint.category, now, danger=danger is not None),
        registered_at=now,
        report=register(area.grid.centre, now),
        danger=danger,
    )
    await store.insert(office.database, tx, to_document(record, office.privacy))
    await announce(office, tx, record, citizen(office.privacy, complaint.identity))
    return record


async def look(
    office: Inside, number: str, identity: Identity, tx: Transaction | None = None
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
    owners = indexes_of(office.privacy, identity.key)
    documents = await store.owned(office.database, owners, link)
    return [from_document(document, office.privacy) for document in documents]


async def exists(office: Office, number: str) -> bool:
    """Say whether there is such a report."""
    return await store.get(office.database, number) is not None


async def withdraw(
    office: Inside, tx: Transaction, number: str, identity: Identity, why: str
) -> Record:
    """撤回 Take a report back: a false alarm, or it is solved. Whoever was sent is told.

    Raises:
        NotFoundError: not this citizen's report.
        ConflictError: it has ended, or somebody else was faster.
    """
    record = await look(office, number, identity, tx)
    moved = record.moved(advance(record.report, Step.WITHDRAW, office.clock.now(), why=why))
    await write(office, tx, moved)
    await announce(office, tx, moved, citizen(office.privacy, identity))
    return moved


async def with_file(office: Office, media_id: str) -> list[str]:
    """Return the numbers of reports that a file came with, at once or in a note."""
    return await store.with_file(office.database, media_id)


async def write(office: Inside, tx: Transaction, record: Record) -> None:
    """Write a report's next version.

    Raises:
        ConflictError: somebody else wrote it first.
    """
    if not await store.replace(office.database, tx, to_document(record, office.privacy)):
        raise ConflictError("report.changed")


async def announce(office: Inside, tx: Transaction, record: Record, who: Who) -> None:
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
            data={"step": newest.step.value, **told(record)},
        ),
    )


def told(record: Record) -> Document:
    """Return what every event of a report says of it: enough for a desk to ring, no more."""
    sorting = record.sorting
    return {
        "state": record.report.state.value,
        "owner": record.report.owner,
        "category": sorting.category,
        "priority": sorting.priority.value,
        "urgent": record.is_urgent,
        "danger": record.danger,
        "accept_by": local(sorting.accept_by).isoformat(),
        "grid": record.cell.code if record.cell else None,
    }


async def sorted_again(office: Inside, record: Record, category: str) -> Record:
    """改派分类 Return the report under another category; its clock keeps its start.

    A danger stays urgent whatever the category.

    Raises:
        InvalidError: there is no such category.
    """
    area = await district(office)
    danger = record.danger is not None
    return replace(record, sorting=area.sort(category, record.registered_at, danger=danger))
