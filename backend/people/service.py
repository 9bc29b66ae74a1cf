"""身份 Use cases of people: remember an applicant, prove who somebody is, tell whose link it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from backend.clock import let_go_after, local
from backend.db import Transaction
from backend.document import Document
from backend.errors import InvalidError
from backend.events import Event, emit
from backend.numbers import new_id
from backend.office import Inside, Office
from backend.people import store
from backend.people.at_rest import citizen, indexes_of
from backend.people.model import LOCK, Identity, Link, Verification, is_phone, normalise_phone
from standards.id_number import problem_of, squeeze


async def remember(
    office: Inside, tx: Transaction, id_number: str, phone: str, source: str
) -> Link:
    """Return the person of an ID number, added where unknown, with the phone given this time.

    A phone typed into a form proves nothing. So a link is always to a person *with a phone*: who
    verifies with one phone sees what was applied for with that phone, and nothing else.
    """
    privacy = office.privacy
    number = squeeze(id_number)
    id_indexes = privacy.blind_indexes("id_number", number)
    phones = phone_indexes(office, phone)
    sealed_phone = privacy.seal_text(normalise_phone(phone))
    known = await store.by_id_index(office.database, tx, id_indexes)
    if known is not None:
        phone_index = _given(known, phones) or phones[0]
        await store.add_phone(office.database, tx, known["_id"], phone_index, sealed_phone)
        return Link(known["_id"], phone_index)
    person = {
        "_id": new_id(),
        "id_index": id_indexes[0],
        "sealed": privacy.seal_document({"id_number": number}),
        "phones": [phones[0]],
        "phone_seals": {phones[0]: sealed_phone},
        "source": source,
        "created_at": office.clock.now(),
    }
    await store.insert(office.database, tx, person)
    return Link(str(person["_id"]), phones[0])


async def link_of(office: Inside, identity: Identity, tx: Transaction | None = None) -> Link | None:
    """Return the person a channel identity proved to be, with the phone it proved it by."""
    return await store.link_of(office.database, office.privacy, identity, tx)


async def known(
    office: Inside, tx: Transaction, id_number: str, phone: str
) -> tuple[tuple[str, ...], Link | None]:
    """Return a lasting key of an ID number with a phone, and the person they belong to, if any.

    The key says nothing to whoever has not the office's own, and is the same when the person is
    erased. There are several, the one that is written now first, while `BLIND_INDEX_KEY` is
    replaced.

    Raises:
        InvalidError: the number or the phone cannot exist.
    """
    _check(id_number, phone, local(office.clock.now()))
    number, phones = squeeze(id_number), phone_indexes(office, phone)
    id_indexes = office.privacy.blind_indexes("id_number", number)
    person = await store.by_id_index(office.database, tx, id_indexes)
    given = _given(person, phones) if person else None
    keys = tuple(
        index_key.of("subject", f"{id_index}:{phone_index}")
        for index_key, id_index, phone_index in zip(
            office.privacy.index_keys, id_indexes, phones, strict=True
        )
    )
    return keys, Link(person["_id"], given) if person and given else None


async def identities_of(office: Office, link: Link) -> list[str]:
    """Return the keys of the channel identities that proved to be a person by a phone."""
    return list(await store.identities_of(office.database, office.privacy, link))


async def known_as(office: Office, identities: Sequence[str]) -> dict[str, Link]:
    """Return the persons that channel identities proved to be, by the identities' keys."""
    return await store.known_as(office.database, office.privacy, identities)


async def verify(
    office: Inside, tx: Transaction, identity: Identity, id_number: str, phone: str
) -> Verification:
    """核验身份 Compare an ID number and a phone with what the office knows.

    An unknown person and a wrong phone get one answer, by the same steps. Failures count for the
    one who asks and for the one asked about; five of either lock for an hour.

    Raises:
        InvalidError: the number or the phone cannot exist; this is no attempt.
    """
    _check(id_number, phone, local(office.clock.now()))
    now = office.clock.now()
    id_indexes = office.privacy.blind_indexes("id_number", squeeze(id_number))
    subjects = (
        [store.WHO + index for index in indexes_of(office.privacy, identity.key)],
        [store.WHOM + index for index in id_indexes],
    )
    counted = {names[0]: await store.attempts(office.database, tx, names) for names in subjects}
    locks = [until for kept in counted.values() if (until := kept.locked_at(now))]
    if locks:
        return Verification(verified=False, locked_until=max(locks))
    person = await store.by_id_index(office.database, tx, id_indexes)
    if person is not None and (given := _given(person, phone_indexes(office, phone))):
        for names in subjects:
            await store.forget_attempts(office.database, tx, names)
        await _prove(office, tx, identity, Link(person["_id"], given), phone)
        return Verification(verified=True)
    failed = {name: kept.after_failure(now) for name, kept in counted.items()}
    for name, kept in failed.items():
        await store.save_attempts(office.database, tx, name, kept, let_go_after(2 * LOCK))
    locks = [kept.locked_until for kept in failed.values() if kept.locked_until]
    return Verification(verified=False, locked_until=max(locks, default=None))


async def _prove(
    office: Inside, tx: Transaction, identity: Identity, link: Link, phone: str
) -> None:
    """Keep who somebody proved to be, and the phone sealed where an earlier version did not."""
    database, privacy, now = office.database, office.privacy, office.clock.now()
    sealed = privacy.seal_text(normalise_phone(phone))
    await store.add_phone(database, tx, link.person_id, link.phone_index, sealed)
    await store.save_link(database, privacy, tx, identity, link, now)
    who = citizen(privacy, identity)
    await emit(database, tx, Event("person", link.person_id, "person.verified", who, now))


def _check(id_number: str, phone: str, now: datetime) -> None:
    """Refuse what cannot be an ID number or a mobile number."""
    problem = problem_of(squeeze(id_number), now.date())
    if problem is not None:
        raise InvalidError(f"people.{problem.value}", field="id_number")
    if not is_phone(phone):
        raise InvalidError("people.phone", field="phone")


def phone_indexes(office: Inside, phone: str) -> tuple[str, ...]:
    """Return by what a phone may be found, what is written now first."""
    return office.privacy.blind_indexes("phone", normalise_phone(phone))


def _given(person: Document, phones: Sequence[str]) -> str | None:
    """Return by which index of a phone a person is known, None where they never gave it."""
    return next((index for index in phones if index in person["phones"]), None)
