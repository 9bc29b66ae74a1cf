"""个人信息 Copy out or erase all there is of one person (《个人信息保护法》第四十五、四十七条)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial

import structlog

from backend.db import Transaction
from backend.document import Document
from backend.errors import ConflictError, NotFoundError
from backend.events import Event, Who, emit
from backend.numbers import new_id
from backend.office import Inside, Office
from backend.people import service as people
from backend.personal import finding, store
from backend.personal.model import DOOR, Erasure
from backend.personal.parts import PARTS
from backend.personal.subject import Subject
from backend.privacy import mask_text

log = structlog.get_logger(__name__)

Noting = Callable[[Transaction], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whose data is asked for.

    Attributes:
        keys: keyed hashes of who it is, the same when nothing is left of them; the one that is
            written now first.
        subject: what there is of them.
    """

    keys: tuple[str, ...]
    subject: Subject


async def by_id_number(office: Office, id_number: str, phone: str) -> Person:
    """Return what belongs to an ID number with a phone; empty where the office knows nothing.

    Raises:
        InvalidError: the number or the phone cannot exist.
    """
    keys, link = await office.transact(lambda tx: people.known(office, tx, id_number, phone))
    return Person(keys, await finding.of_link(office, link) if link else Subject())


async def by_conversation(office: Office, conversation_id: str) -> Person:
    """Return what belongs to whoever holds a conversation; empty where there is none."""
    keys = office.privacy.blind_indexes("subject", conversation_id)
    try:
        return Person(keys, await finding.of_conversation(office, conversation_id))
    except NotFoundError:
        return Person(keys, Subject())


async def copy(office: Office, person: Person, who: Who, why: str) -> Document:
    """查阅、复制 Return in clear what every part has of a person, and note who asked.

    Raises:
        NotFoundError: the office knows nothing of them.
    """
    if person.subject.is_empty:
        raise NotFoundError("personal.unknown")
    copied = {part.name: await part.personal(office, person.subject) for part in PARTS}
    now = office.clock.now()

    async def note(tx: Transaction) -> None:
        counts = {name: len(entries) for name, entries in copied.items() if entries}
        event = Event("personal", new_id(), "personal.copied", who, now, why, counts)
        await emit(office.database, tx, event)

    await office.transact(note)
    return {"copied_at": now, **{name: entries for name, entries in copied.items() if entries}}


async def begin(
    office: Office, person: Person, who: Who, why: str, noted: Noting | None = None
) -> Erasure:
    """删除 Order an erasure, or return the one that is under way or was the last.

    Args:
        office: the office.
        person: whose data is to go.
        who: who orders it.
        why: for what reason; kept masked.
        noted: writes down elsewhere that it was ordered, in the transaction that orders it.

    Raises:
        NotFoundError: nothing is known of them, and never was.
        ConflictError: something of theirs is still under way; the detail has the numbers.
    """
    # Looked at before the transaction: it reads much, and what comes in meanwhile stays theirs.
    waits = await finding.under_way(office, person.subject)

    async def order(tx: Transaction) -> Erasure:
        if noted:
            await noted(tx)
        earlier = await store.of_keys(office.database, office.privacy, tx, person.keys)
        if earlier and (earlier[-1].ended_at is None or person.subject.is_empty):
            return earlier[-1]
        if person.subject.is_empty:
            raise NotFoundError("personal.unknown")
        if waits:
            raise ConflictError("personal.under_way", numbers=waits)
        subject = person.subject
        erasure = Erasure(
            id=new_id(),
            key=person.keys[0],
            by=(who.kind, who.id),
            why=mask_text(why),
            at=office.clock.now(),
            subject=subject,
            kept=(*subject.cases, *subject.reports),
        )
        await store.save(office.database, office.privacy, tx, erasure)
        await _tell(office, tx, erasure, "personal.erasing", who)
        return erasure

    return await office.transact(order)


async def go_on(office: Office, erasure_id: str) -> Erasure:
    """Do the office's steps that are not done; what was interrupted is simply done again.

    The door comes first: what it still takes in would be written into a log that is gone.

    Raises:
        NotFoundError: there is no such erasure.
    """
    erasure = await get(office, erasure_id)
    if DOOR not in erasure.done:
        return erasure
    for part in PARTS:
        if part.name not in erasure.done and erasure.ended_at is None:
            touched = await part.erase(office, erasure.subject)
            step = partial(_finished, office, erasure_id, part.name, touched)
            erasure = await office.transact(step)
    return erasure


async def door_finished(office: Inside, tx: Transaction, erasure_id: str, touched: int) -> Erasure:
    """Note that the door and the dialogue have erased their share.

    Raises:
        NotFoundError: there is no such erasure.
    """
    return await _finished(office, erasure_id, DOOR, touched, tx)


async def get(office: Inside, erasure_id: str) -> Erasure:
    """Return an erasure.

    Raises:
        NotFoundError: there is none of this id.
    """
    erasure = await store.get(office.database, office.privacy, erasure_id)
    if erasure is None:
        raise NotFoundError("personal.no_erasure")
    return erasure


async def at_the_door(office: Office) -> Sequence[Erasure]:
    """Return the erasures of which the door still has its share."""
    found = await store.under_way(office.database, office.privacy)
    return [erasure for erasure in found if DOOR not in erasure.done]


async def resume(office: Office) -> None:
    """Go on with every erasure that a process left in the middle.

    One that fails is logged, holds none of the others up, and is tried again at the next run.
    """
    for erasure in await store.under_way(office.database, office.privacy):
        [failure] = await asyncio.gather(go_on(office, erasure.id), return_exceptions=True)
        if isinstance(failure, Exception):
            log.error("personal.erasure_failed", erasure=erasure.id, exc_info=failure)


async def _finished(
    office: Inside, erasure_id: str, step: str, touched: int, tx: Transaction
) -> Erasure:
    """Note a finished step; after the last one only the receipt stays."""
    erasure = await store.get(office.database, office.privacy, erasure_id, tx)
    if erasure is None:
        raise NotFoundError("personal.no_erasure")
    if erasure.ended_at is not None or step in erasure.done:
        return erasure
    erasure = erasure.after(step, touched)
    if {DOOR, *(part.name for part in PARTS)} <= set(erasure.done):
        erasure = erasure.ended(office.clock.now())
        await _tell(office, tx, erasure, "personal.erased", Who("system"))
    await store.save(office.database, office.privacy, tx, erasure)
    return erasure


async def _tell(office: Inside, tx: Transaction, erasure: Erasure, type: str, who: Who) -> None:
    data: Document = {"done": dict(erasure.done), "kept": len(erasure.kept)}
    event = Event("personal", erasure.id, type, who, office.clock.now(), erasure.why, data)
    await emit(office.database, tx, event)
