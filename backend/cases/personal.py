"""办件 What `cases` keeps of one person: copied out, and erased down to what an archive needs.

《行政许可法》第四十条, 《个人信息保护法》第四十七条: the record of a decision is kept with its
number, item, states and times; whose it was and what they told is not.
"""

from __future__ import annotations

from dataclasses import replace

from backend.cases import store
from backend.cases.model import FINAL, State
from backend.cases.record import Record, from_document, to_document
from backend.db import Transaction
from backend.document import Document
from backend.office import Office
from backend.people.at_rest import indexes_of
from backend.people.model import erased
from backend.personal.part import Part
from backend.personal.subject import Subject


async def personal(office: Office, subject: Subject) -> list[Document]:
    """Return the applications with everything that was filled in and every step."""
    found = await store.numbered(office.database, subject.cases)
    return [_copy(from_document(document, office.privacy)) for document in found]


async def erase(office: Office, subject: Subject) -> int:
    """Take out of each case who applied, what was told and written, and the papers."""
    erased = 0
    for number in subject.cases:

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
    """Return the cases of a subject's links and channel identities."""
    found = await store.of_owners(office.database, indexes_of(office.privacy, *subject.identities))
    for link in subject.links:
        found += await store.of_link(office.database, link)
    return [from_document(document, office.privacy) for document in found]


async def under_way(office: Office, subject: Subject) -> list[str]:
    """Return the numbers of the cases that somebody still has to decide."""
    found = await store.numbered(office.database, subject.cases)
    return [document["_id"] for document in found if State(document["state"]) not in FINAL]


def _bare(record: Record) -> Record:
    """Return the record as the archive keeps it, one version later."""
    case = record.case
    silent = tuple(replace(entry, why="") for entry in case.history)
    return replace(
        record.moved(replace(case, history=silent, missing=(), told=())),
        conversation_id="",
        identity=erased(record.number),
        link=None,
        fields={},
        media=(),
    )


def _copy(record: Record) -> Document:
    return {
        "number": record.number,
        "item": record.item_name,
        "department": record.department,
        "submitted_at": record.submitted_at,
        "state": record.case.state.value,
        "fields": {
            entry.label: record.fields[entry.name]
            for entry in record.form
            if entry.name in record.fields
        },
        "papers": [{"name": paper.name, "file": paper.media_id} for paper in record.media],
        "history": [
            {"step": entry.step.value, "state": entry.state.value, "at": entry.at, "why": entry.why}
            for entry in record.case.history
        ],
    }


PART = Part("cases", ("cases",), personal, erase)
