"""接待时限 What becomes due by itself: nobody came, a clerk lets a citizen wait, a clerk is gone.

Everything due is found in MongoDB, and each piece is decided again in the transaction that does
it: two processes, or one that died in the middle, do nothing twice and leave nothing undone.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from backend.conversations import service as conversations
from backend.db import Transaction
from backend.events import SYSTEM
from backend.handoffs import hours, store
from backend.handoffs.model import Handoff, State
from backend.handoffs.patience import (
    ABSENT_AFTER,
    Verdict,
    judge,
    release_due,
    unanswered_since,
)
from backend.handoffs.release import Cause, release
from backend.handoffs.service import desk_hours, load, moved, spoken, tell
from backend.office import Inside, Office
from backend.staff import presence

PERIOD_SECONDS = 3.0
_CAUSES: dict[Verdict, Cause] = {Verdict.SILENT: "silent", Verdict.ABSENT: "absent"}


async def tick(office: Office) -> None:
    """Do what is due now."""
    now = office.clock.now()
    for handoff_id in await store.due(office.database, "closes_at", now):
        await office.transact(partial(_tell_closed, office, handoff_id))
    if hours.is_open(await desk_hours(office), now):
        for handoff_id in await store.due(office.database, "late_at", now):
            await office.transact(partial(_tell_late, office, handoff_id))
    claimed = await store.of_state(
        office.database, office.privacy, State.CLAIMED, store.MOST_OPEN
    )  # fmt: skip
    here = await presence.here(office, ABSENT_AFTER) if claimed else set()
    for handoff in claimed:
        if await _verdict(office, handoff, here) is not Verdict.NOTHING:
            await office.transact(partial(_settle, office, handoff.id))


async def _tell_late(office: Inside, handoff_id: str, tx: Transaction) -> None:
    """Tell the citizen once that it takes longer, and ring at the desk."""
    handoff = await load(office, handoff_id, tx)
    late = handoff.late_at is not None and handoff.late_at <= office.clock.now()
    if handoff.state is not State.WAITING or not late:
        return
    urgent = "_priority" if handoff.priority else ""
    await tell(office, tx, handoff, f"handoff.notice.late{urgent}")
    await moved(office, tx, replace(handoff, late_at=None), "handoff.overdue", SYSTEM)


async def _tell_closed(office: Inside, handoff_id: str, tx: Transaction) -> None:
    """Tell the citizen when people are there again, at each closing that finds them waiting."""
    handoff, now = await load(office, handoff_id, tx), office.clock.now()
    closed = handoff.closes_at is not None and handoff.closes_at <= now
    if handoff.state is not State.WAITING or not closed:
        return
    opening = await desk_hours(office)
    if not hours.is_open(opening, now):
        when = spoken(office, hours.next_opening(opening, now))
        urgent = "_priority" if handoff.priority else ""
        await tell(office, tx, handoff, f"handoff.notice.closed_desk{urgent}", when=when)
    later = replace(handoff, closes_at=hours.next_closing(opening, now))
    await moved(office, tx, later, "handoff.kept", SYSTEM)


async def _settle(office: Inside, handoff_id: str, tx: Transaction) -> None:
    """Warn the clerk of a talk, or put it back into the queue."""
    handoff = await load(office, handoff_id, tx)
    if handoff.state is not State.CLAIMED:
        return
    here = await presence.here(office, ABSENT_AFTER, tx)
    verdict = await _verdict(office, handoff, here, tx)
    if verdict is Verdict.WARN:
        since = await _since(office, handoff, tx)
        assert since is not None, "nobody is warned who let nobody wait"
        due = release_due(await desk_hours(office), since, _limit(office))
        warned = replace(handoff, release_at=due)
        await moved(office, tx, warned, "handoff.warned", SYSTEM, release_at=due.isoformat())
    elif verdict in _CAUSES:
        await release(office, tx, handoff, _CAUSES[verdict], SYSTEM)


async def _verdict(
    office: Inside, handoff: Handoff, here: set[str], tx: Transaction | None = None
) -> Verdict:
    return judge(
        handoff,
        await _since(office, handoff, tx),
        office.clock.now(),
        await desk_hours(office),
        _limit(office),
        present=handoff.claimed_by in here,
    )


async def _since(office: Inside, handoff: Handoff, tx: Transaction | None) -> datetime | None:
    """Return since when the citizen waits for the clerk's word."""
    asked_at = None
    if handoff.answered_seq is not None:
        asked_at = await conversations.asked_after(
            office, handoff.conversation_id, handoff.answered_seq, tx
        )
    return unanswered_since(handoff, asked_at)


def _limit(office: Inside) -> timedelta:
    return timedelta(seconds=office.settings.talk_answer_seconds)
