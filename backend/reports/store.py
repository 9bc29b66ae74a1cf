"""Collection `reports`."""

from __future__ import annotations

from pymongo import ASCENDING, DESCENDING, IndexModel

from backend.db import Database, Document, Indexes, Transaction
from backend.people.model import Identity, Link

INDEXES: Indexes = {
    "reports": [
        IndexModel([("reporter", ASCENDING), ("registered_at", DESCENDING)]),
        IndexModel([("person_id", ASCENDING), ("registered_at", DESCENDING)]),
        IndexModel([("state", ASCENDING), ("registered_at", DESCENDING)]),
        IndexModel([("owner", ASCENDING), ("state", ASCENDING)]),
        IndexModel([("registered_at", DESCENDING)]),
    ]
}
MOST_OWN = 50


async def insert(database: Database, tx: Transaction, document: Document) -> None:
    """Add a report."""
    await database["reports"].insert_one(document, session=tx.session)


async def replace(database: Database, tx: Transaction, document: Document) -> bool:
    """Write a report's next version; False when somebody else wrote it first."""
    result = await database["reports"].replace_one(
        {"_id": document["_id"], "version": document["version"] - 1}, document, session=tx.session
    )
    return result.modified_count == 1


async def get(database: Database, number: str, tx: Transaction | None = None) -> Document | None:
    """Return one report."""
    session = tx.session if tx else None
    return await database["reports"].find_one({"_id": number}, session=session)


async def owned(database: Database, identity: Identity, link: Link | None) -> list[Document]:
    """Return the reports an identity made, or proved to be the maker of, newest first."""
    queries: list[Document] = [{"reporter": identity.key}]
    if link is not None:
        queries.append({"person_id": link.person_id, "phone_index": link.phone_index})
    found: dict[str, Document] = {}
    for query in queries:
        cursor = database["reports"].find(query).sort("registered_at", DESCENDING).limit(MOST_OWN)
        found |= {document["_id"]: document for document in await cursor.to_list(MOST_OWN)}
    return sorted(found.values(), key=lambda document: document["registered_at"], reverse=True)


async def page(
    database: Database, state: str | None, skip: int, limit: int
) -> tuple[list[Document], int]:
    """Return one page of the desk's list, newest first, and how many there are in all."""
    query: Document = {} if state is None else {"state": state}
    cursor = database["reports"].find(query).sort("registered_at", DESCENDING)
    documents = await cursor.skip(skip).limit(limit).to_list(limit)
    return documents, await database["reports"].count_documents(query)
