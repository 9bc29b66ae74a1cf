"""Collection `cases`."""

from __future__ import annotations

from collections.abc import Sequence

from pymongo import ASCENDING, DESCENDING, IndexModel

from backend import rewriting
from backend.db import Database, Document, Indexes, Transaction
from backend.people.model import Link
from backend.rewriting import Change, Tally, rewrite

INDEXES: Indexes = {
    "cases": [
        IndexModel([("owner", ASCENDING), ("submitted_at", DESCENDING)]),
        IndexModel([("person_id", ASCENDING), ("submitted_at", DESCENDING)]),
        IndexModel([("state", ASCENDING), ("submitted_at", DESCENDING)]),
        IndexModel([("submitted_at", DESCENDING)]),
        IndexModel([("media.media_id", ASCENDING)]),
    ]
}
MOST_OWN = 50
# A file goes into one case, or into a few that were handed in with the same paper.
MOST_WITH_FILE = 50


async def insert(database: Database, tx: Transaction, document: Document) -> None:
    """Add a case."""
    await database["cases"].insert_one(document, session=tx.session)


async def replace(database: Database, tx: Transaction, document: Document) -> bool:
    """Write a case's next version; False when somebody else wrote it first."""
    result = await database["cases"].replace_one(
        {"_id": document["_id"], "version": document["version"] - 1}, document, session=tx.session
    )
    return result.modified_count == 1


async def get(database: Database, number: str, tx: Transaction | None = None) -> Document | None:
    """Return one case."""
    session = tx.session if tx else None
    return await database["cases"].find_one({"_id": number}, session=session)


async def owned(database: Database, owners: Sequence[str], link: Link | None) -> list[Document]:
    """Return the cases that an identity handed in or proved to be the applicant of, newest first.

    Look-ups by index instead of one `$or`, which the embedded server answers by a scan.

    Args:
        database: the office's.
        owners: the indexes by which the identity may be found.
        link: whom it proved to be.
    """
    queries: list[Document] = [{"owner": owner} for owner in owners]
    if link is not None:
        queries.append({"person_id": link.person_id, "phone_index": link.phone_index})
    found: dict[str, Document] = {}
    for query in queries:
        cursor = database["cases"].find(query).sort("submitted_at", DESCENDING).limit(MOST_OWN)
        found |= {document["_id"]: document for document in await cursor.to_list(MOST_OWN)}
    return sorted(found.values(), key=lambda document: document["submitted_at"], reverse=True)


async def of_link(database: Database, link: Link) -> list[Document]:
    """Return every case of a person with a phone."""
    query = {"person_id": link.person_id, "phone_index": link.phone_index}
    return await database["cases"].find(query).to_list(None)


async def of_owners(database: Database, owners: Sequence[str]) -> list[Document]:
    """Return every case that channel identities handed in, by the identities' indexes."""
    return await database["cases"].find({"owner": {"$in": list(owners)}}).to_list(None)


async def numbered(database: Database, numbers: Sequence[str]) -> list[Document]:
    """Return the cases of these numbers."""
    return await database["cases"].find({"_id": {"$in": list(numbers)}}).to_list(None)


async def with_file(database: Database, media_id: str) -> list[str]:
    """Return the numbers of cases that have a file among their papers."""
    found = database["cases"].find({"media.media_id": media_id}, {"_id": 1})
    return [row["_id"] for row in await found.to_list(MOST_WITH_FILE)]


async def page(
    database: Database, state: str | None, skip: int, limit: int
) -> tuple[list[Document], int]:
    """Return one page of the desk's list, newest first, and how many there are in all."""
    query: Document = {} if state is None else {"state": state}
    cursor = database["cases"].find(query).sort("submitted_at", DESCENDING)
    documents = await cursor.skip(skip).limit(limit).to_list(limit)
    return documents, await database["cases"].count_documents(query)


async def returned(database: Database) -> list[Document]:
    """Return every case that waits for its supplement."""
    return await database["cases"].find({"state": "returned"}).to_list(None)


async def seal_identities(database: Database, sealed: Change) -> None:
    """Write the cases anew that say in clear whose they are; done again it changes nothing.

    Args:
        database: the office's.
        sealed: makes a case's update.
    """
    await rewrite(database, "cases", {"identity": {"$type": "object"}}, sealed)


async def renew(database: Database, change: Change) -> Tally:
    """Write the cases anew for which `change` makes an update."""
    return await rewrite(database, "cases", {}, change)


async def relink(database: Database, tx: Transaction, before: Link, after: Link) -> int:
    """Let the cases of a person know the phone by another index; return how many there were."""
    return await rewriting.relink(database, "cases", tx, before, after)
