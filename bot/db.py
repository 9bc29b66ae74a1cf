"""The connection to MongoDB, and the indexes of the door's collections."""

from __future__ import annotations

from typing import Any

from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorDatabase
from pymongo import ASCENDING, IndexModel

Document = dict[str, Any]
Database = AsyncIOMotorDatabase[Document]
Client = AsyncIOMotorClient[Document]

_UP = ASCENDING
_INDEXES: dict[str, list[IndexModel]] = {
    "inbox": [
        IndexModel([("state", _UP), ("due_at", _UP)]),
        IndexModel([("conversation_id", _UP), ("state", _UP), ("seq", _UP)]),
    ],
    "outbox": [
        IndexModel([("state", _UP), ("next_try_at", _UP)]),
        IndexModel([("conversation_id", _UP), ("state", _UP), ("order", _UP)]),
        IndexModel([("inbox_id", _UP)]),
    ],
}


def connect(uri: str) -> Client:
    """Return a client that gives up on an absent server after two seconds."""
    return AsyncIOMotorClient(
        uri, tz_aware=True, serverSelectionTimeoutMS=2000, connectTimeoutMS=2000, retryWrites=True
    )


async def ensure_indexes(database: Database) -> None:
    """Create what is missing; doing it again changes nothing."""
    for collection, indexes in _INDEXES.items():
        await database[collection].create_indexes(indexes)
