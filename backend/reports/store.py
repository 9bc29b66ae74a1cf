"""Collections `reports` and `report_alarms` (the newest report of a conversation and a danger)."""

from __future__ import annotations

from collections.abc import Sequence

from pymongo import ASCENDING, DESCENDING, IndexModel

from backend import rewriting
from backend.db import Database, Document, Indexes, Transaction, delete_each
from backend.people.model import Link
from backend.reports.order import ENDED_FROM
from backend.rewriting import Change, Tally, rewrite

INDEXES: Indexes = {
    "reports": [
        IndexModel([("reporter", ASCENDING), ("registered_at", DESCENDING)]),
        IndexModel([("person_id", ASCENDING), ("registered_at", DESCENDING)]),
        IndexModel([("state", ASCENDING), ("rank", ASCENDING)]),
        IndexModel([("owner", ASCENDING), ("state", ASCENDING)]),
        IndexModel([("rank", ASCENDING)]),
        IndexModel([("media_ids", ASCENDING)]),
        IndexModel([("note_media_ids", ASCENDING)]),
    ],
    "report_alarms": [],
}
MOST_OWN = 50
MOST_WITH_FILE = 50
# The embedded server reads the whole range that it sorts, and the open ones are few.
_OPEN: Document = {"rank": {"$gt": "", "$lt": ENDED_FROM}}
_ENDED: Document = {"rank": {"$gte": ENDED_FROM}}


async def insert(database: Database, tx: Transaction, document: Document) -> None:
    """Add a report."""
    await database["reports"].insert_one(document, session=tx.session)


async def replace(database: Database, tx: Transaction, document: Document) -> bool:
    """Write a report's next version; False when somebody else wrote it first."""
    result = await database["reports"].replace_one(
        {"_id": document["_id"], "version": document["version"] - 1}, document, session=tx.session
    )
    return result.modified_count == 1


async def get(database: Database, number: str, tx: Transaction | None = None) -> Document | None:
    """Return one report."""
    session = tx.session if tx else None
    return await database["reports"].find_one({"_id": number}, session=session)


async def owned(database: Database, reporters: Sequence[str], link: Link | None) -> list[Document]:
    """Return the reports an identity made, or proved to be the maker of, newest first.

    Args:
        database: the office's.
        reporters: the indexes by which the identity may be found.
        link: whom it proved to be.
    """
    queries: list[Document] = [{"reporter": reporter} for reporter in reporters]
    if link is not None:
        queries.append({"person_id": link.person_id, "phone_index": link.phone_index})
    found: dict[str, Document] = {}
    for query in queries:
        cursor = database["reports"].find(query).sort("registered_at", DESCENDING).limit(MOST_OWN)
        found |= {document["_id"]: document for document in await cursor.to_list(MOST_OWN)}
    return sorted(found.values(), key=lambda document: document["registered_at"], reverse=True)


async def of_link(database: Database, link: Link) -> list[Document]:
    """Return every report of a person with a phone."""
    query = {"person_id": link.person_id, "phone_index": link.phone_index}
    return await database["reports"].find(query).to_list(None)


async def of_reporters(database: Database, reporters: Sequence[str]) -> list[Document]:
    """Return every report that channel identities made, by the identities' indexes."""
    return await database["reports"].find({"reporter": {"$in": list(reporters)}}).to_list(None)


async def numbered(database: Database, numbers: Sequence[str]) -> list[Document]:
    """Return the reports of these numbers."""
    return await database["reports"].find({"_id": {"$in": list(numbers)}}).to_list(None)


async def with_file(database: Database, media_id: str) -> list[str]:
    """Return the numbers of reports that a file came with, at once or in a note."""
    numbers: dict[str, None] = {}
    for place in ("media_ids", "note_media_ids"):
        found = database["reports"].find({place: media_id}, {"_id": 1})
        numbers |= dict.fromkeys([row["_id"] for row in await found.to_list(MOST_WITH_FILE)])
    return list(numbers)


async def page(
    database: Database, state: str | None, skip: int, limit: int
) -> tuple[list[Document], int]:
    """Return one page of the desk's list by `rank`, and how many there are in all."""
    query: Document = {} if state is None else {"state": state}
    reports = database["reports"]
    documents = await _stretch(database, query | _OPEN, skip, limit)
    if len(documents) < limit:
        past = max(skip - await reports.count_documents(query | _OPEN), 0)
        documents += await _stretch(database, query | _ENDED, past, limit - len(documents))
    return documents, await reports.count_documents(query)


async def _stretch(database: Database, query: Document, skip: int, limit: int) -> list[Document]:
    cursor = database["reports"].find(query).sort("rank", ASCENDING).skip(skip).limit(limit)
    return await cursor.to_list(limit)


async def unranked(database: Database, limit: int) -> list[Document]:
    """Return reports of an earlier version of the house, which the list cannot place yet."""
    return await database["reports"].find({"rank": None}).limit(limit).to_list(limit)


async def give_rank(database: Database, number: str, version: int, rank: str) -> None:
    """Write where a report stands in the list, unless it was written anew meanwhile."""
    query = {"_id": number, "version": version}
    await database["reports"].update_one(query, {"$set": {"rank": rank}})


async def alarm(
    database: Database, tx: Transaction, conversation_id: str, danger: str
) -> str | None:
    """Return the number of the newest report of a conversation and a kind of danger."""
    query = {"_id": f"{conversation_id}:{danger}"}
    found = await database["report_alarms"].find_one(query, session=tx.session)
    return found["number"] if found else None


async def remember_alarm(
    database: Database, tx: Transaction, conversation_id: str, danger: str, number: str
) -> None:
    """Write down the newest report of a conversation and a kind of danger."""
    query, newest = {"_id": f"{conversation_id}:{danger}"}, {"$set": {"number": number}}
    await database["report_alarms"].update_one(query, newest, upsert=True, session=tx.session)


async def forget_alarms(database: Database, numbers: Sequence[str]) -> int:
    """Forget of which conversations these reports are the newest."""
    return await delete_each(database, "report_alarms", {"number": {"$in": list(numbers)}})


async def seal_identities(database: Database, sealed: Change) -> None:
    """Write the reports anew that say in clear whose they are; done again it changes nothing.

    Args:
        database: the office's.
        sealed: makes a report's update.
    """
    await rewrite(database, "reports", {"identity": {"$type": "object"}}, sealed)


async def renew(database: Database, change: Change) -> Tally:
    """Write the reports anew for which `change` makes an update."""
    return await rewrite(database, "reports", {}, change)


async def relink(database: Database, tx: Transaction, before: Link, after: Link) -> int:
    """Let the reports of a person know the phone by another index; return how many there were."""
    return await rewriting.relink(database, "reports", tx, before, after)
