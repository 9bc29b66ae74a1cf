"""Collections `erasures`, `consents` (one an identity, by its index) and `personal_requests`.

Pointers to whose data it is are sealed, and dropped at the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pymongo import ASCENDING, DESCENDING, IndexModel

from backend.db import Database, Document, Indexes, Transaction, delete_each, one_of
from backend.people.at_rest import seal
from backend.people.model import Identity
from backend.personal.model import Erasure
from backend.personal.request import Request, RequestKind, RequestState
from backend.personal.subject import Subject, subject_of
from backend.privacy import Privacy
from backend.rewriting import Change, Tally, move, rewrite

INDEXES: Indexes = {
    "erasures": [
        IndexModel([("key", ASCENDING)]),
        IndexModel([("ended_at", ASCENDING)]),
    ],
    "consents": [],
    "personal_requests": [
        IndexModel([("owner", ASCENDING)]),
        IndexModel([("state", ASCENDING), ("due_at", ASCENDING)]),
    ],
}

_OPEN: Document = {"ended_at": None}
_ENDED: Document = {"ended_at": {"$ne": None}}


async def get(
    database: Database, privacy: Privacy, erasure_id: str, tx: Transaction | None = None
) -> Erasure | None:
    """Return one erasure."""
    session = tx.session if tx else None
    document = await database["erasures"].find_one({"_id": erasure_id}, session=session)
    return _erasure(privacy, document) if document else None


async def of_keys(
    database: Database, privacy: Privacy, tx: Transaction, keys: Sequence[str]
) -> list[Erasure]:
    """Return the erasures of one person's data, oldest first."""
    cursor = database["erasures"].find({"key": one_of(keys)}, session=tx.session)
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
    database: Database, privacy: Privacy, identity: Identity, tx: Transaction | None = None
) -> str | None:
    """Return the version of the notice that an identity agrees to, if it does."""
    session = tx.session if tx else None
    query = {"_id": one_of(_agreeing(privacy, identity.key))}
    row = await database["consents"].find_one(query, session=session)
    return row["version"] if row else None


async def keep_consent(
    database: Database,
    privacy: Privacy,
    tx: Transaction,
    identity: Identity,
    version: str | None,
    at: datetime,
) -> None:
    """Write what an identity agrees to since `at`; None where it agrees no more."""
    first, *others = _agreeing(privacy, identity.key)
    change = {"$set": {"version": version, "at": at, "sealed": seal(privacy, identity)}}
    await database["consents"].update_one({"_id": first}, change, upsert=True, session=tx.session)
    for other in others:
        await database["consents"].delete_one({"_id": other}, session=tx.session)


async def consents(
    database: Database, privacy: Privacy, identities: Sequence[str]
) -> dict[str, Document]:
    """Return what some identities agree to, by identity."""
    names = {index: key for key in identities for index in _agreeing(privacy, key)}
    rows = await database["consents"].find({"_id": {"$in": list(names)}}).to_list(None)
    return {names[row["_id"]]: row for row in rows}


async def forget_consents(database: Database, privacy: Privacy, identities: Sequence[str]) -> int:
    """Forget what some identities agree to."""
    names = [index for key in identities for index in _agreeing(privacy, key)]
    return await delete_each(database, "consents", {"_id": {"$in": names}})


async def request(
    database: Database, privacy: Privacy, number: str, tx: Transaction | None = None
) -> Request | None:
    """Return one request."""
    session = tx.session if tx else None
    row = await database["personal_requests"].find_one({"_id": number}, session=session)
    return _request(privacy, row) if row else None


async def requests_of(
    database: Database, privacy: Privacy, owners: Sequence[str], tx: Transaction | None = None
) -> list[Request]:
    """Return the requests of some identities, by their blind indexes."""
    query = {"owner": {"$in": list(owners)}}
    found = database["personal_requests"].find(query, session=tx.session if tx else None)
    return [_request(privacy, row) async for row in found]


async def requests(
    database: Database, privacy: Privacy, state: RequestState | None, skip: int, limit: int
) -> tuple[list[Request], int]:
    """Return one page of the requests of a state, or of all, and how many.

    What is open comes first and by what is due first, then what has ended, newest first.
    """
    rows = database["personal_requests"]
    query: Document = {} if state is None else {"state": state.value}
    is_open, is_over = query | _OPEN, query | _ENDED
    found = await rows.find(is_open).sort("due_at", ASCENDING).skip(skip).limit(limit).to_list(None)
    if len(found) < limit:
        past = max(skip - await rows.count_documents(is_open), 0)
        ended = rows.find(is_over).sort("ended_at", DESCENDING).skip(past)
        found += await ended.limit(limit - len(found)).to_list(None)
    return [_request(privacy, row) for row in found], await rows.count_documents(query)


async def save_request(
    database: Database, privacy: Privacy, tx: Transaction, request: Request
) -> None:
    """Write a request as it is now."""
    asked = {
        "conversation_id": request.conversation_id,
        "identity": request.identity,
        "why": request.why,
    }
    document: Document = {
        "kind": request.kind.value,
        "state": request.state.value,
        "owner": request.owner,
        "verified": request.verified,
        "opened_at": request.opened_at,
        "due_at": request.due_at,
        "due_provisional": request.due_provisional,
        "ended_at": request.ended_at,
        "ended_by": request.ended_by,
        "sealed": privacy.seal_document(asked),
    }
    await database["personal_requests"].replace_one(
        {"_id": request.number}, document, upsert=True, session=tx.session
    )


def _agreeing(privacy: Privacy, identity: str) -> tuple[str, ...]:
    return privacy.blind_indexes("consent", identity)


def _request(privacy: Privacy, row: Document) -> Request:
    return Request(
        number=row["_id"],
        kind=RequestKind(row["kind"]),
        state=RequestState(row["state"]),
        owner=row["owner"],
        verified=row["verified"],
        opened_at=row["opened_at"],
        due_at=row["due_at"],
        due_provisional=row["due_provisional"],
        ended_at=row["ended_at"],
        ended_by=row["ended_by"],
        **privacy.unseal_document(row["sealed"]),
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


async def every_consent(database: Database) -> list[Document]:
    """Return all consents."""
    return await database["consents"].find({}).to_list(None)


async def renew_consent(
    database: Database, privacy: Privacy, document: Document, identity: Identity
) -> bool:
    """Put a consent where it is found by the first key; say whether it stood elsewhere."""
    first = _agreeing(privacy, identity.key)[0]
    if first != document["_id"]:
        kept = {**document, "sealed": document.get("sealed") or seal(privacy, identity)}
        await move(database, "consents", kept, first)
    return bool(first != document["_id"])


async def owned_requests(database: Database, privacy: Privacy) -> list[Request]:
    """Return all requests of which is known whose they are."""
    found = database["personal_requests"].find({"owner": {"$gt": ""}})
    return [_request(privacy, row) async for row in found]


async def renew_requests(database: Database, change: Change) -> Tally:
    """Write the requests anew for which `change` makes an update."""
    return await rewrite(database, "personal_requests", {"owner": {"$gt": ""}}, change)
