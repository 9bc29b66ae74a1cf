"""Collection `erasures`: under way with sealed pointers, afterwards a receipt."""

from __future__ import annotations

from pymongo import ASCENDING, IndexModel

from backend.db import Database, Document, Indexes, Transaction
from backend.personal.model import Erasure
from backend.personal.subject import Subject, subject_of
from backend.privacy import Privacy

INDEXES: Indexes = {
    "erasures": [
        IndexModel([("key", ASCENDING)]),
        IndexModel([("ended_at", ASCENDING)]),
    ]
}


async def get(
    database: Database, privacy: Privacy, erasure_id: str, tx: Transaction | None = None
) -> Erasure | None:
    """Return one erasure."""
    session = tx.session if tx else None
    document = await database["erasures"].find_one({"_id": erasure_id}, session=session)
    return _erasure(privacy, document) if document else None


async def of_key(database: Database, privacy: Privacy, tx: Transaction, key: str) -> list[Erasure]:
    """Return the erasures of one person's data, oldest first."""
    cursor = database["erasures"].find({"key": key}, session=tx.session)
    found = [_erasure(privacy, document) async for document in cursor]
    return sorted(found, key=lambda erasure: erasure.at)


async def under_way(database: Database, privacy: Privacy) -> list[Erasure]:
    """Return the erasures that are not finished."""
    cursor = database["erasures"].find({"ended_at": None})
    return [_erasure(privacy, document) async for document in cursor]


async def save(database: Database, privacy: Privacy, tx: Transaction, erasure: Erasure) -> None:
    """Write an erasure as it is now."""
    subject = erasure.subject
    document: Document = {
        "key": erasure.key,
        "by": list(erasure.by),
        "why": erasure.why,
        "at": erasure.at,
        "subject": None if subject.is_empty else privacy.seal_document(subject.to_document()),
        "done": dict(erasure.done),
        "kept": list(erasure.kept),
        "ended_at": erasure.ended_at,
    }
    await database["erasures"].replace_one(
        {"_id": erasure.id}, document, upsert=True, session=tx.session
    )


def _erasure(privacy: Privacy, document: Document) -> Erasure:
    sealed = document["subject"]
    kind, id = document["by"]
    return Erasure(
        id=document["_id"],
        key=document["key"],
        by=(kind, id),
        why=document["why"],
        at=document["at"],
        subject=subject_of(privacy.unseal_document(sealed)) if sealed else Subject(),
        done=document["done"],
        kept=tuple(document["kept"]),
        ended_at=document["ended_at"],
    )
