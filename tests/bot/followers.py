"""What the tests of messaging apps look at behind the callback."""

from __future__ import annotations

from typing import Any

from bot.channels.wechat.people import ChannelIdentities


def conversation_of(platform: Any, openid: str) -> str:
    """Return the conversation a follower of the emulated account has."""
    door = platform.door.door
    identities = ChannelIdentities(door.database, door.hashing, door.inbox._clock)
    return identities.own_conversation("wechat", platform.app_id, openid)


async def rows(platform: Any, collection: str, **query: Any) -> list[dict[str, Any]]:
    """Return documents of the door's database."""
    return [row async for row in platform.door.door.database[collection].find(query)]


async def nothing_waits(platform: Any, openid: str) -> bool:
    """Say whether everything to the follower has been said or given up."""
    found = await rows(platform, "outbox", conversation_id=conversation_of(platform, openid))
    return bool(found) and all(row["state"] in {"sent", "failed", "dropped"} for row in found)
