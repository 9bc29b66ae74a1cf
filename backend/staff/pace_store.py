"""Collection `staff_pace`: tries to log in by minute and hashed place, right or wrong."""

from __future__ import annotations

from datetime import datetime

from pymongo import ASCENDING, IndexModel
from pymongo.errors import DuplicateKeyError

from backend.db import Database, Document, Indexes

INDEXES: Indexes = {"staff_pace": [IndexModel([("expires_at", ASCENDING)], expireAfterSeconds=0)]}


async def take(database: Database, identifier: str, most: int, expires_at: datetime) -> bool:
    """Count one try more, unless there were `most`; say whether it was counted."""
    # Two first tries at once: the second look meets the document that the other one made.
    return await _count(database, identifier, most, expires_at) or await _count(
        database, identifier, most, expires_at
    )


async def _count(database: Database, identifier: str, most: int, expires_at: datetime) -> bool:
    left = {"_id": identifier, "tries": {"$lt": most}}
    change: Document = {"$inc": {"tries": 1}, "$setOnInsert": {"expires_at": expires_at}}
    try:
        await database["staff_pace"].update_one(left, change, upsert=True)
    except DuplicateKeyError:
        return False
    return True
