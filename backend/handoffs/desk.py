"""坐席工作台 What staff look at: the queue, ended talks, and conversations with data masked."""

from __future__ import annotations

from dataclasses import replace

from backend.cases import service as cases
from backend.conversations import service as conversations
from backend.conversations.model import Delivery, Message
from backend.handoffs import model, store
from backend.handoffs.model import Handoff, State
from backend.handoffs.service import load
from backend.office import Office
from backend.people.model import Identity
from backend.privacy import mask_document
from backend.staff.model import StaffMember
from backend.supervision.service import note_access

LIST_LIMIT = 200


async def listing(office: Office, state: State | None) -> list[Handoff]:
    """Return handoffs of one state, or all that are open: danger first, then by time."""
    found: list[Handoff] = []
    for each in [state] if state else [State.WAITING, State.CLAIMED]:
        newest_first = each in model.ENDED
        rows = await store.of_state(
            office.database, office.privacy, each, LIST_LIMIT, newest_first=newest_first
        )
        found += rows if newest_first else sorted(rows, key=lambda row: not row.priority)
    return found


async def messages(
    office: Office, handoff_id: str, member: StaffMember, after: int, limit: int
) -> list[tuple[Message, Delivery | None]]:
    """Return a piece of the conversation with personal data masked; the look is noted.

    A message comes with its delivery where the first attempt to send it failed.

    Raises:
        NotFoundError: there is no such handoff.
    """
    handoff = await load(office, handoff_id)
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
