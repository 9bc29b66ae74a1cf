"""退回排队 A talk goes back to its old place in the queue, with a note; the citizen is told."""

from __future__ import annotations

from typing import Literal

from backend.conversations import service as conversations
from backend.db import Transaction
from backend.events import Who
from backend.handoffs import hours, model, store
from backend.handoffs.model import Handoff, Note, State
from backend.handoffs.service import desk_hours, moved, spoken, tell
from backend.office import Inside

Cause = Literal["silent", "absent", "logout", "disabled", "passed"]


async def release(
    office: Inside,
    tx: Transaction,
    handoff: Handoff,
    cause: Cause,
    who: Who,
    *,
    why: str | None = None,
    by: str = "",
) -> Handoff:
    """Put a claimed talk back into the queue; the bot answers until somebody comes.

    Args:
        office: the office.
        tx: the transaction.
        handoff: the talk.
        cause: why it is nobody's any more; its note says so to whoever comes next.
        who: whoever caused it.
        why: a clerk's own words, which stand in the note instead.
        by: that clerk's name.

    Raises:
        ConflictError: nobody has claimed it, or it has ended.
    """
    name, now = handoff.claimed_by_name or "", office.clock.now()
    opening = await desk_hours(office)
    late_at = hours.after(opening, now, model.ANSWER_WITHIN)
    waits = model.release(handoff, late_at, hours.next_closing(opening, now))
    text = why or office.replies.say(f"handoff.note.{cause}", name=name)
    waits = model.noted(waits, Note(now, by, "released", text))
    await conversations.set_owner(office, tx, handoff.conversation_id, "bot", handoff.id)
    if hours.is_open(opening, now):
        key = "handoff.notice.passed" if cause == "passed" else "handoff.notice.released"
        await tell(office, tx, waits, key, name=name)
    else:
        when = spoken(office, hours.next_opening(opening, now))
        await tell(office, tx, waits, "handoff.notice.gone_home", name=name, when=when)
    released_from = {"id": handoff.claimed_by, "name": name}
    await moved(
        office, tx, waits, "handoff.released", who, text, cause=cause, released_from=released_from
    )
    return waits


async def release_all_of(
    office: Inside, tx: Transaction, staff_id: str, cause: Cause, who: Who
) -> None:
    """Put every talk of somebody who has gone back into the queue."""
    claimed = await store.of_state(
        office.database, office.privacy, State.CLAIMED, store.MOST_OPEN, tx=tx
    )
    for handoff in claimed:
        if handoff.claimed_by == staff_id:
            await release(office, tx, handoff, cause, who)
