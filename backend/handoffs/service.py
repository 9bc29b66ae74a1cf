"""转人工 What the bot asks for a citizen: a person, how it stands, to leave, to leave words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from backend.clock import local
from backend.conversations import service as conversations
from backend.db import Document, Transaction
from backend.errors import NotFoundError
from backend.events import SYSTEM, Event, Who, emit
from backend.handoffs import hours, model, store
from backend.handoffs.hours import DeskHours, read_hours
from backend.handoffs.model import Handoff, Reason, State, Words
from backend.numbers import new_id
from backend.office import Inside, Office
from backend.offices.service import halls
from backend.settings import SettingsError
from backend.staff import presence


@dataclass(frozen=True, slots=True)
class People:
    """在岗 Whether people answer now, how many are there, and when they are if not now."""

    open: bool
    present: int
    next_open_at: datetime | None


async def open_one(
    office: Inside,
    tx: Transaction,
    conversation_id: str,
    reason: Reason,
    summary: str,
    danger: str | None = None,
) -> tuple[Handoff, int]:
    """Ask for a person, once while one is asked for; return it and how many wait before.

    The bot goes on answering until somebody claims it: nobody may wait before a silent screen.
    Asked for again because somebody may be in danger, it comes before all others, also where a
    clerk has it already.

    Raises:
        NotFoundError: there is no such conversation.
    """
    conversation = await conversations.get(office, conversation_id, tx)
    if conversation.handoff_id is None:
        handoff = await _open(office, tx, conversation_id, reason, summary, danger)
    else:
        handoff = await load(office, conversation.handoff_id, tx)
        if reason is Reason.SAFETY:
            handoff = await _alarm(office, tx, handoff, summary, danger)
    return handoff, await _before(office, handoff, tx)


async def of_conversation(
    office: Office, conversation_id: str
) -> tuple[Handoff, int] | tuple[None, int]:
    """Return the handoff that is open in a conversation, and how many people come before it.

    Raises:
        NotFoundError: there is no such conversation.
    """
    conversation = await conversations.get(office, conversation_id)
    if conversation.handoff_id is None:
        return None, 0
    handoff = await load(office, conversation.handoff_id)
    return handoff, await _before(office, handoff)


async def of_conversations(office: Office, conversation_ids: Sequence[str]) -> list[str]:
    """Return the ids of all handoffs, ended ones too, of conversations."""
    return await store.ids_of(office.database, conversation_ids) if conversation_ids else []


async def leave(office: Inside, tx: Transaction, conversation_id: str) -> State | None:
    """Let a citizen go back to the bot; return where the handoff stood, None where there was none.

    Raises:
        NotFoundError: there is no such conversation.
    """
    conversation = await conversations.get(office, conversation_id, tx)
    if conversation.handoff_id is None:
        return None
    handoff = await load(office, conversation.handoff_id, tx)
    left = model.leave(handoff, office.clock.now())
    await moved(office, tx, left, "handoff.left", Who("citizen", conversation_id))
    await conversations.set_owner(office, tx, conversation_id, "bot", None)
    return handoff.state


async def leave_words(
    office: Inside, tx: Transaction, conversation_id: str, text: str, phone: str | None
) -> tuple[Handoff, datetime]:
    """留言: keep words for the clerks; return their handoff and when its clock starts.

    Raises:
        NotFoundError: there is no such conversation.
    """
    conversation = await conversations.get(office, conversation_id, tx)
    if conversation.handoff_id is None:
        handoff = await _open(office, tx, conversation_id, Reason.ASKED, "", None)
    else:
        handoff = await load(office, conversation.handoff_id, tx)
    now = office.clock.now()
    told = model.left_word(handoff, Words(now, text, phone))
    await moved(office, tx, told, "handoff.words", Who("citizen", conversation_id))
    return told, hours.next_opening(await desk_hours(office), now)


async def people(office: Office) -> People:
    """在岗 Tell whether people answer now."""
    opening, now = await desk_hours(office), office.clock.now()
    is_open = hours.is_open(opening, now)
    present = await presence.answering(office)
    return People(
        is_open, len(present), None if is_open else hours.next_opening(opening, now)
    )  # fmt: skip


async def desk_hours(office: Inside) -> DeskHours:
    """接待时间 Return the hours of the desk: the setting's, or those of the hall.

    Raises:
        SettingsError: the hall's hours cannot be read, so DESK_HOURS has to be set.
    """
    text = office.settings.desk_hours
    if not text:
        text = next((hall.hours for hall in await halls(office) if hall.kind == "hall"), "")
    try:
        return _read(text)
    except ValueError as error:
        raise SettingsError("set DESK_HOURS: the hall's hours cannot be read") from error


def spoken(office: Inside, moment: datetime) -> str:
    """Return a moment as it is said: today, tomorrow, or on which day."""
    then, today = local(moment), local(office.clock.now()).date()
    day = {0: "today", 1: "tomorrow"}.get((then.date() - today).days, "date")
    time = f"{then.hour}:{then.minute:02d}"
    return office.replies.say(f"handoff.when.{day}", month=then.month, day=then.day, time=time)


async def load(office: Inside, handoff_id: str, tx: Transaction | None = None) -> Handoff:
    """Return a handoff.

    Raises:
        NotFoundError: there is none of this id.
    """
    handoff = await store.find(office.database, office.privacy, handoff_id, tx)
    if handoff is None:
        raise NotFoundError("handoff.not_found")
    return handoff


async def moved(
    office: Inside,
    tx: Transaction,
    handoff: Handoff,
    event: str,
    who: Who,
    why: str | None = None,
    **more: object,
) -> None:
    """Save a handoff and write down who moved it, when and why; `more` is told to the desk too."""
    await store.save(office.database, office.privacy, tx, handoff)
    data: Document = {
        "conversation_id": handoff.conversation_id,
        "state": handoff.state.value,
        "reason": handoff.reason.value,
        "priority": handoff.priority,
        "danger": handoff.danger,
        "due_at": handoff.due_at.isoformat(),
        "claimed_by": {"id": handoff.claimed_by, "name": handoff.claimed_by_name},
        **more,
    }
    now = office.clock.now()
    await emit(office.database, tx, Event("handoff", handoff.id, event, who, now, why, data))


async def tell(
    office: Inside, tx: Transaction, handoff: Handoff, key: str, **values: object
) -> None:
    """Tell the citizen what became of the wait or the talk."""
    body: Document = {"kind": "notice", "text": office.replies.say(key, **values)}
    await conversations.say(office, tx, handoff.conversation_id, body)


async def _open(
    office: Inside,
    tx: Transaction,
    conversation_id: str,
    reason: Reason,
    summary: str,
    danger: str | None,
) -> Handoff:
    """Put a citizen into the queue; outside hours the clock starts when the desk opens."""
    now, opening = office.clock.now(), await desk_hours(office)
    handoff = model.open_handoff(
        new_id(),
        conversation_id,
        reason,
        summary,
        now,
        hours.after(opening, now, model.ANSWER_WITHIN),
        hours.next_closing(opening, now),
        danger,
    )
    await conversations.set_owner(office, tx, conversation_id, "bot", handoff.id)
    await moved(office, tx, handoff, "handoff.opened", SYSTEM)
    return handoff


async def _alarm(
    office: Inside, tx: Transaction, handoff: Handoff, summary: str, danger: str | None
) -> Handoff:
    """Mark a handoff as one of somebody in danger, and ring at the desk."""
    alarmed = model.alarm(handoff, summary, danger)
    if alarmed is not handoff:
        await moved(office, tx, alarmed, "handoff.alarm", SYSTEM)
    return alarmed


async def _before(office: Inside, handoff: Handoff, tx: Transaction | None = None) -> int:
    """Return how many people come before one who waits; nobody does once it is claimed."""
    if handoff.state is not State.WAITING:
        return 0
    return await store.waiting_before(office.database, tx, handoff)


@lru_cache(maxsize=4)
def _read(text: str) -> DeskHours:
    return read_hours(text)
