"""Collection `door_canary`: one sealed document that is written and read to try the store."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.db import Database, Document

_ID = "door"


async def read(database: Database) -> Document | None:
    """Return the canary: `sealed`, and `marks` by setting."""
    return await database["door_canary"].find_one({"_id": _ID})


async def put(database: Database, sealed: bytes, marks: Document) -> None:
    """Write the canary; one that another process has written meanwhile stays."""
    first = {"$setOnInsert": {"sealed": sealed, "marks": marks}}
    await database["door_canary"].update_one({"_id": _ID}, first, upsert=True)


async def mark(database: Database, setting: str, mark: str) -> None:
    """Note what a setting's key makes of the canary."""
    query = {"_id": _ID, f"marks.{setting}": {"$ne": mark}}
    await database["door_canary"].update_one(query, {"$set": {f"marks.{setting}": mark}})


async def complete(database: Database, marks: Document) -> None:
    """Add the marks that a canary of an earlier version has none of; the others stay."""
    for setting, mark in marks.items():
        place = f"marks.{setting}"
        without = {"_id": _ID, place: {"$exists": False}}
        await database["door_canary"].update_one(without, {"$set": {place: mark}})


async def touch(database: Database) -> None:
    """Write something that the store has to keep."""
    now = {"$set": {"checked_at": datetime.now(UTC)}}
    await database["door_canary"].update_one({"_id": _ID}, now)


async def evidence(database: Database) -> bytes | None:
    """Return something sealed, where a store is older than its canary."""
    row = await database["inbox"].find_one({}, {"body": 1})
    return row["body"] if row else None
