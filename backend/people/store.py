"""Collections `people`, `identities` and `verifications`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pymongo import ASCENDING, IndexModel

from backend import rewriting
from backend.db import Database, Document, Indexes, Transaction, delete_each, one_of
from backend.people.at_rest import indexes_of, seal, unseal
from backend.people.model import Attempts, Identity, Link
from backend.privacy import Privacy
from backend.rewriting import move

INDEXES: Indexes = {
    "people": [IndexModel([("id_index", ASCENDING)], unique=True)],
    "identities": [IndexModel([("person_id", ASCENDING)])],
    "verifications": [IndexModel([("forget_at", ASCENDING)], expireAfterSeconds=0)],
}


# What a count of failures is of: who asked, or whom they said to be.
WHO, WHOM = "who:", "whom:"


async def by_id_index(
    database: Database, tx: Transaction, indexes: Sequence[str]
) -> Document | None:
    """Return the person of an ID number, by the blind indexes it may have."""
    return await database["people"].find_one({"id_index": one_of(indexes)}, session=tx.session)


async def insert(database: Database, tx: Transaction, person: Document) -> None:
    """Add a person."""
    await database["people"].insert_one(person, session=tx.session)


async def add_phone(
    database: Database, tx: Transaction, person_id: str, phone_index: str, sealed: bytes
) -> None:
    """Remember that a person gave this phone in an application; it is kept sealed beside."""
    change = {"$addToSet": {"phones": phone_index}, "$set": {f"phone_seals.{phone_index}": sealed}}
    await database["people"].update_one({"_id": person_id}, change, session=tx.session)


async def link_of(
    database: Database, privacy: Privacy, identity: Identity, tx: Transaction | None = None
) -> Link | None:
    """Return the person a channel identity proved to be."""
    session = tx.session if tx else None
    query = {"_id": one_of(indexes_of(privacy, identity.key))}
    found = await database["identities"].find_one(query, session=session)
    return Link(found["person_id"], found["phone_index"]) if found else None


async def save_link(
    database: Database,
    privacy: Privacy,
    tx: Transaction,
    identity: Identity,
    link: Link,
    at: datetime,
) -> None:
    """Link a channel identity to the person it proved to be."""
    first, *others = indexes_of(privacy, identity.key)
    await database["identities"].replace_one(
        {"_id": first},
        {
            "_id": first,
            "sealed": seal(privacy, identity),
            "person_id": link.person_id,
            "phone_index": link.phone_index,
            "verified_at": at,
        },
        upsert=True,
        session=tx.session,
    )
    for other in others:
        await database["identities"].delete_one({"_id": other}, session=tx.session)


async def attempts(database: Database, tx: Transaction, subjects: Sequence[str]) -> Attempts:
    """Return how often somebody failed lately; of counts under several keys the last one."""
    cursor = database["verifications"].find({"_id": one_of(subjects)}, session=tx.session)
    found = [
        Attempts(row["count"], row["since"], row["locked_until"])
        for row in await cursor.to_list(None)
    ]
    return max(found, key=lambda one: (one.since, one.count), default=Attempts())


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


async def forget_attempts(database: Database, tx: Transaction, subjects: Sequence[str]) -> None:
    """Forget the failures of somebody after a success."""
    for subject in subjects:
        await database["verifications"].delete_one({"_id": subject}, session=tx.session)


async def get(database: Database, person_id: str, tx: Transaction | None = None) -> Document | None:
    """Return a person."""
    session = tx.session if tx else None
    return await database["people"].find_one({"_id": person_id}, session=session)


async def identities_of(database: Database, privacy: Privacy, link: Link) -> dict[str, datetime]:
    """Return when which channel identities proved to be a person by a phone, by identity."""
    query = {"person_id": link.person_id, "phone_index": link.phone_index}
    found = await database["identities"].find(query).to_list(None)
    return {unseal(privacy, row["sealed"]).key: row["verified_at"] for row in found}


async def known_as(
    database: Database, privacy: Privacy, identities: Sequence[str]
) -> dict[str, Link]:
    """Return the persons that channel identities proved to be, by identity."""
    names = {index: key for key in identities for index in indexes_of(privacy, key)}
    found = database["identities"].find({"_id": {"$in": list(names)}})
    return {names[row["_id"]]: Link(row["person_id"], row["phone_index"]) async for row in found}


async def forget_identities(database: Database, privacy: Privacy, identities: Sequence[str]) -> int:
    """Forget who channel identities proved to be, and how often they tried."""
    indexes = indexes_of(privacy, *identities)
    subjects = [WHO + index for index in indexes]
    await delete_each(database, "verifications", {"_id": {"$in": subjects}})
    return await delete_each(database, "identities", {"_id": {"$in": indexes}})


async def clear_identities(database: Database) -> list[Document]:
    """Return the identities that an earlier version wrote in clear."""
    return await database["identities"].find({"sealed": None}).to_list(None)


async def move_identity(database: Database, document: Document, index: str) -> None:
    """Put an identity where it is found by its index."""
    await move(database, "identities", document, index)


async def clear_attempts(database: Database) -> list[Document]:
    """Return the counts of failures that an earlier version wrote under identities in clear."""
    of_somebody = {"_id": {"$gte": WHO, "$lt": WHO[:-1] + ";"}}
    found = await database["verifications"].find(of_somebody).to_list(None)
    return [document for document in found if ":" in document["_id"].removeprefix(WHO)]


async def move_attempts(database: Database, document: Document, index: str) -> None:
    """Put a count of failures where it is found by its identity's index."""
    await move(database, "verifications", document, WHO + index)


async def forget_phone(database: Database, tx: Transaction, link: Link) -> Document | None:
    """Take a phone from a person; return the person as they are then, None where there is none."""
    query = {"_id": link.person_id}
    change = {
        "$pull": {"phones": link.phone_index},
        "$unset": {f"phone_seals.{link.phone_index}": ""},
    }
    await database["people"].update_one(query, change, session=tx.session)
    return await database["people"].find_one(query, session=tx.session)


async def remove(database: Database, tx: Transaction, person: Document) -> None:
    """Remove a person, and how often somebody tried to be them."""
    await database["people"].delete_one({"_id": person["_id"]}, session=tx.session)
    whom = {"_id": WHOM + person["id_index"]}
    await database["verifications"].delete_one(whom, session=tx.session)


async def every_id(database: Database) -> list[str]:
    """Return the ids of all persons."""
    return [row["_id"] async for row in database["people"].find({}, {"_id": 1})]


async def every_identity(database: Database) -> list[Document]:
    """Return all identities."""
    return await database["identities"].find({}).to_list(None)


async def write(database: Database, tx: Transaction, person: Document) -> None:
    """Write a person anew."""
    query = {"_id": person["_id"]}
    await database["people"].replace_one(query, person, session=tx.session)


async def relink(database: Database, tx: Transaction, before: Link, after: Link) -> int:
    """Let identities that proved a phone know it by another index; return how many there were."""
    return await rewriting.relink(database, "identities", tx, before, after)
