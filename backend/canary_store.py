"""Collection `office_canary`: one sealed document that is written and read to try the store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from backend.db import Database, Document

_ID = "office"
_SEALED_SINCE_EARLIER = {"messages": "body", "people": "sealed", "cases": "sealed"}


async def read(database: Database) -> Document | None:
    """Return the canary: `sealed`, and `marks` by setting."""
    return await database["office_canary"].find_one({"_id": _ID})


async def put(database: Database, sealed: bytes, marks: Document) -> None:
    """Write the canary; one that another process has written meanwhile stays."""
    first = {"$setOnInsert": {"sealed": sealed, "marks": marks}}
    await database["office_canary"].update_one({"_id": _ID}, first, upsert=True)


async def mark(database: Database, setting: str, marks: Sequence[str]) -> None:
    """Note what the keys of a setting, by which something is written, make of the canary."""
    query = {"_id": _ID, f"marks.{setting}": {"$ne": list(marks)}}
    change = {"$set": {f"marks.{setting}": list(marks)}}
    await database["office_canary"].update_one(query, change)


async def complete(database: Database, marks: Document) -> None:
    """Add the marks that a canary of an earlier version has none of; the others stay."""
    for setting, mark in marks.items():
        place = f"marks.{setting}"
        without = {"_id": _ID, place: {"$exists": False}}
        await database["office_canary"].update_one(without, {"$set": {place: mark}})


async def touch(database: Database) -> None:
    """Write something that the store has to keep."""
    now = {"$set": {"checked_at": datetime.now(UTC)}}
    await database["office_canary"].update_one({"_id": _ID}, now)


async def evidence(database: Database) -> list[bytes]:
    """Return something sealed of each kind, where a store is older than its canary."""
    found = [
        (await database[collection].find_one({}, {name: 1}) or {}).get(name)
        for collection, name in _SEALED_SINCE_EARLIER.items()
    ]
    return [sealed for sealed in found if sealed is not None]
