"""Collections `personal_copies` and `personal_copy_pieces`: what a copy waits for from the door.

Both are sealed, live as long as somebody waits, and are forgotten by the store after that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pymongo import ASCENDING, IndexModel

from backend.db import Database, Document, Indexes, Transaction, delete_each
from backend.privacy import Privacy

INDEXES: Indexes = {
    "personal_copies": [IndexModel([("let_go_at", ASCENDING)], expireAfterSeconds=0)],
    "personal_copy_pieces": [
        IndexModel([("copy", ASCENDING)]),
        IndexModel([("let_go_at", ASCENDING)], expireAfterSeconds=0),
    ],
}


@dataclass(frozen=True, slots=True)
class Piece:
    """Part `place` (from 0) of the `of` parts of one delivery; two doors deliver apart."""

    delivery: str
    place: int
    of: int
    text: str


async def order(
    database: Database,
    privacy: Privacy,
    copy_id: str,
    conversations: Sequence[str],
    expires_at: datetime,
    let_go_at: datetime,
) -> None:
    """Ask for the door's share of some conversations.

    Args:
        database: the office's.
        privacy: seals.
        copy_id: a new name.
        conversations: whose.
        expires_at: until when it is waited for.
        let_go_at: from when on MongoDB removes it, and what has come of it.
    """
    sealed = privacy.seal_document({"conversations": [*conversations]})
    await database["personal_copies"].insert_one(
        {"_id": copy_id, "sealed": sealed, "expires_at": expires_at, "let_go_at": let_go_at}
    )


async def ordered(
    database: Database, privacy: Privacy, now: datetime
) -> list[tuple[str, tuple[str, ...]]]:
    """Return the id and the conversations of each share that somebody waits for."""
    rows = database["personal_copies"].find({"expires_at": {"$gt": now}})
    return [
        (row["_id"], tuple(privacy.unseal_document(row["sealed"])["conversations"]))
        async for row in rows
    ]


async def end_of(database: Database, tx: Transaction, copy_id: str) -> datetime | None:
    """Return when a share is let go of; None where nobody waits for it any more."""
    row = await database["personal_copies"].find_one({"_id": copy_id}, session=tx.session)
    return row.get("let_go_at", row["expires_at"]) if row else None


async def keep(
    database: Database,
    privacy: Privacy,
    tx: Transaction,
    copy_id: str,
    piece: Piece,
    let_go_at: datetime,
) -> None:
    """Keep one piece; the same piece again is the same."""
    document: Document = {
        "copy": copy_id,
        "delivery": piece.delivery,
        "place": piece.place,
        "of": piece.of,
        "sealed": privacy.seal_text(piece.text),
        "let_go_at": let_go_at,
    }
    await database["personal_copy_pieces"].replace_one(
        {"_id": f"{copy_id}:{piece.delivery}:{piece.place}"},
        document,
        upsert=True,
        session=tx.session,
    )


async def pieces(database: Database, privacy: Privacy, copy_id: str) -> list[Piece]:
    """Return what has come of a share, in order."""
    rows = database["personal_copy_pieces"].find({"copy": copy_id}).sort("place", ASCENDING)
    return [
        Piece(row["delivery"], row["place"], row["of"], privacy.unseal_text(row["sealed"]))
        async for row in rows
    ]


async def drop(database: Database, copy_ids: Sequence[str]) -> int:
    """Forget shares; return how many documents there were."""
    ids = [*copy_ids]
    return await delete_each(database, "personal_copies", {"_id": {"$in": ids}}) + (
        await delete_each(database, "personal_copy_pieces", {"copy": {"$in": ids}})
    )
