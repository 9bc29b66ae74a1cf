"""Collection `media` and the GridFS bucket of the same name, which holds sealed bytes only."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

from bson import ObjectId
from gridfs.errors import NoFile
from motor.motor_asyncio import AsyncIOMotorGridFSBucket

from backend.db import Database, Document, Indexes, Transaction, delete_each
from backend.media.model import Media

BUCKET = "media"
INDEXES: Indexes = {BUCKET: []}


async def put(database: Database, media: Media, sealed: bytes, facts: Document) -> None:
    """Keep the bytes first and the document that names them last."""
    bucket = AsyncIOMotorGridFSBucket(database, bucket_name=BUCKET)
    file_id = await bucket.upload_from_stream(media.id, sealed)
    await database[BUCKET].insert_one(
        {"_id": media.id, "mime": media.mime, "size": media.size, "file_id": file_id, **facts}
    )


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
            {"$addToSet": {"conversations": conversation_id}},
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


async def remove(database: Database, media_ids: Sequence[str]) -> int:
    """Remove files, the document that names the bytes last; return how many there were."""
    bucket = AsyncIOMotorGridFSBucket(database, bucket_name=BUCKET)
    for media_id in media_ids:
        async for stored in bucket.find({"filename": media_id}):
            # Gone already where another process carries out the same erasure.
            with contextlib.suppress(NoFile):
                await bucket.delete(stored._id)
    return await delete_each(database, BUCKET, {"_id": {"$in": list(media_ids)}})
