"""Collections `people`, `identities` and `verifications`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pymongo import ASCENDING, IndexModel

from backend.db import Database, Document, Indexes, Transaction, delete_each
from backend.people.model import Attempts, Identity, Link

INDEXES: Indexes = {
    "people": [IndexModel([("id_index", ASCENDING)], unique=True)],
    "identities": [IndexModel([("person_id", ASCENDING)])],
    "verifications": [IndexModel([("forget_at", ASCENDING)], expireAfterSeconds=0)],
}


async def by_id_index(database: Database, tx: Transaction, id_index: str) -> Document | None:
    """Return the person of an ID number's blind index."""
    return await database["people"].find_one({"id_index": id_index}, session=tx.session)


async def insert(database: Database, tx: Transaction, person: Document) -> None:
    """Add a person."""
    await database["people"].insert_one(person, session=tx.session)


async def add_phone(database: Database, tx: Transaction, person_id: str, phone_index: str) -> None:
    """Remember that a person gave this phone in an application."""
    await database["people"].update_one(
        {"_id": person_id}, {"$addToSet": {"phones": phone_index}}, session=tx.session
    )


async def link_of(
    database: Database, identity: Identity, tx: Transaction | None = None
) -> Link | None:
    """Return the person a channel identity proved to be."""
    session = tx.session if tx else None
    found = await database["identities"].find_one({"_id": identity.key}, session=session)
    return Link(found["person_id"], found["phone_index"]) if found else None


async def save_link(
    database: Database, tx: Transaction, identity: Identity, link: Link, at: datetime
) -> None:
    """Link a channel identity to the person it proved to be."""
    await database["identities"].replace_one(
        {"_id": identity.key},
        {
            "_id": identity.key,
            "person_id": link.person_id,
            "phone_index": link.phone_index,
            "verified_at": at,
        },
        upsert=True,
        session=tx.session,
    )


async def attempts(database: Database, tx: Transaction, subject: str) -> Attempts:
    """Return how often `subject` failed lately."""
    found = await database["verifications"].find_one({"_id": subject}, session=tx.session)
    return Attempts(found["count"], found["since"], found["locked_until"]) if found else Attempts()


async def save_attempts(
    database: Database, tx: Transaction, subject: str, kept: Attempts, forget_at: datetime
) -> None:
    """Keep the failures of `subject`."""
    await database["verifications"].replace_one(
        {"_id": subject},
        {
            "_id": subject,
            "count": kept.count,
            "since": kept.since,
            "locked_until": kept.locked_until,
            "forget_at": forget_at,
        },
        upsert=True,
        session=tx.session,
    )


async def forget_attempts(database: Database, tx: Transaction, subject: str) -> None:
    """Forget the failures of `subject` after a success."""
    await database["verifications"].delete_one({"_id": subject}, session=tx.session)


async def get(database: Database, person_id: str) -> Document | None:
    """Return a person."""
    return await database["people"].find_one({"_id": person_id})


async def identities_of(database: Database, link: Link) -> list[Document]:
    """Return the channel identities that proved to be a person by a phone."""
    query = {"person_id": link.person_id, "phone_index": link.phone_index}
    return await database["identities"].find(query).to_list(None)


async def known_as(database: Database, identities: Sequence[str]) -> dict[str, Link]:
    """Return the persons that channel identities proved to be, by identity."""
    found = database["identities"].find({"_id": {"$in": list(identities)}})
    return {row["_id"]: Link(row["person_id"], row["phone_index"]) async for row in found}


async def forget_identities(database: Database, identities: Sequence[str]) -> int:
    """Forget who channel identities proved to be, and how often they tried."""
    subjects = [f"who:{identity}" for identity in identities]
    await delete_each(database, "verifications", {"_id": {"$in": subjects}})
    return await delete_each(database, "identities", {"_id": {"$in": list(identities)}})


async def forget_phone(database: Database, tx: Transaction, link: Link) -> Document | None:
    """Take a phone from a person; return the person as they are then, None where there is none."""
    query = {"_id": link.person_id}
    change = {"$pull": {"phones": link.phone_index}}
    await database["people"].update_one(query, change, session=tx.session)
    return await database["people"].find_one(query, session=tx.session)


async def remove(database: Database, tx: Transaction, person: Document) -> None:
    """Remove a person, and how often somebody tried to be them."""
    await database["people"].delete_one({"_id": person["_id"]}, session=tx.session)
    whom = {"_id": f"whom:{person['id_index']}"}
    await database["verifications"].delete_one(whom, session=tx.session)
