"""送达: tell the office, for staff to see, which replies did not arrive at the first attempt.

The outbox is the truth; a report that cannot be made is made at the next look.
"""

from __future__ import annotations

import asyncio
from typing import ClassVar

import structlog
from pymongo.errors import PyMongoError

from bot.background import Background
from bot.errors import OfficeAwayError, RefusedError
from bot.office import Office
from bot.outbox.store import Outbox

logger = structlog.get_logger(__name__)

_PAUSE_SECONDS = 2.0


class DeliveryReporter(Background):
    """Reports failed deliveries, and what became of them, besides all other work.

    Args:
        outbox: knows what failed.
        office: shows it to staff.
        pause_seconds: how long to wait between two looks.
    """

    work_name: ClassVar[str] = "delivery-reports"

    def __init__(
        self, outbox: Outbox, office: Office, pause_seconds: float = _PAUSE_SECONDS
    ) -> None:
        self._outbox = outbox
        self._office = office
        self._pause_seconds = pause_seconds

    async def report(self) -> None:
        """Report everything that changed since the last look."""
        for reply in await self._outbox.untold():
            try:
                await self._office.note_delivery(reply)
            except OfficeAwayError:
                return
            except RefusedError as error:
                # A reply that never came into the log, such as an apology, is nothing staff see.
                logger.info("delivery.not_taken", reply=reply.id, reason=error.upstream)
            await self._outbox.mark_told(reply)

    async def _run(self) -> None:
        while True:
            try:
                await self.report()
            except PyMongoError as error:
                logger.warning("store.away", error=type(error).__name__)
            await asyncio.sleep(self._pause_seconds)
