"""一次采集 What `people` keeps of one person, copied out and erased."""

from __future__ import annotations

from backend.db import Transaction
from backend.document import Document
from backend.office import Office
from backend.people import store
from backend.people.model import Link
from backend.personal.part import Part
from backend.personal.subject import Subject


async def personal(office: Office, subject: Subject) -> list[Document]:
    """Return the ID number, and where and when it was proven."""
    told: list[Document] = []
    for link in subject.links:
        person = await store.get(office.database, link.person_id)
        if person is None:
            continue
        proven = await store.identities_of(office.database, office.privacy, link)
        told.append(
            {
                **office.privacy.unseal_document(person["sealed"]),
                "known_since": person["created_at"],
                "from": person["source"],
                "proven": [{"as": key, "at": at} for key, at in proven.items()],
            }
        )
    return told


async def erase(office: Office, subject: Subject) -> int:
    """Forget the identities, then the phones, then whoever is left without a phone."""
    erased = await store.forget_identities(office.database, office.privacy, subject.identities)
    for link in subject.links:

        async def forget(tx: Transaction, link: Link = link) -> int:
            person = await store.forget_phone(office.database, tx, link)
            if person is None or person["phones"]:
                return 0
            await store.remove(office.database, tx, person)
            return 1

        erased += await office.transact(forget)
    return erased


PART = Part("people", ("people", "identities", "verifications"), personal, erase)
