"""Waiting for the replies to one message, for callers who want them in the same answer."""

from __future__ import annotations

import asyncio
from typing import Any

from bot.inbox.store import Inbox
from bot.outbox.model import OPEN_STATES, Outgoing
from bot.outbox.store import Outbox
from bot.wakeups import Bell

_LOOK_EVERY = 1.0


class Waiter:
    """Watches a message until everything it led to has been said."""

    def __init__(self, inbox: Inbox, outbox: Outbox) -> None:
        self._inbox = inbox
        self._outbox = outbox

    async def wait(self, inbox_id: str, bell: Bell, seconds: float) -> dict[str, Any] | None:
        """Wait at most `seconds`; return `{done, messages}`, or None when it takes longer."""
        clock = asyncio.get_running_loop().time
        end = clock() + seconds
        while True:
            outcome = await self._look(inbox_id)
            if outcome or clock() >= end:
                return outcome
            await bell.wait(min(_LOOK_EVERY, end - clock()))

    async def _look(self, inbox_id: str) -> dict[str, Any] | None:
        """Return what has been said if the turn is over, or if an apology went out instead."""
        done = await self._inbox.state(inbox_id) == "done"
        replies = await self._outbox.of_message(inbox_id)
        if done and not any(reply.state in OPEN_STATES for reply in replies):
            return {"done": True, "messages": [_view(one) for one in replies if _said(one)]}
        if done or not replies:
            return None
        await self._outbox.show_apologies(replies[0].conversation_id)
        said = [one for one in await self._outbox.of_message(inbox_id) if _said(one)]
        return {"done": False, "messages": [_view(one) for one in said]} if said else None


def _said(reply: Outgoing) -> bool:
    """Say whether the citizen can see the reply."""
    return reply.state == "sent"


def _view(reply: Outgoing) -> dict[str, Any]:
    """Return a reply as the log would show it; `seq` is null for a passing note."""
    return {
        "message_id": reply.id,
        "seq": reply.log_seq,
        "direction": "out",
        "author": {"kind": "bot"},
        "body": reply.body,
        "at": reply.at.isoformat(),
    }
