"""换钥匙 Indexes of cases, written anew under the first key."""

from __future__ import annotations

from backend.cases import store
from backend.cases.record import from_document
from backend.db import Transaction
from backend.document import Document
from backend.office import Inside, Office
from backend.people import service as people
from backend.people.at_rest import index_of
from backend.people.model import Link
from backend.rewriting import Tally


async def renew(office: Office) -> Tally:
    """Write every index of whose case it is anew that is of an earlier key."""

    def change(document: Document) -> Document | None:
        identity = from_document(document, office.privacy).identity
        index = index_of(office.privacy, identity.key)
        return {"$set": {"owner": index}} if document["owner"] != index else None

    return await store.renew(office.database, change)


async def relink(office: Inside, tx: Transaction, before: Link, after: Link) -> int:
    """Let the cases of a person know the phone by another index; return how many there were."""
    return await store.relink(office.database, tx, before, after)


async def phone_of(office: Office, link: Link) -> str | None:
    """Return the phone of a link in clear, where one of its cases still tells it."""
    for document in await store.of_link(office.database, link):
        phone = from_document(document, office.privacy).value_of("phone")
        if link.phone_index in people.phone_indexes(office, phone):
            return phone
    return None
