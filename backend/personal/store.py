"""Collections `erasures` (sealed pointers, then a receipt) and `consents` (one an identity)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pymongo import ASCENDING, IndexModel

from backend.db import Database, Document, Indexes, Transaction, delete_each
from backend.people.model import Identity
from backend.personal.model import Erasure
from backend.personal.subject import Subject, subject_of
from backend.privacy import Privacy

INDEXES: Indexes = {
    "erasures": [
        IndexModel([("key", ASCENDING)]),
        IndexModel([("ended_at", ASCENDING)]),
    ],
    "consents": [],
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


async def consent(
    database: Database, identity: Identity, tx: Transaction | None = None
) -> str | None:
    """Return the version of the notice that an identity agrees to, if it does."""
    session = tx.session if tx else None
    row = await database["consents"].find_one({"_id": identity.key}, session=session)
    return row["version"] if row else None


async def keep_consent(
    database: Database, tx: Transaction, identity: Identity, version: str | None, at: datetime
) -> None:
    """Write what an identity agrees to since `at`; None where it agrees no more."""
    change = {"$set": {"version": version, "at": at}}
    await database["consents"].update_one(
        {"_id": identity.key}, change, upsert=True, session=tx.session
    )


async def consents(database: Database, identities: Sequence[str]) -> list[Document]:
    """Return what some identities agree to."""
    return await database["consents"].find({"_id": {"$in": list(identities)}}).to_list(None)


async def forget_consents(database: Database, identities: Sequence[str]) -> int:
    """Forget what some identities agree to."""
    return await delete_each(database, "consents", {"_id": {"$in": list(identities)}})


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
