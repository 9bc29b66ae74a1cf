"""接待 What staff do with a talk: claim, answer, pass on, end; each in one transaction."""

from __future__ import annotations

from backend.conversations import service as conversations
from backend.conversations.model import Author, Message
from backend.db import Document, Transaction
from backend.errors import ConflictError
from backend.events import Who
from backend.handoffs import model, store
from backend.handoffs.model import Handoff, Note, NoteKind, State
from backend.handoffs.release import release
from backend.handoffs.service import load, moved, tell
from backend.office import Inside
from backend.staff import presence
from backend.staff.model import StaffMember


async def claim(office: Inside, tx: Transaction, handoff_id: str, member: StaffMember) -> Handoff:
    """Take a handoff: from now on the bot is silent and this person answers.

    Raises:
        NotFoundError: there is no such handoff.
        ConflictError: somebody else was faster, or it has ended.
    """
    handoff = await load(office, handoff_id, tx)
    claimed = model.claim(handoff, member.id, member.name, office.clock.now())
    if claimed is handoff:
        return handoff
    await conversations.set_owner(office, tx, handoff.conversation_id, "staff", handoff.id)
    await tell(office, tx, claimed, "handoff.notice.claimed", name=member.name)
    await moved(office, tx, claimed, "handoff.claimed", Who("staff", member.id))
    return claimed


async def answer(
    office: Inside, tx: Transaction, handoff_id: str, member: StaffMember, text: str
) -> Message:
    """Say something to the citizen as a person.

    Raises:
        NotFoundError: there is no such handoff.
        ConflictError: nobody has claimed it, or it has ended.
        ForbiddenError: a colleague has claimed it.
    """
    handoff = await load(office, handoff_id, tx)
    model.require_mine(handoff, member.id)
    author = Author("staff", member.id, member.name)
    body: Document = {"kind": "text", "text": text}
    message = await conversations.say(office, tx, handoff.conversation_id, body, author=author)
    answered = model.answer(handoff, member.id, office.clock.now(), message.seq)
    if handoff.answered_at is None:
        await moved(office, tx, answered, "handoff.answered", Who("staff", member.id))
    else:
        # The log tells of every further answer; here only the clerk's own clock starts anew.
        await store.save(office.database, office.privacy, tx, answered)
    return message


async def give_back(
    office: Inside, tx: Transaction, handoff_id: str, member: StaffMember, why: str | None
) -> Handoff:
    """Hand the conversation back to the bot, and tell the citizen.

    Raises:
        As `answer`.
    """
    now = office.clock.now()
    handoff = model.give_back(await load(office, handoff_id, tx), member.id, now)
    return await _end(office, tx, handoff, "returned", "handoff.notice.returned", member, why)


async def close(
    office: Inside, tx: Transaction, handoff_id: str, member: StaffMember, why: str | None
) -> Handoff:
    """End a handoff; the bot goes on. Whoever waited is told that nobody came.

    Raises:
        As `answer`; a waiting one is everybody's to end.
    """
    before = await load(office, handoff_id, tx)
    handoff = model.close(before, member.id, office.clock.now())
    nobody_came = before.state is State.WAITING
    notice = "handoff.notice.closed_unclaimed" if nobody_came else "handoff.notice.returned"
    return await _end(office, tx, handoff, "closed", notice, member, why)


async def transfer(
    office: Inside,
    tx: Transaction,
    handoff_id: str,
    member: StaffMember,
    to: str | None,
    why: str,
) -> Handoff:
    """转交: give one's talk to a colleague who is there, or back to the queue in its old place.

    Args:
        office: the office.
        tx: the transaction.
        handoff_id: which talk.
        member: who has it, or a supervisor.
        to: the colleague's account; None for the queue.
        why: what the next one should know.

    Raises:
        NotFoundError: there is no such handoff.
        ConflictError: nobody has claimed it, it has ended, or the colleague is not there.
        ForbiddenError: a colleague has claimed it.
    """
    handoff, now = await load(office, handoff_id, tx), office.clock.now()
    if "supervisor" not in member.roles:
        model.require_mine(handoff, member.id)
    who = Who("staff", member.id)
    if to is None:
        return await release(office, tx, handoff, "passed", who, why=why, by=member.name)
    colleague = next((one for one in await presence.answering(office) if one.id == to), None)
    if colleague is None:
        raise ConflictError("handoff.colleague_away")
    passed = model.pass_on(handoff, colleague.id, colleague.name, now)
    passed = model.noted(passed, Note(now, member.name, "transferred", why))
    before = handoff.claimed_by_name or ""
    await tell(office, tx, passed, "handoff.notice.transferred", name=before, next=colleague.name)
    await moved(office, tx, passed, "handoff.transferred", who, why)
    return passed


async def take_over(
    office: Inside, tx: Transaction, handoff_id: str, member: StaffMember
) -> Handoff:
    """接管: let a supervisor have a talk, whoever had it; a waiting one is claimed.

    Raises:
        NotFoundError: there is no such handoff.
        ConflictError: it has ended, or is theirs already.
    """
    handoff = await load(office, handoff_id, tx)
    if handoff.state is State.WAITING:
        return await claim(office, tx, handoff_id, member)
    taken = model.pass_on(handoff, member.id, member.name, office.clock.now())
    await tell(office, tx, taken, "handoff.notice.taken_over", name=member.name)
    before = {"id": handoff.claimed_by, "name": handoff.claimed_by_name}
    who = Who("staff", member.id)
    await moved(office, tx, taken, "handoff.taken_over", who, taken_from=before)
    return taken


async def _end(
    office: Inside,
    tx: Transaction,
    handoff: Handoff,
    kind: NoteKind,
    notice: str,
    member: StaffMember,
    why: str | None,
) -> Handoff:
    """Keep the note for the next colleague, tell the citizen, give the conversation to the bot."""
    if why:
        handoff = model.noted(handoff, Note(office.clock.now(), member.name, kind, why))
    await moved(office, tx, handoff, f"handoff.{kind}", Who("staff", member.id), why)
    await tell(office, tx, handoff, notice)
    await conversations.set_owner(office, tx, handoff.conversation_id, "bot", None)
    return handoff
