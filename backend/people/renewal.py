"""换钥匙 Indexes of people and of who proved to be them, written anew under the first key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.fernet import InvalidToken

from backend.db import Transaction
from backend.document import Document
from backend.office import Inside, Office
from backend.people import store
from backend.people.at_rest import index_of, unseal
from backend.people.model import Link
from backend.people.service import phone_indexes
from backend.rewriting import Tally


@dataclass(frozen=True, slots=True)
class Renewed:
    """What became of a person.

    Attributes:
        changed: the person was written anew.
        left: phones of which only an index is known.
        moved: links that stand elsewhere, as they may be and as they become.
    """

    changed: bool = False
    left: int = 0
    moved: tuple[tuple[Link, Link], ...] = ()


async def renew_identities(office: Office) -> Tally:
    """Put every identity where it is found by the first key."""
    tally = Tally()
    for document in await store.every_identity(office.database):
        try:
            index = index_of(office.privacy, unseal(office.privacy, document["sealed"]).key)
        except InvalidToken:
            tally.left += 1
            continue
        if index != document["_id"]:
            await store.move_identity(office.database, document, index)
            tally.changed += 1
    return tally


async def every_id(office: Office) -> list[str]:
    """Return the ids of all persons."""
    return await store.every_id(office.database)


async def unsealed_phones(office: Office, person_id: str) -> list[Link]:
    """Return the phones of a person of which an earlier version kept the index alone."""
    person = await store.get(office.database, person_id) or {"phones": []}
    seals = person.get("phone_seals", {})
    return [Link(person_id, index) for index in person["phones"] if index not in seals]


async def renew(
    office: Inside, tx: Transaction, person_id: str, found: Mapping[str, str]
) -> Renewed:
    """Write a person's indexes anew, in the transaction that writes their links anew.

    Args:
        office: the office.
        tx: the transaction under way.
        person_id: whose.
        found: phones in clear by index, of which no sealed copy is kept.

    Raises:
        InvalidToken: no key opens the ID number or a phone.
    """
    person = await store.get(office.database, person_id, tx)
    if person is None:
        return Renewed()
    phones, left = _phones(office, person, found)
    anew = {**person, **_indexes(office, person, phones, left)}
    if anew != person:
        await store.write(office.database, tx, anew)
    moved = tuple(
        (Link(person_id, earlier), Link(person_id, first))
        for phone in phones.values()
        for first, *others in [phone_indexes(office, phone)]
        for earlier in others
    )
    return Renewed(anew != person, len(left), moved)


async def relink(office: Inside, tx: Transaction, before: Link, after: Link) -> int:
    """Let identities that proved a phone know it by another index; return how many there were."""
    return await store.relink(office.database, tx, before, after)


def _phones(
    office: Inside, person: Document, found: Mapping[str, str]
) -> tuple[dict[str, str], list[str]]:
    """Return a person's phones in clear by index, and the indexes of which nothing is known."""
    seals = person.get("phone_seals", {})
    sealed = {index: seals[index] for index in person["phones"] if index in seals}
    clear = {index: office.privacy.unseal_text(kept) for index, kept in sealed.items()}
    clear |= {index: found[index] for index in person["phones"] if index in found}
    return clear, [index for index in person["phones"] if index not in clear]


def _indexes(
    office: Inside, person: Document, phones: Mapping[str, str], left: list[str]
) -> Document:
    """Return the fields of a person that depend on the first key."""
    number = office.privacy.unseal_document(person["sealed"])["id_number"]
    indexes = {index: phone_indexes(office, phone)[0] for index, phone in phones.items()}
    seals = person.get("phone_seals", {})
    return {
        "id_index": office.privacy.blind_index("id_number", number),
        "phones": list(dict.fromkeys([*indexes.values(), *left])),
        "phone_seals": {
            indexes[index]: seals.get(index) or office.privacy.seal_text(phone)
            for index, phone in phones.items()
        },
    }
