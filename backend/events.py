"""What happened, when, by whom and why: one append-only document for every change of state."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from pymongo import ASCENDING, IndexModel, UpdateOne

from backend.db import Database, Document, Indexes, Transaction
from backend.numbers import count, counted, new_id
from backend.privacy import Privacy, mask_text

INDEXES: Indexes = {
    "events": [
        IndexModel([("position", ASCENDING)], unique=True),
        IndexModel(
            [("entity", ASCENDING), ("entity_id", ASCENDING), ("seq", ASCENDING)], unique=True
        ),
    ]
}
WAKEUP = "events"
_SEALED_UP_TO = "events sealed"
_AT_A_TIME = 500


@dataclass(frozen=True, slots=True)
class Who:
    """Whoever caused an event.

    Attributes:
        id: of an account, a user of the machine or a conversation.
        sealed: instead of it, who a citizen is to their channel.
    """

    kind: Literal["citizen", "staff", "system"]
    id: str | None = None
    sealed: bytes | None = None


SYSTEM = Who("system")


@dataclass(frozen=True, slots=True)
class Event:
    """One change of one entity; `data` holds states and ids, never personal data.

    `why` is masked when it is written. `key` makes it idempotent: a second event of the same key
    is the same event.
    """

    entity: Literal[
        "case", "report", "handoff", "person", "staff", "conversation", "personal", "catalogue"
    ]
    entity_id: str
    type: str
    who: Who
    at: datetime
    why: str | None = None
    data: Document = field(default_factory=dict)
    key: str | None = None


async def emit(database: Database, tx: Transaction, event: Event) -> None:
    """Append `event` in the transaction that makes the change it tells of.

    `seq` counts within the entity, `position` over all events and in the order of commits, so a
    reader that goes on after the last position it saw misses nothing.
    """
    events = database["events"]
    identifier = event.key or new_id()
    if event.key and await events.find_one({"_id": identifier}, session=tx.session):
        return
    await events.insert_one(
        {
            "_id": identifier,
            "position": await count(database, tx, "events"),
            "entity": event.entity,
            "entity_id": event.entity_id,
            "seq": await count(database, tx, f"events:{event.entity}:{event.entity_id}"),
            "type": event.type,
            "who": {"kind": event.who.kind, "id": event.who.sealed or event.who.id},
            "at": event.at,
            "why": mask_text(event.why) if event.why else None,
            "data": event.data,
        },
        session=tx.session,
    )
    tx.wakeups.add(WAKEUP)


async def history(
    database: Database, entity: str, entity_id: str, tx: Transaction | None = None
) -> list[Document]:
    """Return the events of one entity, oldest first."""
    query = {"entity": entity, "entity_id": entity_id, "seq": {"$gt": 0}}
    cursor = database["events"].find(query, session=tx.session if tx else None).sort("seq", 1)
    return await cursor.to_list(1000)


async def forget(database: Database, entity: str, entity_id: str) -> int:
    """Take out of an entity's events which citizen caused them and why; return how many."""
    query = {"entity": entity, "entity_id": entity_id, "seq": {"$gt": 0}}
    writes: list[UpdateOne] = []
    async for event in database["events"].find(query, {"who": 1}):
        change: Document = {"$set": {"why": None}, "$unset": {"data.conversation_id": ""}}
        if event["who"]["kind"] == "citizen":
            change["$set"]["who.id"] = None
        writes.append(UpdateOne({"_id": event["_id"]}, change))
    if writes:
        await database["events"].bulk_write(writes, ordered=False)
    return len(writes)


async def seal_citizens(database: Database, privacy: Privacy) -> None:
    """Seal which citizens caused events, where an earlier version wrote it in clear.

    How far the events were looked through is kept, so that a start reads only newer ones.
    """
    events, ends = database["events"], await last_position(database)
    position = await counted(database, _SEALED_UP_TO)
    while position < ends:
        found = await after(database, position, _AT_A_TIME)
        writes = [
            UpdateOne(
                {"_id": event["_id"], "who.id": event["who"]["id"]},
                {"$set": {"who.id": privacy.seal_text(event["who"]["id"])}},
            )
            for event in found
            if _names_an_identity(event["who"])
        ]
        if writes:
            await events.bulk_write(writes, ordered=False)
        position = min(position + _AT_A_TIME, ends)
        reached = {"$max": {"value": position}}
        await database["counters"].update_one({"_id": _SEALED_UP_TO}, reached, upsert=True)


def _names_an_identity(who: Document) -> bool:
    """Tell an identity in clear, such as `web:…`, from the id of a conversation."""
    return who["kind"] == "citizen" and isinstance(who["id"], str) and ":" in who["id"]


async def latest(database: Database, entity: str, entity_id: str, limit: int) -> list[Document]:
    """Return at most `limit` events of one entity, newest first."""
    query = {"entity": entity, "entity_id": entity_id, "seq": {"$gt": 0}}
    return await database["events"].find(query).sort("seq", -1).limit(limit).to_list(limit)


async def after(database: Database, position: int, limit: int) -> list[Document]:
    """Return at most `limit` events after `position`, in order."""
    query = {"position": {"$gt": position, "$lte": position + limit}}
    return await database["events"].find(query).sort("position", 1).to_list(limit)


async def last_position(database: Database) -> int:
    """Return the position of the newest committed event, 0 before the first."""
    return await counted(database, "events")
