"""Collection `handoffs`; summaries, notes and words left are sealed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Literal

from pymongo import ASCENDING, DESCENDING, IndexModel

from backend.clock import SHANGHAI
from backend.db import Database, Document, Indexes, Transaction, delete_each
from backend.handoffs.model import ANSWER_WITHIN, Handoff, Note, Reason, State, Words
from backend.handoffs.search import terms
from backend.privacy import Privacy

INDEXES: Indexes = {
    "handoffs": [
        IndexModel([("state", ASCENDING), ("opened_at", ASCENDING)]),
        IndexModel([("state", ASCENDING), ("late_at", ASCENDING)]),
        IndexModel([("state", ASCENDING), ("closes_at", ASCENDING)]),
        IndexModel([("conversation_id", ASCENDING), ("opened_at", ASCENDING)]),
        IndexModel([("opened_at", ASCENDING)]),
        IndexModel([("ended_at", ASCENDING)]),
        IndexModel([("terms", ASCENDING)]),
    ]
}
# The sort by time follows the index only with a bound on it (see ARCHITECTURE: embedded server).
_BEFORE_US = datetime(2020, 1, 1, tzinfo=SHANGHAI)

# More than ever wait or are talked with at the same time.
MOST_OPEN = 2000
# A list is counted no further than its last page that can be asked for.
MOST_COUNTED = 10_000
# Whoever has talked with people more often than this is known by the newest talks.
MOST_EARLIER = 20


async def find(
    database: Database, privacy: Privacy, handoff_id: str, tx: Transaction | None = None
) -> Handoff | None:
    """Return one handoff."""
    session = tx.session if tx else None
    document = await database["handoffs"].find_one({"_id": handoff_id}, session=session)
    return _handoff(privacy, document) if document else None


async def save(database: Database, privacy: Privacy, tx: Transaction, handoff: Handoff) -> None:
    """Write a handoff as it is now."""
    document = {
        "conversation_id": handoff.conversation_id,
        "reason": handoff.reason.value,
        "summary": privacy.seal_text(handoff.summary),
        "state": handoff.state.value,
        "opened_at": handoff.opened_at,
        "due_at": handoff.due_at,
        "priority": handoff.priority,
        "danger": handoff.danger,
        "late_at": handoff.late_at,
        "closes_at": handoff.closes_at,
        "claimed_by": handoff.claimed_by,
        "claimed_by_name": handoff.claimed_by_name,
        "claimed_at": handoff.claimed_at,
        "answered_at": handoff.answered_at,
        "answered_seq": handoff.answered_seq,
        "release_at": handoff.release_at,
        "ended_at": handoff.ended_at,
        "notes": [_sealed(privacy, note, "text") for note in handoff.notes],
        "clerks": list(handoff.clerks),
        "terms": terms(handoff),
        "words": [_sealed(privacy, words, "text", "phone") for words in handoff.words],
    }
    await database["handoffs"].replace_one(
        {"_id": handoff.id}, document, upsert=True, session=tx.session
    )


async def of_state(
    database: Database,
    privacy: Privacy,
    state: State,
    limit: int,
    *,
    priority: bool = False,
    tx: Transaction | None = None,
) -> list[Handoff]:
    """Return handoffs of one state, or those of priority among them, oldest first."""
    query: Document = {"state": state.value, "opened_at": {"$gt": _BEFORE_US}}
    query |= {"priority": True} if priority else {}
    found = database["handoffs"].find(query, session=tx.session if tx else None)
    cursor = found.sort("opened_at", ASCENDING).limit(limit)
    return [_handoff(privacy, document) for document in await cursor.to_list(limit)]


async def page(
    database: Database,
    privacy: Privacy,
    state: State | None,
    terms: Sequence[str] | None,
    skip: int,
    limit: int,
    *,
    ended: bool,
) -> tuple[list[Handoff], int]:
    """Return one page of handoffs, newest first, and how many there are up to `MOST_COUNTED`.

    Args:
        database: the office's.
        privacy: its keys.
        state: only those that stand there.
        terms: only those that have one of them.
        skip: how many come before the page.
        limit: how many stand on it.
        ended: only those that have ended.
    """
    by = "ended_at" if ended else "opened_at"
    query: Document = {by: {"$gt": _BEFORE_US}}
    query |= {"state": state.value} if state else {}
    query |= {"terms": {"$in": list(terms)}} if terms else {}
    cursor = database["handoffs"].find(query).sort(by, DESCENDING).skip(skip).limit(limit)
    found = [_handoff(privacy, document) for document in await cursor.to_list(limit)]
    return found, await database["handoffs"].count_documents(query, limit=MOST_COUNTED)


async def of_conversation(
    database: Database, privacy: Privacy, conversation_id: str, before: datetime
) -> list[Handoff]:
    """Return the handoffs of a conversation that were opened before a moment, oldest first."""
    query = {
        "conversation_id": conversation_id,
        "opened_at": {"$gt": _BEFORE_US, "$lt": before},
    }
    cursor = database["handoffs"].find(query).sort("opened_at", DESCENDING).limit(MOST_EARLIER)
    found = [_handoff(privacy, document) for document in await cursor.to_list(MOST_EARLIER)]
    return found[::-1]


async def all_of(
    database: Database, privacy: Privacy, conversations: Sequence[str]
) -> list[Handoff]:
    """Return every handoff of some conversations."""
    query = {"conversation_id": {"$in": list(conversations)}}
    return [_handoff(privacy, row) async for row in database["handoffs"].find(query)]


async def remove(database: Database, ids: Sequence[str]) -> int:
    """Remove handoffs; return how many there were."""
    return await delete_each(database, "handoffs", {"_id": {"$in": list(ids)}})


async def ids_of(database: Database, conversation_ids: Sequence[str]) -> list[str]:
    """Return the ids of the handoffs of conversations."""
    query = {"conversation_id": {"$in": list(conversation_ids)}}
    return [row["_id"] async for row in database["handoffs"].find(query, {"_id": 1})]


async def due(
    database: Database, which: Literal["late_at", "closes_at"], moment: datetime
) -> list[str]:
    """Return the ids of those who wait and have something to be told by a moment."""
    query = {"state": State.WAITING.value, which: {"$gt": _BEFORE_US, "$lte": moment}}
    cursor = database["handoffs"].find(query, {"_id": 1})
    return [document["_id"] for document in await cursor.to_list(MOST_OPEN)]


async def waiting_before(database: Database, tx: Transaction | None, handoff: Handoff) -> int:
    """Return how many people come before one who waits: first those in danger, then by time."""
    handoffs, session = database["handoffs"], tx.session if tx else None
    earlier = {"state": State.WAITING.value, "opened_at": {"$lt": handoff.opened_at}}
    if handoff.priority:
        return await handoffs.count_documents(earlier | {"priority": True}, session=session)
    later = {"state": State.WAITING.value, "opened_at": {"$gte": handoff.opened_at}}
    jumped = await handoffs.count_documents(later | {"priority": True}, session=session)
    return await handoffs.count_documents(earlier, session=session) + jumped


def _sealed(privacy: Privacy, entry: Note | Words, *personal: str) -> Document:
    """Return a note or words with what may hold personal data sealed."""
    values: Document = asdict(entry)
    return values | {
        name: privacy.seal_text(values[name]) for name in personal if values[name] is not None
    }


def _unsealed(privacy: Privacy, entry: Document) -> Document:
    return {
        name: privacy.unseal_text(value) if isinstance(value, bytes) else value
        for name, value in entry.items()
    }


def _handoff(privacy: Privacy, document: Document) -> Handoff:
    """Return a handoff; one that an earlier version wrote knows no priority and no staffed time."""
    given: dict[str, Any] = {
        name: document.get(name)
        for name in (
            "conversation_id", "opened_at", "danger", "late_at", "closes_at", "claimed_by",
            "claimed_by_name", "claimed_at", "answered_at", "answered_seq", "release_at",
            "ended_at",
        )
    }  # fmt: skip
    return Handoff(
        id=document["_id"],
        reason=Reason(document["reason"]),
        summary=privacy.unseal_text(document["summary"]),
        state=State(document["state"]),
        due_at=document.get("due_at") or document["opened_at"] + ANSWER_WITHIN,
        priority=bool(document.get("priority")),
        notes=tuple(Note(**_unsealed(privacy, note)) for note in document.get("notes", ())),
        clerks=tuple(document.get("clerks", ())),
        words=tuple(Words(**_unsealed(privacy, words)) for words in document.get("words", ())),
        **given,
    )
