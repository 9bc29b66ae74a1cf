"""What a messaging channel is to the door."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, ClassVar

from aiohttp import web

from bot.inbox.model import Address, Received
from bot.outbox.model import Outcome, Outgoing


class DeliveryError(Exception):
    """A platform did not take a reply.

    Args:
        reason: for the record and for staff, without personal data.
        again: whether trying again can help.
    """

    def __init__(self, reason: str, *, again: bool = True) -> None:
        super().__init__(reason)
        self.reason = reason
        self.again = again


@dataclass(frozen=True)
class Completed:
    """A message with what had to be fetched for it.

    Attributes:
        replies: what the channel itself has to say; None leaves the answer to the dialogue.
        quiet: nothing was said that anybody would look for in the log.
    """

    message: Received
    replies: list[dict[str, Any]] | None = None
    quiet: bool = False


class Channel(ABC):
    """One way in and out: a web page, a messaging app."""

    name: ClassVar[str]
    """The channel's name in addresses, ids and the log."""

    merges: ClassVar[bool] = False
    """Whether replies are handed over together, because the platform counts messages."""

    told_by_log: ClassVar[bool] = False
    """Whether a reply is said as soon as it stands in the log, because readers watch the log."""

    def at_work(self) -> AbstractAsyncContextManager[Any]:
        """Return what has to run as long as the door is open."""
        return nullcontext()

    @abstractmethod
    def setup_routes(self, app: web.Application) -> None:
        """Add the channel's paths below `/channels/{name}/`."""

    async def deliver(self, address: Address, reply: Outgoing) -> None:
        """Bring one reply to the citizen; it stands in the log already.

        Only asked of a channel that does not merge, which has to have it.

        Raises:
            DeliveryError: the platform did not take it.
        """
        raise NotImplementedError(self.name)

    async def deliver_together(
        self, address: Address, replies: Sequence[Outgoing]
    ) -> Sequence[Outcome]:
        """Bring several replies to the citizen; only asked of a channel that merges."""
        raise NotImplementedError(self.name)

    async def complete(self, address: Address, message: Received) -> Completed:
        """Fetch what a message still lacks before its turn.

        Raises:
            AwayError: not now; the turn is tried again.
        """
        return Completed(message)

    @abstractmethod
    def stir(self, conversation_id: str) -> None:
        """Say that something about the conversation may have changed."""
