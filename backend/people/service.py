"""身份 Use cases of people: remember an applicant, prove who somebody is, tell whose link it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from backend.clock import local
from backend.db import Transaction
from backend.errors import InvalidError
from backend.events import Event, Who, emit
from backend.numbers import new_id
from backend.office import Office
from backend.people import store
from backend.people.model import LOCK, Identity, Link, Verification, is_phone, normalise_phone
from standards.id_number import problem_of, squeeze


async def remember(
    office: Office, tx: Transaction, id_number: str, phone: str, source: str
) -> Link:
    """Return the person of an ID number, added where unknown, with the phone given this time.

    A phone typed into a form proves nothing. So a link is always to a person *with a phone*: who
    verifies with one phone sees what was applied for with that phone, and nothing else.
    """
    privacy = office.privacy
    number = squeeze(id_number)
    id_index = privacy.blind_index("id_number", number)
    phone_index = _phone_index(office, phone)
    known = await store.by_id_index(office.database, tx, id_index)
    if known is not None:
        await store.add_phone(office.database, tx, known["_id"], phone_index)
        return Link(known["_id"], phone_index)
    person = {
        "_id": new_id(),
        "id_index": id_index,
        "sealed": privacy.seal_document({"id_number": number}),
        "phones": [phone_index],
        "source": source,
        "created_at": office.clock.now(),
    }
    await store.insert(office.database, tx, person)
    return Link(str(person["_id"]), phone_index)


async def link_of(office: Office, identity: Identity, tx: Transaction | None = None) -> Link | None:
    """Return the person a channel identity proved to be, with the phone it proved it by."""
    return await store.link_of(office.database, identity, tx)


async def known(
    office: Office, tx: Transaction, id_number: str, phone: str
) -> tuple[str, Link | None]:
    """Return a lasting key of an ID number with a phone, and the person they belong to, if any.

    The key says nothing to whoever has not the office's own, and is the same when the person is
    erased.

    Raises:
        InvalidError: the number or the phone cannot exist.
    """
    _check(id_number, phone, local(office.clock.now()))
    id_index = office.privacy.blind_index("id_number", squeeze(id_number))
    phone_index = _phone_index(office, phone)
    person = await store.by_id_index(office.database, tx, id_index)
    link = Link(person["_id"], phone_index) if person and phone_index in person["phones"] else None
    return office.privacy.blind_index("subject", f"{id_index}:{phone_index}"), link


async def identities_of(office: Office, link: Link) -> list[str]:
    """Return the keys of the channel identities that proved to be a person by a phone."""
    return [row["_id"] for row in await store.identities_of(office.database, link)]


async def known_as(office: Office, identities: Sequence[str]) -> dict[str, Link]:
    """Return the persons that channel identities proved to be, by the identities' keys."""
    return await store.known_as(office.database, identities)


async def verify(
    office: Office, tx: Transaction, identity: Identity, id_number: str, phone: str
) -> Verification:
    """核验身份 Compare an ID number and a phone with what the office knows.

    An unknown person and a wrong phone get one answer, by the same steps. Failures count for the
    one who asks and for the one asked about; five of either lock for an hour.

    Raises:
        InvalidError: the number or the phone cannot exist; this is no attempt.
    """
    _check(id_number, phone, local(office.clock.now()))
    now = office.clock.now()
    id_index = office.privacy.blind_index("id_number", squeeze(id_number))
    phone_index = _phone_index(office, phone)
    subjects = (f"who:{identity.key}", f"whom:{id_index}")
    counted = {name: await store.attempts(office.database, tx, name) for name in subjects}
    locks = [until for kept in counted.values() if (until := kept.locked_at(now))]
    if locks:
        return Verification(verified=False, locked_until=max(locks))
    person = await store.by_id_index(office.database, tx, id_index)
    if person is not None and phone_index in person["phones"]:
        for name in subjects:
            await store.forget_attempts(office.database, tx, name)
        link = Link(person["_id"], phone_index)
        await store.save_link(office.database, tx, identity, link, now)
        event = Event(
            "person", link.person_id, "person.verified", Who("citizen", identity.key), now
        )
        await emit(office.database, tx, event)
        return Verification(verified=True)
    failed = {name: kept.after_failure(now) for name, kept in counted.items()}
    for name, kept in failed.items():
        await store.save_attempts(office.database, tx, name, kept, now + 2 * LOCK)
    locks = [kept.locked_until for kept in failed.values() if kept.locked_until]
    return Verification(verified=False, locked_until=max(locks, default=None))


def _check(id_number: str, phone: str, now: datetime) -> None:
    """Refuse what cannot be an ID number or a mobile number."""
    problem = problem_of(squeeze(id_number), now.date())
    if problem is not None:
        raise InvalidError(f"people.{problem.value}", field="id_number")
    if not is_phone(phone):
        raise InvalidError("people.phone", field="phone")


def _phone_index(office: Office, phone: str) -> str:
    return office.privacy.blind_index("phone", normalise_phone(phone))
