"""事项库 The catalogue in MongoDB: versions lie side by side, one document says which is served."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
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


async def current(database: Database, jurisdiction: str | None = None) -> Document | None:
    """Return the version that is served: `{digest, version, pinned}`.

    Args:
        database: the office's.
        jurisdiction: whose; None for this district.
    """
    return await database["catalogue_versions"].find_one({"_id": _served_by(jurisdiction)})


async def put_items(database: Database, digest: str, items: Sequence[Item]) -> None:
    """Lay the items of a version beside the others; nobody sees them until it is current.

    A catalogue may be empty, as that of an office that begins with its own list.
    """
    if not items:
        return
    await database["catalogue_items"].bulk_write(
        [
            ReplaceOne(
                {"_id": _id(digest, item["code"])},
                {**item, "_id": _id(digest, item["code"]), "digest": digest},
                upsert=True,
            )
            for item in items
        ],
        ordered=False,
    )


async def drop_items(database: Database, digest: str) -> None:
    """Take away the items of a version that never came to be served."""
    await database["catalogue_items"].delete_many({"digest": digest})


async def count_items(database: Database, tx: Transaction, digest: str) -> int:
    """Return how many items of a version lie there."""
    return await database["catalogue_items"].count_documents({"digest": digest}, session=tx.session)


async def switch(
    database: Database,
    tx: Transaction,
    digest: str,
    summary: Document,
    at: datetime,
    *,
    jurisdiction: str | None = None,
    pinned: bool = False,
) -> str:
    """Make a version the one that is served and return its label, such as 2026.3.

    Args:
        database: the office's.
        tx: the transaction under way.
        digest: the version's content.
        summary: what the list of versions says about a new one.
        at: when.
        jurisdiction: whose catalogue it is; None for this district.
        pinned: somebody chose it, so changed files in `data/` do not replace it.
    """
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
            "jurisdiction": jurisdiction,
            **summary,
        }
        await versions.insert_one(known, session=tx.session)
    label = str(known["version"])
    served = {"digest": digest, "version": label, "switched_at": at, "pinned": pinned}
    await versions.replace_one(
        {"_id": _served_by(jurisdiction)}, served, upsert=True, session=tx.session
    )
    return label


async def version(database: Database, label: str) -> Document | None:
    """Return one imported version by its label."""
    year, _, ordinal = label.partition(".")
    if not (year.isdecimal() and ordinal.isdecimal()):
        return None
    query = {"year": int(year), "ordinal": int(ordinal)}
    return await database["catalogue_versions"].find_one(query)


async def known(database: Database, digest: str) -> Document | None:
    """Return the imported version with this content."""
    return await database["catalogue_versions"].find_one({"_id": digest})


async def versions(database: Database) -> list[Document]:
    """Return every imported version, newest first."""
    query = {"year": {"$gt": 0}}
    newest_first = [("year", DESCENDING), ("ordinal", DESCENDING)]
    return await database["catalogue_versions"].find(query).sort(newest_first).to_list(200)


async def item(database: Database, digest: str, code: str) -> Item | None:
    """Return one item of a version."""
    return await database["catalogue_items"].find_one({"_id": _id(digest, code)})


async def items_of(database: Database, digest: str, codes: Sequence[str]) -> list[Item]:
    """Return those items of a version that exist, in the order of `codes`."""
    ids = [_id(digest, code) for code in codes]
    cursor = database["catalogue_items"].find({"_id": {"$in": ids}})
    found = {item["code"]: item async for item in cursor}
    return [found[code] for code in codes if code in found]


async def items(
    database: Database, digest: str, department: str | None = None
) -> AsyncIterator[Item]:
    """Give the items of a version, by code, without their elements."""
    shown = dict.fromkeys(
        (
            "code",
            "name",
            "department",
            "mode",
            "promised_working_days",
            "instant",
            "aliases",
            "status",
        ),
        1,
    )
    query = {} if department is None else {"department": department}
    async for found in (
        database["catalogue_items"]
        .find({"digest": digest, "code": {"$gte": ""}, **query}, shown)
        .sort("code", ASCENDING)
    ):
        yield found


async def phones(database: Database, digest: str) -> frozenset[str]:
    """Return the phones of the departments that stand in a version."""
    query: Document = {"digest": digest, "code": {"$gte": ""}}
    found = database["catalogue_items"].find(query, {"department_phone": 1})
    numbers = {item.get("department_phone") async for item in found}
    return frozenset(str(number) for number in numbers - {None})


async def whole_items(database: Database, digest: str) -> AsyncIterator[Item]:
    """Give the items of a version, by code, with everything in them."""
    query: Document = {"digest": digest, "code": {"$gte": ""}}
    async for found in database["catalogue_items"].find(query).sort("code", ASCENDING):
        yield found


def _id(digest: str, code: str) -> str:
    return f"{digest}:{code}"


def _served_by(jurisdiction: str | None) -> str:
    return CURRENT if jurisdiction is None else f"{CURRENT}:{jurisdiction}"
