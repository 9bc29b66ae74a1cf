"""Collection `access_log`: appended to and read; nothing here deletes or changes what it says."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime

from pymongo import ASCENDING, DESCENDING, IndexModel

from backend.db import Database, Document, Indexes, Transaction
from backend.numbers import counted
from backend.supervision.model import START, Access, Link

INDEXES: Indexes = {
    "access_log": [
        IndexModel([("at", DESCENDING)]),
        IndexModel([("staff_id", ASCENDING), ("at", DESCENDING)]),
        IndexModel([("entity_id", ASCENDING), ("at", DESCENDING)]),
    ]
}
# A list is counted no further than its last page that can be asked for.
MOST_COUNTED = 10_000
BATCH = 1000
_NO_MOMENT = datetime.fromtimestamp(0, UTC)


async def insert(database: Database, tx: Transaction, access: Access, link: Link) -> None:
    """Append one look in its place."""
    # The number is the id, so that no place is taken twice.
    document = {"_id": _id(link.seq), "seq": link.seq, "mac": link.mac, **asdict(access)}
    await database["access_log"].insert_one(document, session=tx.session)


async def mac_at(database: Database, tx: Transaction, seq: int) -> str:
    """Return the mac of a record; empty before the first, and where it was removed."""
    document = await database["access_log"].find_one({"_id": _id(seq)}, session=tx.session)
    return _link(document).mac if document else START.mac


async def reasons(
    database: Database, tx: Transaction, staff_id: str, now: datetime, limit: int
) -> list[str]:
    """Return the reasons that an account gave last, newest first."""
    # The bound on the time lets the embedded server read its index in order.
    query = {"staff_id": staff_id, "at": {"$lte": now}, "why": {"$gt": ""}}
    cursor = database["access_log"].find(query, session=tx.session).sort("at", DESCENDING)
    return [_said(document, "why") for document in await cursor.limit(limit).to_list(limit)]


async def extent(database: Database, tx: Transaction, counter: str) -> tuple[int, int]:
    """Return the last number that was given and how many records there are, of one moment."""
    rows = await database["access_log"].count_documents({}, session=tx.session)
    return await counted(database, counter, tx), rows


async def numbered(database: Database, begins: int, ends: int) -> list[tuple[Access, Link] | None]:
    """Return what stands at each number from one to another; None where nothing does."""
    ids = [_id(seq) for seq in range(begins, ends + 1)]
    documents = await database["access_log"].find({"_id": {"$in": ids}}).to_list(len(ids))
    found = {document["_id"]: (_access(document), _link(document)) for document in documents}
    return [found.get(identifier) for identifier in ids]


async def vouch_anew(database: Database, link: Link, mac: str) -> bool:
    """Put another mac in the place of a record's, which is kept beside it."""
    query = {"_id": _id(link.seq), "mac": link.mac}
    change = {"$set": {"mac": mac}, "$push": {"earlier": link.mac}}
    return bool((await database["access_log"].update_one(query, change)).matched_count)


async def page(
    database: Database, staff_id: str | None, entity_id: str | None, skip: int, limit: int
) -> tuple[list[Access], int]:
    """Return one page of looks, newest first, and how many there are up to `MOST_COUNTED`."""
    wanted = {"staff_id": staff_id, "entity_id": entity_id}
    query = {name: value for name, value in wanted.items() if value is not None}
    cursor = database["access_log"].find(query).sort("at", DESCENDING)
    documents = await cursor.skip(skip).limit(limit).to_list(limit)
    total = await database["access_log"].count_documents(query, limit=MOST_COUNTED)
    return [_access(document) for document in documents], total


def _id(seq: int) -> str:
    return f"{seq:012d}"


def _access(document: Document) -> Access:
    """Return a record; what somebody made unreadable is told as empty, so that the rest is told."""
    at = document.get("at")
    return Access(
        staff_id=_said(document, "staff_id"),
        action=_said(document, "action"),
        entity=_said(document, "entity"),
        entity_id=_said(document, "entity_id"),
        at=at if isinstance(at, datetime) else _NO_MOMENT,
        why=_said(document, "why"),
    )


def _link(document: Document) -> Link:
    seq = document.get("seq")
    earlier = tuple(str(mac) for mac in document.get("earlier", ()))
    return Link(seq if isinstance(seq, int) else START.seq, _said(document, "mac"), earlier)


def _said(document: Document, name: str) -> str:
    return str(document.get(name, ""))
