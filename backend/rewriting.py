"""Documents written anew one by one, each only while nobody else has written it meanwhile.

May be broken off at any moment and begun anew. One write a document: see `docs/design.md`, "When a
part dies", for what the embedded server does otherwise.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cryptography.fernet import InvalidToken

from backend.db import Database, Document, Transaction
from backend.people.model import Link

Change = Callable[[Document], Document | None]
"""Makes of a document the update it needs, None where it needs none; `UnknownValueError` or
`InvalidToken` where that cannot be told."""


class UnknownValueError(LookupError):
    """What a document was made of is known nowhere."""


@dataclass
class Tally:
    """What became of the documents of one collection.

    Attributes:
        changed: how many were written anew.
        left: how many could not be, because their clear value cannot be had.
    """

    changed: int = 0
    left: int = 0


async def rewrite(database: Database, name: str, query: Document, change: Change) -> Tally:
    """Write the documents that a query finds anew.

    Args:
        database: the office's.
        name: of the collection.
        query: finds them.
        change: makes a document's update.
    """
    tally = Tally()
    async for document in database[name].find(query):
        try:
            update = change(document)
        except (InvalidToken, UnknownValueError):
            tally.left += 1
            continue
        if update:
            done = await database[name].update_one(_as_it_was(document, update), update)
            tally.changed += done.matched_count
    return tally


async def move(database: Database, name: str, document: Document, new_id: str) -> None:
    """Give a document another id; one that stands there already is newer and stays."""
    moved = {field: value for field, value in document.items() if field != "_id"}
    await database[name].update_one({"_id": new_id}, {"$setOnInsert": moved}, upsert=True)
    await database[name].delete_one({"_id": document["_id"]})


async def relink(database: Database, name: str, tx: Transaction, before: Link, after: Link) -> int:
    """Let the documents of a person know the phone by another index; return how many there were.

    Args:
        database: the office's.
        name: of the collection.
        tx: the transaction that writes the person anew.
        before: the person, and the index of the phone that the documents have.
        after: the person, and the index they are to have.
    """
    query = {"person_id": before.person_id, "phone_index": before.phone_index}
    found = await database[name].find(query, {"_id": 1}, session=tx.session).to_list(None)
    change = {"$set": {"phone_index": after.phone_index}}
    for row in found:
        await database[name].update_one({"_id": row["_id"]}, change, session=tx.session)
    return len(found)


def _as_it_was(document: Document, update: Document) -> Document:
    """Return what finds a document only while nobody has changed the fields in question."""
    names = {name for change in update.values() for name in change}
    return {"_id": document["_id"]} | {name: document.get(name) for name in names}
