"""换钥匙 Indexes of reports, written anew under the first key."""

from __future__ import annotations

from backend.db import Transaction
from backend.document import Document
from backend.office import Inside, Office
from backend.people.at_rest import index_of
from backend.people.model import Link
from backend.reports import store
from backend.reports.record import from_document
from backend.rewriting import Tally


async def renew(office: Office) -> Tally:
    """Write every index of whose report it is anew that is of an earlier key."""

    def change(document: Document) -> Document | None:
        identity = from_document(document, office.privacy).identity
        index = index_of(office.privacy, identity.key)
        return {"$set": {"reporter": index}} if document["reporter"] != index else None

    return await store.renew(office.database, change)


async def relink(office: Inside, tx: Transaction, before: Link, after: Link) -> int:
    """Let the reports of a person know the phone by another index; return how many there were."""
    return await store.relink(office.database, tx, before, after)
