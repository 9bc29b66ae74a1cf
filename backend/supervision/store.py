"""Collection `access_log`."""

from __future__ import annotations

from pymongo import ASCENDING, IndexModel

from backend.db import Database, Document, Indexes

INDEXES: Indexes = {
    "access_log": [
        IndexModel([("staff_id", ASCENDING), ("at", ASCENDING)]),
        IndexModel([("entity", ASCENDING), ("entity_id", ASCENDING), ("at", ASCENDING)]),
    ]
}


async def insert(database: Database, document: Document) -> None:
    """Append one access; nothing here changes or deletes them."""
    await database["access_log"].insert_one(document)


async def of_entity(database: Database, entity: str, entity_id: str) -> list[Document]:
    """Return who looked at one entity, oldest first."""
    cursor = database["access_log"].find({"entity": entity, "entity_id": entity_id})
    return await cursor.sort("at", ASCENDING).to_list(1000)
