"""Collection `access_log`: appended to and read; nothing here changes or deletes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import asdict

from pymongo import ASCENDING, DESCENDING, IndexModel

from backend.db import Database, Document, Indexes, Transaction
from backend.supervision.model import START, Access, Link

INDEXES: Indexes = {
    "access_log": [
        IndexModel([("at", DESCENDING)]),
        IndexModel([("seq", ASCENDING)]),
        IndexModel([("staff_id", ASCENDING), ("at", DESCENDING)]),
        IndexModel([("entity_id", ASCENDING), ("at", DESCENDING)]),
    ]
}
# A list is counted no further than its last page that can be asked for.
MOST_COUNTED = 10_000
BATCH = 1000


async def insert(database: Database, tx: Transaction, access: Access, link: Link) -> None:
    """Append one look in its place."""
    # The number is the id, so that no place is taken twice.
    document = {"_id": f"{link.seq:012d}", **asdict(link), **asdict(access)}
    await database["access_log"].insert_one(document, session=tx.session)


async def mac_at(database: Database, tx: Transaction, seq: int) -> str:
    """Return the mac of a record; empty before the first, and where it was removed."""
    query = {"_id": f"{seq:012d}"}
    document = await database["access_log"].find_one(query, session=tx.session)
    return str(document["mac"]) if document else START.mac


async def chain(database: Database) -> AsyncIterator[tuple[Access, Link]]:
    """Give all records in the order of their numbers."""
    last = START.seq
    while True:
        cursor = database["access_log"].find({"seq": {"$gt": last}}).sort("seq", ASCENDING)
        documents = await cursor.limit(BATCH).to_list(BATCH)
        for document in documents:
            yield _access(document), Link(document["seq"], document["mac"])
        if len(documents) < BATCH:
            return
        last = documents[-1]["seq"]


async def strangers(database: Database) -> int:
    """Return how many records have no number."""
    return int(await database["access_log"].count_documents({"seq": None}))


async def page(
    database: Database, staff_id: str | None, entity_id: str | None, skip: int, limit: int
) -> tuple[list[Access], int]:
    """Return one page of looks, newest first, and how many there are up to `MOST_COUNTED`."""
    wanted = {"staff_id": staff_id, "entity_id": entity_id}
    query = {name: value for name, value in wanted.items() if value is not None}
    cursor = database["access_log"].find(query).sort("at", DESCENDING)
    documents = await cursor.skip(skip).limit(limit).to_list(limit)
    total = await database["access_log"].count_documents(query, limit=MOST_COUNTED)
    return [_access(document) for document in documents], total


def _access(document: Document) -> Access:
    return Access(**{name: document[name] for name in Access.__slots__})
