"""What a page is shown as it happens: the log after its last place, and who is at work."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from pymongo.errors import PyMongoError

from bot.errors import OfficeAwayError, RefusedError
from bot.inbox.store import Inbox
from bot.office import Office
from bot.outbox.store import Outbox

logger = structlog.get_logger(__name__)

_PAGE = 100

Send = Callable[[dict[str, Any]], Awaitable[None]]


class Stream:
    """Follows one conversation for one page.

    Args:
        after: place in the log of the last message the page has.
        send: brings one frame to the page.
    """

    def __init__(
        self,
        conversation_id: str,
        after: int,
        *,
        inbox: Inbox,
        outbox: Outbox,
        office: Office,
        send: Send,
    ) -> None:
        self._conversation_id = conversation_id
        self._after = after
        self._inbox = inbox
        self._outbox = outbox
        self._office = office
        self._send = send
        self._state: dict[str, Any] | None = None

    async def push(self) -> bool:
        """Show what is new; say False when something could not be read, so look again soon."""
        try:
            # A conversation without a message has no mailbox, and the bot answers in it.
            mailbox = await self._inbox.mailbox(self._conversation_id)
            owner = mailbox["owner"] if mailbox else "bot"
            if mailbox and mailbox["registered"]:
                owner = await self._push_log() or owner
            await self._push_state(owner)
        except OfficeAwayError:
            await self._push_apologies()
        except RefusedError as error:
            logger.warning("stream.refused", why=error.upstream)
        except PyMongoError as error:
            logger.warning("store.away", error=type(error).__name__)
        else:
            return True
        return False

    async def _push_log(self) -> str | None:
        """Show the log after the last place; return the owner if the office names it."""
        while True:
            page = await self._office.messages(self._conversation_id, self._after, _PAGE)
            for message in page["messages"]:
                if int(message["seq"]) > self._after:
                    await self._send({"type": "message"} | message)
                    self._after = int(message["seq"])
            if len(page["messages"]) < _PAGE:
                return page.get("owner")

    async def _push_state(self, owner: str) -> None:
        """Show who owns the conversation and whether the bot is at work, when it changed."""
        typing = owner == "bot" and bool(await self._inbox.waiting(self._conversation_id, limit=1))
        state = {"type": "state", "owner": owner, "typing": typing}
        if state != self._state:
            await self._send(state)
            self._state = state

    async def _push_apologies(self) -> None:
        """Show in passing what cannot stand in the log, because the office is away."""
        for reply in await self._outbox.show_apologies(self._conversation_id):
            await self._send({"type": "notice", "body": reply.body, "at": reply.at.isoformat()})
