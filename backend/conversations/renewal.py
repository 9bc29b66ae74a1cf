"""换钥匙 Indexes of conversations, written anew under the first key."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable

from backend.conversations import store
from backend.office import Office
from backend.people.model import Identity
from backend.rewriting import Tally


async def renew(office: Office) -> Tally:
    """Write every index of a conversation's identity anew that is of an earlier key."""
    return await store.renew(office.database, office.privacy)


async def identities(office: Office) -> AsyncIterator[str]:
    """Give the channel identity of every conversation, such as `web:…`."""
    async for conversation in store.every(office.database, office.privacy):
        yield Identity(conversation.channel, conversation.identity).key


async def identities_in(office: Office, conversations: Iterable[str]) -> dict[str, str]:
    """Return the channel identities of some conversations, by their ids."""
    found = await store.find_many(office.database, office.privacy, {*conversations})
    return {id: Identity(one.channel, one.identity).key for id, one in found.items()}
