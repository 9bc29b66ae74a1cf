"""Closing a turn: message done and replies in the outbox, in one transaction under the fence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from motor.motor_asyncio import AsyncIOMotorClientSession

from bot.db import Client
from bot.errors import LeaseLostError
from bot.inbox.model import Received
from bot.inbox.store import Inbox
from bot.lease_store import Lease
from bot.outbox.model import NewReply
from bot.outbox.store import Outbox


class TurnBook:
    """Writes the end of a turn so that it happened wholly or not at all."""

    def __init__(self, client: Client, inbox: Inbox, outbox: Outbox) -> None:
        self._client = client
        self._inbox = inbox
        self._outbox = outbox

    async def close(
        self,
        lease: Lease,
        message: Received,
        replies: Sequence[dict[str, Any]],
        *,
        why: str = "",
        state: Literal["done", "set_aside"] = "done",
    ) -> None:
        """Close the message with its replies.

        Replies that a process has said before it died, without closing the message, stay as they
        are: a turn always has the same.

        Args:
            lease: the right to do so.
            message: what is answered.
            replies: what is said to it, in order.
            state: `set_aside` for a message that cannot be done.
            why: sets these replies apart from those of the turn itself, where they are not its.

        Raises:
            LeaseLostError: another process has the conversation, and will do this turn.
        """
        known = {reply.id for reply in await self._outbox.of_message(message.id)}
        named = [(f"{message.id}:{why}{place}", body) for place, body in enumerate(replies)]
        new = [
            NewReply(id=id, body=body, inbox_id=message.id) for id, body in named if id not in known
        ]

        async def write(session: AsyncIOMotorClientSession) -> None:
            mine = {"_id": lease.id, "fence": lease.fence}
            # Written first: whoever writes the same mailbox meanwhile meets this transaction.
            counted = {"$inc": {"next_order": len(new)}}
            await self._inbox.mailboxes.update_one(mine, counted, session=session)
            mailbox = await self._inbox.mailboxes.find_one(mine, session=session)
            if mailbox is None or not await self._inbox.mark_done(message.id, session, state):
                raise LeaseLostError(lease.id)
            if message.apologised:
                await self._outbox.drop_apology(message.id, session)
            await self._outbox.add(lease.id, new, mailbox["next_order"] - len(new), session)

        async with await self._client.start_session() as session:
            await session.with_transaction(write)
