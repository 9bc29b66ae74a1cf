"""Fill a store with conversations: copies of a real one, so that every document has its shape."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Any

from pymongo import DESCENDING, MongoClient
from pymongo.collection import Collection
from pymongo.database import Database

Document = dict[str, Any]

BATCH = 500
# Where a conversation's documents are found, by the field that names it.
PLACES = {
    "mailboxes": "_id",
    "conversations": "_id",
    "trackers": "_id",
    "web_sessions": "conversation_id",
    "inbox": "conversation_id",
    "outbox": "conversation_id",
    "messages": "conversation_id",
}


def fill(uri: str, count: int, database: str = "paoyici") -> int:
    """Copy the newest conversation `count` times; return how many documents were written."""
    with MongoClient[Document](uri) as client:
        store = client[database]
        original = _newest(store)
        written = 0
        for name, field in PLACES.items():
            rows = list(store[name].find({field: original}))
            if not rows:
                raise RuntimeError(f"{name}: nothing of {original} to copy")
            written += _write(store[name], _copies(rows, original, count))
    return written


def _newest(store: Database[Document]) -> str:
    """Return the conversation that spoke last."""
    message = store["inbox"].find_one({}, sort=[("seq", DESCENDING)])
    if message is None:
        raise RuntimeError("nobody has spoken yet")
    return str(message["conversation_id"])


def _copies(rows: list[Document], original: str, count: int) -> Iterator[Document]:
    for number in range(count):
        name = f"filled-{number:07d}-{original}"
        for row in rows:
            copied = {
                key: value.replace(original, name) if isinstance(value, str) else value
                for key, value in row.items()
            }
            if copied["_id"] == row["_id"]:
                copied["_id"] = secrets.token_hex(16)
            yield copied


def _write(collection: Collection[Document], rows: Iterator[Document]) -> int:
    batch: list[Document] = []
    written = 0
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            collection.insert_many(batch, ordered=False)
            written += len(batch)
            batch = []
    if batch:
        collection.insert_many(batch, ordered=False)
    return written + len(batch)
