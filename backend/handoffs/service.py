"""Use cases of handoffs: load, decide, save and tell in one transaction."""

from __future__ import annotations

from dataclasses import replace

from backend.cases import service as cases
from backend.conversations import service as conversations
from backend.conversations.model import Author, Delivery, Message
from backend.db import Document, Transaction
from backend.errors import NotFoundError
from backend.events import SYSTEM, Event, Who, emit
from backend.handoffs import model, store
from backend.handoffs.model import Handoff, Reason, State
from backend.numbers import new_id
from backend.office import Office
from backend.people.model import Identity
from backend.privacy import mask_document
from backend.staff.model import StaffMember
from backend.supervision.service import note_access

LIST_LIMIT = 200


async def open_one(
    office: Office, tx: Transaction, conversation_id: str, reason: Reason, summary: str
) -> tuple[Handoff, int]:
    """Ask for a person, once while one is asked for; return it and how many wait before.

    The bot goes on answering until somebody claims it: nobody may wait before a silent screen.

    Raises:
        NotFoundError: there is no such conversation.
    """
    conversation = await conversations.get(office, conversation_id, tx)
    if conversation.handoff_id is not None:
        handoff = await _load(office, tx, conversation.handoff_id)
    else:
        now = office.clock.now()
        handoff = model.open_handoff(new_id(), conversation_id, reason, summary, now)
        await store.save(office.database, office.privacy, tx, handoff)
        await conversations.set_owner(office, tx, conversation_id, "bot", handoff.id)
        data = {"conversation_id": conversation_id, "reason": reason.value, "due_at": _due(handoff)}
        event = Event("handoff", handoff.id, "handoff.opened", SYSTEM, now, data=data)
        await emit(office.database, tx, event)
    return handoff, await store.waiting_before(office.database, tx, handoff.opened_at)


async def claim(office: Office, tx: Transaction, handoff_id: str, member: StaffMember) -> Handoff:
    """Take a handoff: from now on the bot is silent and this person answers.

    Raises:
        NotFoundError: there is no such handoff.
        ConflictError: somebody else was faster, or it has ended.
    """
    handoff = await _load(office, tx, handoff_id)
    claimed = model.claim(handoff, member.id, member.name, office.clock.now())
    if claimed is handoff:
        return handoff
    await conversations.set_owner(office, tx, handoff.conversation_id, "staff", handoff.id)
    await _tell_citizen(office, tx, claimed, "handoff.notice.claimed", name=member.name)
    await _moved(office, tx, claimed, "handoff.claimed", member)
    return claimed


async def answer(
    office: Office, tx: Transaction, handoff_id: str, member: StaffMember, text: str
) -> Message:
    """Say something to the citizen as a person.

    Raises:
        NotFoundError: there is no such handoff.
        ConflictError: nobody has claimed it, or it has ended.
        ForbiddenError: a colleague has claimed it.
    """
    handoff = await _load(office, tx, handoff_id)
    answered = model.answer(handoff, member.id, office.clock.now())
    if answered is not handoff:
        await _moved(office, tx, answered, "handoff.answered", member)
    author = Author("staff", member.id, member.name)
    body: Document = {"kind": "text", "text": text}
    return await conversations.say(office, tx, handoff.conversation_id, body, author=author)


async def give_back(
    office: Office, tx: Transaction, handoff_id: str, member: StaffMember, why: str | None
) -> Handoff:
    """Hand the conversation back to the bot, and tell the citizen.

    Raises:
        As `answer`.
    """
    handoff = model.give_back(await _load(office, tx, handoff_id), member.id, office.clock.now())
    await _end(office, tx, handoff, "handoff.returned", member, why)
    return handoff


async def close(
    office: Office, tx: Transaction, handoff_id: str, member: StaffMember, why: str | None
) -> Handoff:
    """End a handoff; the bot goes on.

    Raises:
        As `answer`; a waiting one is everybody's to end.
    """
    handoff = model.close(await _load(office, tx, handoff_id), member.id, office.clock.now())
    await _end(office, tx, handoff, "handoff.closed", member, why)
    return handoff


async def listing(office: Office, state: State | None) -> list[Handoff]:
    """Return handoffs of one state, or all that are open, those who wait longest first."""
    states = [state] if state else [State.WAITING, State.CLAIMED]
    found: list[Handoff] = []
    for each in states:
        found += await store.of_state(
            office.database,
            office.privacy,
            each,
            LIST_LIMIT,
            newest_first=each in model.ENDED,
        )
    return found


async def get(office: Office, handoff_id: str) -> Handoff:
    """Return a handoff.

    Raises:
        NotFoundError: there is none of this id.
    """
    return await _load(office, None, handoff_id)


async def messages(
    office: Office, handoff_id: str, member: StaffMember, after: int, limit: int
) -> list[tuple[Message, Delivery | None]]:
    """Return a piece of the conversation with personal data masked; the look is noted.

    A message comes with its delivery where the first attempt to send it failed.

    Raises:
        NotFoundError: there is no such handoff.
    """
    handoff = await _load(office, None, handoff_id)
    await note_access(office, member, "messages.read", "handoff", handoff_id)
    found = await conversations.log(office, handoff.conversation_id, after, limit)
    names = await _known_names(office, handoff.conversation_id)
    told = await conversations.deliveries(office, handoff.conversation_id, after, limit)
    return [
        (replace(message, body=mask_document(message.body, names)), told.get(message.id))
        for message in found
    ]


async def _known_names(office: Office, conversation_id: str) -> set[str]:
    """Return the names this citizen has given in applications, so that they can be masked."""
    conversation = await conversations.get(office, conversation_id)
    identity = Identity(conversation.channel, conversation.identity)
    records = await cases.look_at_all(office, identity)
    return {name for record in records if (name := record.value_of("name"))}


async def _load(office: Office, tx: Transaction | None, handoff_id: str) -> Handoff:
    handoff = await store.find(office.database, office.privacy, handoff_id, tx)
    if handoff is None:
        raise NotFoundError("handoff.not_found")
    return handoff


async def _end(
    office: Office,
    tx: Transaction,
    handoff: Handoff,
    event: str,
    member: StaffMember,
    why: str | None,
) -> None:
    """Give the conversation to the bot again and tell the citizen."""
    await _moved(office, tx, handoff, event, member, why)
    await _tell_citizen(office, tx, handoff, "handoff.notice.returned")
    await conversations.set_owner(office, tx, handoff.conversation_id, "bot", None)


async def _moved(
    office: Office,
    tx: Transaction,
    handoff: Handoff,
    event: str,
    member: StaffMember,
    why: str | None = None,
) -> None:
    """Save a handoff and write down who moved it, when and why."""
    await store.save(office.database, office.privacy, tx, handoff)
    data = {
        "conversation_id": handoff.conversation_id,
        "state": handoff.state.value,
        "claimed_by": {"id": handoff.claimed_by, "name": handoff.claimed_by_name},
    }
    who = Who("staff", member.id)
    now = office.clock.now()
    await emit(office.database, tx, Event("handoff", handoff.id, event, who, now, why, data))


async def _tell_citizen(
    office: Office, tx: Transaction, handoff: Handoff, key: str, **values: object
) -> None:
    body: Document = {"kind": "notice", "text": office.replies.say(key, **values)}
    await conversations.say(office, tx, handoff.conversation_id, body, key=f"{key}:{handoff.id}")


def _due(handoff: Handoff) -> str:
    return handoff.due_at.isoformat()
