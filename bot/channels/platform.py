"""What the channels of messaging platforms have in common: replies go together, and are counted."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import ClassVar

from bot.channels.base import Channel, Completed
from bot.channels.web import conversation_topic
from bot.channels.wechat.delivery import Delivery
from bot.inbox.model import Address, Received
from bot.outbox.model import Outcome, Outgoing
from bot.wakeups import Wakeups

Complete = Callable[[Address, Received], Awaitable[Completed]]


class PlatformChannel(Channel):
    """A channel whose platform counts messages.

    Args:
        delivery: brings replies within the platform's quota.
        complete: fetches what a message only points at.
        wakeups: wakes whoever shows the same conversation.
    """

    merges: ClassVar[bool] = True

    def __init__(self, *, delivery: Delivery, complete: Complete, wakeups: Wakeups) -> None:
        self._delivery = delivery
        self._complete = complete
        self._wakeups = wakeups

    async def deliver_together(
        self, address: Address, replies: Sequence[Outgoing]
    ) -> Sequence[Outcome]:
        """Bring replies in as few messages as possible."""
        return await self._delivery.deliver(address, replies)

    async def complete(self, address: Address, message: Received) -> Completed:
        """Fetch a photo or recording before its turn."""
        return await self._complete(address, message)

    def stir(self, conversation_id: str) -> None:
        """Wake the callbacks that wait, and the pages that show the same conversation."""
        self._wakeups.ring(conversation_topic(conversation_id))
