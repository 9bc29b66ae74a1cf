"""What a messaging channel is to the door."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from aiohttp import web

from bot.inbox.model import Address
from bot.outbox.model import Outgoing


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


class Channel(ABC):
    """One way in and out: a web page, a messaging app."""

    name: ClassVar[str]
    """The channel's name in addresses, ids and the log."""

    @abstractmethod
    def setup_routes(self, app: web.Application) -> None:
        """Add the channel's paths below `/channels/{name}/`."""

    @abstractmethod
    async def deliver(self, address: Address, reply: Outgoing) -> None:
        """Bring one reply to the citizen; it stands in the log already.

        Raises:
            DeliveryError: the platform did not take it.
        """

    @abstractmethod
    def stir(self, conversation_id: str) -> None:
        """Say that something about the conversation may have changed."""
