"""Reads what staff and the office say, and puts it into the same outbox as the bot's replies."""

from __future__ import annotations

import asyncio
from typing import Any, ClassVar

import structlog
from pymongo.errors import PyMongoError

from bot.background import Background
from bot.errors import LeaseLostError, OfficeAwayError, RefusedError
from bot.feed.store import OUTGOING, Cursors
from bot.inbox.model import Address
from bot.inbox.store import Inbox
from bot.lease_store import Lease, Leases
from bot.metrics import FEED
from bot.office import Office
from bot.outbox.model import NewReply
from bot.outbox.store import Outbox
from bot.turns.pool import WORK
from bot.wakeups import Wakeups

logger = structlog.get_logger(__name__)

_WAIT_SECONDS = 3
"""Shorter than a lease, so that the feed goes on soon after a process has died."""
_PAUSE_SECONDS = 1.0


class FeedReader(Background):
    """Long-polls the office's feed; the cursor moves only after the outbox has it all."""

    work_name: ClassVar[str] = "feed"

    def __init__(
        self,
        *,
        cursors: Cursors,
        leases: Leases,
        office: Office,
        inbox: Inbox,
        outbox: Outbox,
        wakeups: Wakeups,
    ) -> None:
        self._cursors = cursors
        self._leases = leases
        self._office = office
        self._inbox = inbox
        self._outbox = outbox
        self._wakeups = wakeups

    async def read_once(self, wait: int) -> bool:
        """Read one page, unless another process reads; say whether something may follow."""
        lease = await self._leases.take(OUTGOING)
        if lease is None:
            return False
        try:
            page = await self._office.outgoing(str(lease.document["position"]), wait)
            await self._keep(lease, page)
        finally:
            await self._leases.release(lease)
        return True

    async def _keep(self, lease: Lease, page: dict[str, Any]) -> None:
        """Put a page into the outbox, then move the cursor."""
        for message in page["messages"]:
            await self._put(message)
        position = str(page["next"])
        if position != str(lease.document["position"]):
            await self._cursors.advance(lease, position)

    async def _put(self, message: dict[str, Any]) -> None:
        """Put one message into the outbox; a message that is there already changes nothing."""
        address = Address(
            message["conversation_id"], message["channel"], _identity(message["identity"])
        )
        await self._inbox.open_mailbox(address)
        new = NewReply(id=f"log:{message['message_id']}", body=message["body"], logged=True)
        if await self._outbox.add_once(address.conversation_id, new):
            FEED.inc()
            # Staff speak when they take a conversation over and when they give it back.
            owner = await self._office.owner(address)
            await self._inbox.update_mailbox(address.conversation_id, owner=owner, registered=True)
            self._wakeups.ring(f"{WORK}:{address.conversation_id}")

    async def _run(self) -> None:
        """Read for ever; a pause follows whatever went wrong."""
        while True:
            try:
                if await self.read_once(_WAIT_SECONDS):
                    continue
            except (OfficeAwayError, RefusedError, LeaseLostError) as error:
                logger.warning("feed.away", why=str(error))
            except PyMongoError as error:
                logger.warning("store.away", error=type(error).__name__)
            except (KeyError, TypeError) as error:
                logger.exception("feed.malformed", error=type(error).__name__)
            await asyncio.sleep(_PAUSE_SECONDS)


def _identity(identity: Any) -> str:
    """Return the identity whether the office sends it bare or with its channel."""
    return str(identity["id"] if isinstance(identity, dict) else identity)
