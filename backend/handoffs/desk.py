"""坐席工作台 What staff look at: the queue, talks that ended, and words, masked or for a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from backend.cases import service as cases
from backend.clear import Mask
from backend.conversations import answers
from backend.conversations import service as conversations
from backend.conversations.model import Delivery, Message
from backend.db import Transaction
from backend.errors import ForbiddenError, NotFoundError
from backend.events import Event, Who, emit
from backend.handoffs import search, store
from backend.handoffs.model import Handoff, Reason, State
from backend.handoffs.service import load
from backend.office import Inside, Office
from backend.people.model import Identity
from backend.staff import presence
from backend.staff import service as staff
from backend.staff.model import ANSWERING, StaffMember
from backend.supervision.reasons import RevealReason
from backend.supervision.service import note_look, note_reveal

# As many lines of a queue as somebody looks at.
_SHOWN = 200
# A talk is read in pieces of this many messages when it is shown in clear.
_PIECE = 500
# Among so many messages before a piece stands the question that its first message answers.
_QUESTION_BEFORE = 8


@dataclass(frozen=True, slots=True)
class Colleague:
    """同事: somebody who may be given a talk.

    Attributes:
        talks: how many they have now.
    """

    id: str
    name: str
    talks: int


async def queue(office: Office, state: State | None) -> list[Handoff]:
    """Return handoffs that wait, are talked with, or both: danger first, then by time."""
    found: list[Handoff] = []
    for each in [state] if state else [State.WAITING, State.CLAIMED]:
        # Asked for by themselves: whoever may be in danger is shown, however many came before.
        urgent = await store.of_state(office.database, office.privacy, each, _SHOWN, priority=True)
        rows = await store.of_state(office.database, office.privacy, each, _SHOWN)
        found += urgent + [row for row in rows if not row.priority]
    return found


async def page(
    office: Office,
    state: State | None,
    asked: str,
    page_number: int,
    limit: int,
    *,
    ended: bool,
) -> tuple[list[Handoff], int]:
    """查找 Return one page of handoffs, newest first, and how many there are.

    Args:
        office: the office.
        state: only those that stand there.
        asked: an id, a number, a clerk's name or a reason; empty for all.
        page_number: from 1.
        limit: handoffs a page.
        ended: only those that have ended.
    """
    terms = await _terms(office, asked) if asked else None
    skip = (page_number - 1) * limit
    return await store.page(office.database, office.privacy, state, terms, skip, limit, ended=ended)


async def colleagues(office: Office, member: StaffMember) -> list[Colleague]:
    """Return who is there besides oneself, whoever has the fewest talks first."""
    claimed = await store.of_state(office.database, office.privacy, State.CLAIMED, store.MOST_OPEN)
    found = [
        Colleague(one.id, one.name, sum(talk.claimed_by == one.id for talk in claimed))
        for one in await presence.answering(office)
        if one.id != member.id
    ]
    return sorted(found, key=lambda one: (one.talks, one.name))


async def earlier(office: Office, handoff: Handoff) -> list[Handoff]:
    """Return the same citizen's handoffs before this one, oldest first."""
    return await store.of_conversation(
        office.database, office.privacy, handoff.conversation_id, handoff.opened_at
    )


async def mask(office: Office, conversation_id: str, tx: Transaction | None = None) -> Mask:
    """脱敏 Return how what stands in a conversation is masked."""
    conversation = await conversations.get(office, conversation_id, tx)
    return await cases.mask_for(office, Identity(conversation.channel, conversation.identity))


async def messages(
    office: Office, handoff_id: str, member: StaffMember, after: int, limit: int
) -> tuple[Handoff, list[tuple[Message, Delivery | None]]]:
    """Return a piece of the conversation; the look is noted.

    A message comes with its delivery where the first attempt to send it failed.

    Raises:
        NotFoundError: there is no such handoff.
    """
    handoff = await load(office, handoff_id)
    await note_look(office, member, "messages.read", "handoff", handoff_id)
    found = await conversations.log(office, handoff.conversation_id, after, limit)
    told = await conversations.deliveries(office, handoff.conversation_id, after, limit)
    return handoff, [(message, told.get(message.id)) for message in found]


async def personal_told(
    office: Office, handoff: Handoff, after: int, piece: Sequence[Message]
) -> dict[str, frozenset[str]]:
    """Return the names and addresses that messages hold as answers: message id → these words.

    Args:
        office: where it is looked up.
        handoff: whose conversation it is.
        piece: the messages.
        after: the place of the log where the piece begins; the question may stand before it.
    """
    start = max(0, after - _QUESTION_BEFORE)
    before = await conversations.log(office, handoff.conversation_id, start, after - start)
    return {id: frozenset([name]) for id, name in answers.personal_told([*before, *piece]).items()}


async def reveal(
    office: Inside,
    tx: Transaction,
    handoff_id: str,
    member: StaffMember,
    reason: RevealReason,
    message_id: str | None,
) -> tuple[Handoff, list[Message]]:
    """查看明文: return in clear what the citizen wrote to the clerk; who asked and why is kept.

    Args:
        office: the office.
        tx: the transaction.
        handoff_id: which talk.
        member: who has or had it, or a supervisor.
        reason: why, which an auditor reads.
        message_id: only this message, also one from before the talk; None for all since a person
            was asked for, and the words left.

    Raises:
        NotFoundError: there is no such handoff, or no such message in it.
        ForbiddenError: a colleague's talk.
        InvalidError: the reason tells nothing.
    """
    handoff = await load(office, handoff_id, tx)
    if member.id not in (*handoff.clerks, handoff.claimed_by) and "supervisor" not in member.roles:
        raise ForbiddenError("handoff.not_yours", name=handoff.claimed_by_name or "")
    await note_reveal(office, tx, member, "messages.reveal", "handoff", handoff_id, reason)
    who = Who("staff", member.id)
    data = {"conversation_id": handoff.conversation_id, "message_id": message_id}
    now = office.clock.now()
    event = Event("handoff", handoff_id, "handoff.revealed", who, now, why=reason.text, data=data)
    await emit(office.database, tx, event)
    written = await _written(office, handoff.conversation_id)
    if message_id is None:
        return handoff, [message for message in written if message.at >= handoff.opened_at]
    chosen = [message for message in written if message.id == message_id]
    if not chosen:
        raise NotFoundError("message.not_found")
    return replace(handoff, words=()), chosen


async def _written(office: Inside, conversation_id: str) -> list[Message]:
    """Return everything a citizen wrote."""
    found: list[Message] = []
    after = 0
    while piece := await conversations.log(office, conversation_id, after, _PIECE):
        found += [message for message in piece if message.author.kind == "citizen"]
        after = piece[-1].seq
    return found


async def _terms(office: Office, asked: str) -> Sequence[str]:
    """Return what somebody may mean who typed `asked`."""
    words = asked.strip()
    reasons = [one for one in Reason if words in office.replies.say(f"handoff.reason.{one}")]
    everyone = await staff.everyone(office)
    clerks = [one.id for one in everyone if words in one.name and one.roles & ANSWERING]
    return search.wanted(words, reasons, clerks)
