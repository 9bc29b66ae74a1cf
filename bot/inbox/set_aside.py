"""放在一边的消息: how many messages wait for the defect to be mended that set them aside."""

from __future__ import annotations

import asyncio
from typing import ClassVar

import structlog
from pymongo.errors import PyMongoError

from bot.background import Background
from bot.inbox.store import Inbox
from bot.metrics import SET_ASIDE

logger = structlog.get_logger(__name__)

_PERIOD_SECONDS = 10.0


class SetAsideCount(Background):
    """Counts them now and then, so that whoever asks for it costs nothing.

    Attributes:
        known: how many there were at the last look.
    """

    work_name: ClassVar[str] = "set-aside"

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox
        self.known = 0

    async def look(self) -> None:
        """Count them."""
        self.known = await self._inbox.count_set_aside()
        SET_ASIDE.set(self.known)

    async def _run(self) -> None:
        while True:
            try:
                await self.look()
            except PyMongoError as error:
                logger.warning("store.away", error=type(error).__name__)
            await asyncio.sleep(_PERIOD_SECONDS)
