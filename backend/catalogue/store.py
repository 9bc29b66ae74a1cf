"""事项库 The catalogue in MongoDB: versions lie side by side, one document says which is served."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pymongo import ASCENDING, DESCENDING, IndexModel, ReplaceOne

from backend.catalogue.model import Item
from backend.db import Database, Document, Indexes, Transaction

INDEXES: Indexes = {
    "catalogue_items": [
        IndexModel([("digest", ASCENDING), ("code", ASCENDING)], unique=True),
    ],
    "catalogue_versions": [IndexModel([("year", DESCENDING), ("ordinal", DESCENDING)])],
}
CURRENT = "current"


async def current(database: Database, tx: Transaction | None = None) -> Document | None:
    """Return the version that is served: `{digest, version}`."""
    session = tx.session if tx else None
    return await database["catalogue_versions"].find_one({"_id": CURRENT}, session=session)


async def put_items(database: Database, digest: str, items: Sequence[Item]) -> None:
    """Lay the items of a version beside the others; nobody sees them until it is current."""
    await database["catalogue_items"].bulk_write(
        [
            ReplaceOne(
                {"_id": f"{digest}:{item['code']}"},
                {**item, "_id": f"{digest}:{item['code']}", "digest": digest},
                upsert=True,
            )
            for item in items
        ],
        ordered=False,
    )


async def switch(
    database: Database, tx: Transaction, digest: str, summary: Document, at: datetime
) -> str:
    """Make a version the one that is served and return its label, such as 2026.3."""
    versions = database["catalogue_versions"]
    known = await versions.find_one({"_id": digest}, session=tx.session)
    if known is None:
        query = {"year": at.year}
        earlier = await versions.count_documents(query, session=tx.session)
        known = {
            "_id": digest,
            "version": f"{at.year}.{earlier + 1}",
            "year": at.year,
            "ordinal": earlier + 1,
            "imported_at": at,
            **summary,
        }
        await versions.insert_one(known, session=tx.session)
    await versions.replace_one(
        {"_id": CURRENT},
        {"_id": CURRENT, "digest": digest, "version": known["version"], "switched_at": at},
        upsert=True,
        session=tx.session,
    )
    return str(known["version"])


async def versions(database: Database) -> list[Document]:
    """Return every imported version, newest first."""
    query = {"year": {"$gt": 0}}
    newest_first = [("year", DESCENDING), ("ordinal", DESCENDING)]
    return await database["catalogue_versions"].find(query).sort(newest_first).to_list(200)


async def item(database: Database, digest: str, code: str) -> Item | None:
    """Return one item of a version."""
    return await database["catalogue_items"].find_one({"digest": digest, "code": code})


async def items(database: Database, digest: str, department: str | None) -> list[Item]:
    """Return the items of a version, by code, without their elements."""
    query: Document = {"digest": digest, "code": {"$gte": ""}}
    if department is not None:
        query["department"] = department
    shown = dict.fromkeys(
        ("code", "name", "department", "mode", "promised_working_days", "aliases", "status"), 1
    )
    return await database["catalogue_items"].find(query, shown).sort("code", 1).to_list(2000)
