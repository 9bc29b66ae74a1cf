"""Waiting for the replies to one message, for callers who want them in the same answer."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from bot.inbox.model import Accepted
from bot.inbox.store import Inbox
from bot.outbox.model import OPEN_STATES, Outgoing
from bot.outbox.said import Replies, Said
from bot.outbox.store import Outbox
from bot.wakeups import Bell

_LOOK_EVERY = 1.0
_SETTLE = 0.2
"""How long after a ring the database is looked at, unless the replies come before."""


@dataclass(frozen=True)
class Expected:
    """A message whose replies are waited for."""

    accepted: Accepted
    replies: asyncio.Future[Replies]


class Waiter:
    """Watches a message until everything it led to has been said."""

    def __init__(self, inbox: Inbox, outbox: Outbox, said: Said) -> None:
        self._inbox = inbox
        self._outbox = outbox
        self._said = said

    @contextmanager
    def expecting(self, accepted: Accepted) -> Iterator[Expected]:
        """Begin to expect the replies to a message, before anybody works on it."""
        with self._said.expected(accepted.inbox_id) as replies:
            yield Expected(accepted, replies)

    async def wait(self, expected: Expected, bell: Bell, seconds: float) -> dict[str, Any] | None:
        """Wait at most `seconds`; return `{done, messages}`, or None when it takes longer."""
        clock = asyncio.get_running_loop().time
        end = clock() + seconds
        # A new message has no replies yet: only one that was sent before is looked for at once.
        look = expected.accepted.duplicate
        while True:
            outcome = await self._look(expected.accepted.inbox_id) if look else None
            if outcome or clock() >= end:
                return outcome
            look = True
            await _first_of(expected.replies, bell, min(_LOOK_EVERY, end - clock()))
            if not expected.replies.done():
                # A bell rings for all messages of the conversation, and mostly for another one.
                await asyncio.wait({expected.replies}, timeout=min(_SETTLE, max(0, end - clock())))
            if expected.replies.done():
                said = expected.replies.result()
                return {"done": True, "messages": [_view(one) for one in said if _said(one)]}

    async def _look(self, inbox_id: str) -> dict[str, Any] | None:
        """Return what has been said if the turn is over, or if an apology went out instead."""
        done = await self._inbox.is_over(inbox_id)
        replies = await self._outbox.of_message(inbox_id)
        if done and not any(reply.state in OPEN_STATES for reply in replies):
            return {"done": True, "messages": [_view(one) for one in replies if _said(one)]}
        if done or not replies:
            return None
        await self._outbox.show_apologies(replies[0].conversation_id)
        said = [one for one in await self._outbox.of_message(inbox_id) if _said(one)]
        return {"done": False, "messages": [_view(one) for one in said]} if said else None


async def _first_of(replies: asyncio.Future[Replies], bell: Bell, seconds: float) -> None:
    """Return when the replies are there or the bell rings, at the latest after `seconds`."""
    ringing = asyncio.ensure_future(bell.wait(seconds))
    either: set[asyncio.Future[Any]] = {ringing, replies}
    try:
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
    finally:
        ringing.cancel()


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
