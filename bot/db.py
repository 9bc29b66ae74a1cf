"""The connection to MongoDB, and the indexes of the door's collections."""

from __future__ import annotations

import asyncio
from typing import Any

import structlog
from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorDatabase
from pymongo import ASCENDING, IndexModel
from pymongo.errors import ConnectionFailure

logger = structlog.get_logger(__name__)

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
        IndexModel([("untold", _UP)], sparse=True),
    ],
    "web_sessions": [
        IndexModel([("conversation_id", _UP)]),
        IndexModel([("forget_at", _UP)], expireAfterSeconds=0),
    ],
    "web_tickets": [IndexModel([("until", _UP)], expireAfterSeconds=0)],
    "web_media": [
        IndexModel([("state", _UP), ("at", _UP)]),
        IndexModel([("media_id", _UP)], sparse=True),
    ],
    "upload_days": [IndexModel([("expire_at", _UP)], expireAfterSeconds=0)],
    "wechat_qr_tickets": [IndexModel([("until", _UP)], expireAfterSeconds=0)],
    "passive_windows": [IndexModel([("expire_at", _UP)], expireAfterSeconds=0)],
    "callback_nonces": [IndexModel([("expire_at", _UP)], expireAfterSeconds=0)],
    "subscribe_consents": [IndexModel([("conversation_id", _UP), ("template", _UP)])],
    "wecom_welcomes": [IndexModel([("until", _UP)], expireAfterSeconds=3600)],
    "channel_identities": [
        IndexModel([("union", _UP)], sparse=True),
        IndexModel([("conversation_id", _UP)], sparse=True),
    ],
}


def connect(uri: str) -> Client:
    """Return a client that gives up on an absent server after two seconds."""
    return AsyncIOMotorClient(
        uri, tz_aware=True, serverSelectionTimeoutMS=2000, connectTimeoutMS=2000
    )


async def wait_until_there(database: Database, patience: float = 60.0) -> None:
    """Wait for a store that starts at the same time as we do, so that nobody has to start twice.

    Raises:
        ConnectionFailure: it is still away after `patience` seconds.
    """
    loop = asyncio.get_running_loop()
    end = loop.time() + patience
    while loop.time() < end and not await _answers(database):
        logger.warning("store.away")
    await database.command("ping")


async def _answers(database: Database) -> bool:
    """Say whether the store answers; one that is away is waited for for two seconds."""
    try:
        await database.command("ping")
    except ConnectionFailure:
        return False
    return True


async def ensure_indexes(database: Database) -> None:
    """Create what is missing; doing it again changes nothing."""
    for collection, indexes in _INDEXES.items():
        await database[collection].create_indexes(indexes)
