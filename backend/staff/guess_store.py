"""Collection `staff_guesses`: wrong passwords and codes, of accounts that exist or do not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pymongo import ASCENDING, IndexModel

from backend.db import Database, Document, Indexes, Transaction, one_of
from backend.staff.model import Guesses

INDEXES: Indexes = {
    "staff_guesses": [
        IndexModel([("expires_at", ASCENDING)], expireAfterSeconds=0),
        IndexModel([("account", ASCENDING)]),
        IndexModel([("untold", ASCENDING)], sparse=True),
    ]
}


async def get(
    database: Database, identifiers: Sequence[str], tx: Transaction | None = None
) -> Guesses:
    """Return what was counted; nothing where nobody has guessed, of several counts the last one."""
    session = tx.session if tx else None
    cursor = database["staff_guesses"].find({"_id": one_of(identifiers)}, session=session)
    found = [_guesses(document) for document in await cursor.to_list(None)]
    return max(found, key=lambda one: (one.last_at, one.failures), default=Guesses())


async def of_account(
    database: Database, tx: Transaction, accounts: Sequence[str]
) -> dict[str, Guesses]:
    """Return all counts of an account, by identifier."""
    cursor = database["staff_guesses"].find({"account": one_of(accounts)}, session=tx.session)
    return {document["_id"]: _guesses(document) async for document in cursor}


async def save(
    database: Database,
    tx: Transaction,
    identifier: str,
    account: str,
    guesses: Guesses,
    expires_at: datetime,
) -> None:
    """Keep a count that has grown."""
    change: Document = {
        "account": account,
        "failures": guesses.failures,
        "last_at": guesses.last_at,
        "locked_until": guesses.locked_until,
        "expires_at": expires_at,
    }
    if guesses.untold:
        change["untold"] = True
    await database["staff_guesses"].update_one(
        {"_id": identifier}, {"$set": change}, upsert=True, session=tx.session
    )


async def forget(database: Database, tx: Transaction, identifier: str) -> None:
    """Forget one count."""
    await database["staff_guesses"].delete_one({"_id": identifier}, session=tx.session)


async def untold(database: Database, limit: int) -> list[Document]:
    """Return counts with a lock that no account's history tells of yet."""
    return await database["staff_guesses"].find({"untold": True}).limit(limit).to_list(limit)


async def told(database: Database, tx: Transaction, identifier: str) -> None:
    """Note that the account's history tells of the lock."""
    change = {"$unset": {"untold": ""}}
    await database["staff_guesses"].update_one({"_id": identifier}, change, session=tx.session)


def _guesses(document: Document) -> Guesses:
    return Guesses(
        document["failures"],
        document["last_at"],
        document["locked_until"],
        untold=document.get("untold", False),
    )
