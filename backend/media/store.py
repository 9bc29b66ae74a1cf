"""Collection `media` and the GridFS bucket of the same name, which holds sealed bytes only."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from datetime import datetime

from bson import ObjectId
from gridfs.errors import NoFile
from motor.motor_asyncio import AsyncIOMotorGridFSBucket
from pymongo import ASCENDING, IndexModel

from backend.db import Database, Document, Indexes, Transaction, delete_each
from backend.media.model import Media

BUCKET = "media"
INDEXES: Indexes = {BUCKET: [IndexModel([("unsent", ASCENDING)], sparse=True)]}


async def put(database: Database, media: Media, sealed: bytes, facts: Document) -> None:
    """Keep a file that is `unsent`: the document first, so that no bytes lie without a name.

    Nobody knows its id before this ends; what a process that died left of it is found by its mark.
    """
    bucket = AsyncIOMotorGridFSBucket(database, bucket_name=BUCKET)
    file_id = ObjectId()
    named = {"_id": media.id, "mime": media.mime, "size": media.size, "file_id": file_id}
    await database[BUCKET].insert_one({**named, "unsent": True, **facts})
    await bucket.upload_from_stream_with_id(file_id, media.id, sealed)


async def get(database: Database, media_id: str) -> Document | None:
    """Return the document of a file."""
    return await database[BUCKET].find_one({"_id": media_id})


async def add_conversation(
    database: Database, tx: Transaction, media_ids: Sequence[str], conversation_id: str
) -> None:
    """Add a conversation to those that files were sent in."""
    for media_id in media_ids:
        await database[BUCKET].update_one(
            {"_id": media_id},
            {"$addToSet": {"conversations": conversation_id}, "$unset": {"unsent": ""}},
            session=tx.session,
        )


async def sealed_bytes(database: Database, file_id: ObjectId) -> bytes:
    """Return the sealed bytes of a file."""
    bucket = AsyncIOMotorGridFSBucket(database, bucket_name=BUCKET)
    stream = await bucket.open_download_stream(file_id)
    content: bytes = await stream.read()
    return content


async def known(database: Database, media_ids: Sequence[str]) -> dict[str, str]:
    """Return the MIME types of those files that exist."""
    found = database[BUCKET].find({"_id": {"$in": list(media_ids)}}, {"mime": 1})
    return {document["_id"]: document["mime"] for document in await found.to_list(len(media_ids))}


async def unsent(database: Database, before: datetime, after: str, limit: int) -> list[str]:
    """Return files that were sent in no talk, kept until `before`, by id from `after` on."""
    query = {"unsent": True, "at": {"$lte": before}, "_id": {"$gt": after}}
    found = database[BUCKET].find(query, {"_id": 1}).sort("_id", ASCENDING).limit(limit)
    return [row["_id"] async for row in found]


async def remove(database: Database, media_ids: Sequence[str]) -> int:
    """Remove files, the document that names the bytes last; return how many there were."""
    bucket = AsyncIOMotorGridFSBucket(database, bucket_name=BUCKET)
    found = database[BUCKET].find({"_id": {"$in": list(media_ids)}}, {"file_id": 1})
    async for row in found:
        # Its bytes may have come in part only, or somebody else removes them at the same time.
        with contextlib.suppress(NoFile):
            await bucket.delete(row["file_id"])
    return await delete_each(database, BUCKET, {"_id": {"$in": list(media_ids)}})
