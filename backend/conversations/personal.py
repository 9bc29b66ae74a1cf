"""会话 What `conversations` keeps of one person: everything said, copied out and erased."""

from __future__ import annotations

from collections.abc import Iterable

from backend.conversations import store
from backend.conversations.model import Message
from backend.document import Document
from backend.office import Office
from backend.personal.part import Part
from backend.personal.subject import Subject


async def personal(office: Office, subject: Subject) -> list[Document]:
    """Return the talks with everything that was said in them."""
    told: list[Document] = []
    for id, conversation in (
        await store.find_many(office.database, office.privacy, {*subject.conversations})
    ).items():
        log = store.whole_log(office.database, office.privacy, id)
        said = [_copy(message) async for message in log]
        told.append({"id": id, "channel": conversation.channel, "messages": said})
    return told


async def erase(office: Office, subject: Subject) -> int:
    """Remove the talks, their logs, and how it stood with deliveries."""
    for conversation_id in subject.conversations:
        office.log_ends.forget(conversation_id)
    return await store.remove(office.database, subject.conversations)


async def of_identities(office: Office, keys: Iterable[str]) -> list[str]:
    """Return the ids of the conversations of channel identities, such as `web:…`."""
    by_channel: dict[str, list[str]] = {}
    for key in keys:
        channel, _, id = key.partition(":")
        by_channel.setdefault(channel, []).append(id)
    return [
        conversation.id
        for channel, ids in by_channel.items()
        for conversation in await store.of_identities(office.database, office.privacy, channel, ids)
    ]


async def files_in(office: Office, subject: Subject) -> list[str]:
    """Return the ids of the files that were sent in the talks."""
    return [
        str(media_id)
        for conversation_id in subject.conversations
        async for message in store.whole_log(office.database, office.privacy, conversation_id)
        for media_id in message.body.get("media_ids") or ()
    ]


def _copy(message: Message) -> Document:
    return {"at": message.at, "author": message.author.kind, "body": message.body}


PART = Part("conversations", ("conversations", "messages", "deliveries"), personal, erase)
