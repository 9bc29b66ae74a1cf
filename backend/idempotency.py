"""An effect asked for twice happens once: the answer is kept under the caller's Idempotency-Key."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

from pymongo import ASCENDING, IndexModel

from backend.db import Document, Indexes, Transaction, delete_each
from backend.errors import ConflictError, MalformedError
from backend.office import Office

INDEXES: Indexes = {"idempotency": [IndexModel([("expires_at", ASCENDING)], expireAfterSeconds=0)]}
KEEP = timedelta(days=30)
MAX_KEY_LENGTH = 200


async def once(
    office: Office,
    key: str,
    scope: str,
    fingerprint: str,
    work: Callable[[Transaction], Awaitable[Document]],
) -> Document:
    """Run `work` in a transaction, or give the answer it gave before under the same key.

    `scope` is the caller and the route, `fingerprint` a keyed hash of what was asked. The answer
    is sealed and stored in the transaction of the effect itself.

    Raises:
        ConflictError: the key was used for something else.
        MalformedError: the key is too long.
    """
    if len(key) > MAX_KEY_LENGTH:
        raise MalformedError("idempotency.key_too_long")
    identifier = office.privacy.blind_index("idempotency", f"{scope}\0{key}")
    answers = office.database["idempotency"]

    async def first_time_only(tx: Transaction) -> Document:
        known = await answers.find_one({"_id": identifier}, session=tx.session)
        if known is not None:
            if known["fingerprint"] != fingerprint:
                raise ConflictError("idempotency.key_reused")
            return office.privacy.unseal_document(known["answer"])
        answer = await work(tx)
        await answers.insert_one(
            {
                "_id": identifier,
                "fingerprint": fingerprint,
                "answer": office.privacy.seal_document(answer),
                "expires_at": office.clock.now() + KEEP,
            },
            session=tx.session,
        )
        return answer

    return await office.transact(first_time_only)


async def forget(office: Office, names: Sequence[str]) -> int:
    """Remove the answers in which one of some ids or numbers stands; return how many.

    An answer is kept under a hash of its key, so each is opened and looked into.
    """
    answers, found = office.database["idempotency"], []
    async for kept in answers.find({}, {"answer": 1}):
        text = office.privacy.unseal_text(kept["answer"])
        if any(f'"{name}"' in text for name in names):
            found.append(kept["_id"])
    return await delete_each(office.database, "idempotency", {"_id": {"$in": found}})
