"""Collection `access_log`: appended to and read; nothing here changes or deletes."""

from __future__ import annotations

from dataclasses import asdict

from pymongo import ASCENDING, DESCENDING, IndexModel

from backend.db import Database, Document, Indexes
from backend.numbers import new_id
from backend.supervision.model import Access

INDEXES: Indexes = {
    "access_log": [
        IndexModel([("at", DESCENDING)]),
        IndexModel([("staff_id", ASCENDING), ("at", DESCENDING)]),
        IndexModel([("entity_id", ASCENDING), ("at", DESCENDING)]),
    ]
}
# A list is counted no further than its last page that can be asked for.
MOST_COUNTED = 10_000


async def insert(database: Database, access: Access) -> None:
    """Append one look."""
    await database["access_log"].insert_one({"_id": new_id(), **asdict(access)})


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
    return Access(**{name: value for name, value in document.items() if name != "_id"})
