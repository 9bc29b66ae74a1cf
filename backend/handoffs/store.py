"""Collection `handoffs`; summaries are sealed."""

from __future__ import annotations

from datetime import datetime

from pymongo import ASCENDING, DESCENDING, IndexModel

from backend.clock import SHANGHAI
from backend.db import Database, Document, Indexes, Transaction
from backend.handoffs.model import Handoff, Reason, State
from backend.privacy import Privacy

INDEXES: Indexes = {"handoffs": [IndexModel([("state", ASCENDING), ("opened_at", ASCENDING)])]}
# The sort by time follows the index only with a bound on it (see ARCHITECTURE: embedded server).
_BEFORE_US = datetime(2020, 1, 1, tzinfo=SHANGHAI)


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
        "claimed_by": handoff.claimed_by,
        "claimed_by_name": handoff.claimed_by_name,
        "claimed_at": handoff.claimed_at,
        "answered_at": handoff.answered_at,
        "ended_at": handoff.ended_at,
    }
    await database["handoffs"].replace_one(
        {"_id": handoff.id}, document, upsert=True, session=tx.session
    )


async def of_state(
    database: Database, privacy: Privacy, state: State, limit: int, *, newest_first: bool
) -> list[Handoff]:
    """Return handoffs of one state by the time they were opened."""
    query = {"state": state.value, "opened_at": {"$gt": _BEFORE_US}}
    order = DESCENDING if newest_first else ASCENDING
    cursor = database["handoffs"].find(query).sort("opened_at", order).limit(limit)
    return [_handoff(privacy, document) for document in await cursor.to_list(limit)]


async def waiting_before(database: Database, tx: Transaction, moment: datetime) -> int:
    """Return how many wait since before `moment`."""
    query = {"state": State.WAITING.value, "opened_at": {"$lt": moment}}
    return await database["handoffs"].count_documents(query, session=tx.session)


def _handoff(privacy: Privacy, document: Document) -> Handoff:
    return Handoff(
        id=document["_id"],
        conversation_id=document["conversation_id"],
        reason=Reason(document["reason"]),
        summary=privacy.unseal_text(document["summary"]),
        state=State(document["state"]),
        opened_at=document["opened_at"],
        claimed_by=document["claimed_by"],
        claimed_by_name=document["claimed_by_name"],
        claimed_at=document["claimed_at"],
        answered_at=document["answered_at"],
        ended_at=document["ended_at"],
    )
