"""An effect asked for twice happens once: the answer is kept under the caller's Idempotency-Key.

What shows personal data in clear happens every time it is asked for, and its answer is not kept.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

from cryptography.fernet import InvalidToken
from pymongo import ASCENDING, IndexModel

from backend.clock import let_go_after
from backend.db import Document, Indexes, Transaction, delete_each, one_of
from backend.errors import ConflictError, MalformedError
from backend.office import Inside, Office

INDEXES: Indexes = {"idempotency": [IndexModel([("expires_at", ASCENDING)], expireAfterSeconds=0)]}
KEEP = timedelta(days=30)
MAX_KEY_LENGTH = 200
# Identifiers of answers are hexadecimal, so this is none.
_LOOKED_THROUGH = "no reveals"


async def once(
    office: Office,
    key: str,
    scope: str,
    fingerprints: Sequence[str],
    work: Callable[[Transaction], Awaitable[Document]],
) -> Document:
    """Run `work` in a transaction, or give the answer it gave before under the same key.

    `scope` is the caller and the route, `fingerprints` keyed hashes of what was asked, the one
    that is written now first. The answer is sealed and stored in the transaction of the effect
    itself.

    Raises:
        ConflictError: the key was used for something else.
        MalformedError: the key is too long.
    """
    identifiers = _identifiers(office, key, scope)

    async def first_time_only(tx: Transaction) -> Document:
        known = await _known(office, tx, identifiers, fingerprints)
        if known is not None:
            return office.privacy.unseal_document(known["answer"])
        answer = await work(tx)
        sealed = office.privacy.seal_document(answer)
        await _keep(office, tx, identifiers[0], fingerprints[0], sealed)
        return answer

    return await office.transact(first_time_only)


async def every_time(
    office: Office,
    key: str,
    scope: str,
    fingerprints: Sequence[str],
    work: Callable[[Transaction, bool], Awaitable[Document]],
) -> Document:
    """Run `work` in a transaction, and tell it whether the same request came before.

    Args and errors are those of `once`; the answer is kept nowhere.
    """
    identifiers = _identifiers(office, key, scope)

    async def this_time(tx: Transaction) -> Document:
        again = await _known(office, tx, identifiers, fingerprints) is not None
        answer = await work(tx, again)
        if not again:
            await _keep(office, tx, identifiers[0], fingerprints[0], None)
        return answer

    return await office.transact(this_time)


async def forget_reveals(office: Office) -> None:
    """Delete the answers in clear that an earlier version kept; done again it does nothing.

    One document at a time: see `docs/design.md`, "When a part dies". What the key at hand does
    not open stays for a start with the right one.
    """
    answers = office.database["idempotency"]
    if await answers.find_one({"_id": _LOOKED_THROUGH}):
        return
    unread = False
    async for document in answers.find({"answer": {"$type": "binData"}}):
        try:
            answer = office.privacy.unseal_document(document["answer"])
        except InvalidToken:
            unread = True
            continue
        if _reveals(answer):
            await answers.delete_one({"_id": document["_id"]})
    if not unread:
        await answers.update_one({"_id": _LOOKED_THROUGH}, {"$set": {}}, upsert=True)


def _reveals(answer: Document) -> bool:
    """Tell a case or report in clear, or the words of a talk."""
    return answer.get("revealed") is True or answer.keys() == {"messages", "words"}


def _identifiers(office: Inside, key: str, scope: str) -> tuple[str, ...]:
    """Return where an answer may be kept, the place it is written to now first.

    Raises:
        MalformedError: the key is too long.
    """
    if len(key) > MAX_KEY_LENGTH:
        raise MalformedError("idempotency.key_too_long")
    return office.privacy.blind_indexes("idempotency", f"{scope}\0{key}")


async def _known(
    office: Inside, tx: Transaction, identifiers: Sequence[str], fingerprints: Sequence[str]
) -> Document | None:
    """Return what is kept of an earlier request of the same key.

    Raises:
        ConflictError: the key was used for something else.
    """
    query = {"_id": one_of(identifiers)}
    known = await office.database["idempotency"].find_one(query, session=tx.session)
    if known is not None and known["fingerprint"] not in fingerprints:
        raise ConflictError("idempotency.key_reused")
    return known


async def _keep(
    office: Inside, tx: Transaction, identifier: str, fingerprint: str, answer: bytes | None
) -> None:
    document = {
        "_id": identifier,
        "fingerprint": fingerprint,
        "answer": answer,
        "expires_at": let_go_after(KEEP),
    }
    await office.database["idempotency"].insert_one(document, session=tx.session)


async def forget(office: Office, names: Sequence[str]) -> int:
    """Remove the answers in which one of some ids or numbers stands; return how many.

    An answer is kept under a hash of its key, so each is opened and looked into. One that no key
    at hand opens shows nobody anything, and goes by itself after `KEEP`.
    """
    answers, found = office.database["idempotency"], []
    async for kept in answers.find({"answer": {"$type": "binData"}}, {"answer": 1}):
        try:
            text = office.privacy.unseal_text(kept["answer"])
        except InvalidToken:
            continue
        if any(f'"{name}"' in text for name in names):
            found.append(kept["_id"])
    return await delete_each(office.database, "idempotency", {"_id": {"$in": found}})
