"""工单 What `reports` keeps of one person: copied out, and erased down to what an archive needs."""

from __future__ import annotations

from dataclasses import asdict, replace

from backend.db import Transaction
from backend.document import Document
from backend.office import Office
from backend.people.at_rest import indexes_of
from backend.people.model import erased
from backend.personal.part import Part
from backend.personal.subject import Subject
from backend.reports import store
from backend.reports.model import OPEN, State
from backend.reports.record import Record, from_document, to_document


async def personal(office: Office, subject: Subject) -> list[Document]:
    """Return the reports with their words, places, additions and steps."""
    found = await store.numbered(office.database, subject.reports)
    return [_copy(from_document(document, office.privacy)) for document in found]


async def erase(office: Office, subject: Subject) -> int:
    """Take out of each report who made it, what was told, where, and the photos."""
    erased = await store.forget_alarms(office.database, subject.reports)
    for number in subject.reports:

        async def anonymise(tx: Transaction, number: str = number) -> int:
            document = await store.get(office.database, number, tx)
            record = from_document(document, office.privacy) if document else None
            if record is None or record.identity.is_erased:
                return 0
            bare = to_document(_bare(record), office.privacy)
            return int(await store.replace(office.database, tx, bare))

        erased += await office.transact(anonymise)
    return erased


async def of_subject(office: Office, subject: Subject) -> list[Record]:
    """Return the reports of a subject's links and channel identities."""
    found = await store.of_reporters(
        office.database, indexes_of(office.privacy, *subject.identities)
    )
    for link in subject.links:
        found += await store.of_link(office.database, link)
    return [from_document(document, office.privacy) for document in found]


async def under_way(office: Office, subject: Subject) -> list[str]:
    """Return the numbers of the reports that somebody still has to settle."""
    found = await store.numbered(office.database, subject.reports)
    return [document["_id"] for document in found if State(document["state"]) in OPEN]


def _bare(record: Record) -> Record:
    """Return the record as the archive keeps it, one version later: its grid, not its point."""
    report = record.report
    silent = tuple(replace(entry, why="") for entry in report.history)
    return replace(
        record.moved(replace(report, history=silent)),
        conversation_id="",
        identity=erased(record.number),
        link=None,
        text="",
        place="",
        contact_phone="",
        location=None,
        label="",
        media_ids=(),
        notes=(),
    )


def _copy(record: Record) -> Document:
    return {
        "number": record.number,
        "registered_at": record.registered_at,
        "state": record.report.state.value,
        "category": record.sorting.name,
        "text": record.text,
        "place": record.place,
        "label": record.label,
        "location": asdict(record.location) if record.location else None,
        "contact_phone": record.contact_phone,
        "files": list(record.media_ids),
        "notes": [asdict(note) for note in record.notes],
        "history": [asdict(entry) for entry in record.report.history],
    }


PART = Part("reports", ("reports", "report_alarms"), personal, erase)
