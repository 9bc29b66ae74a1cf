"""What the office has for the door to do about somebody's data, looked for now and then."""

from __future__ import annotations

import asyncio
from abc import abstractmethod

import structlog
from pymongo.errors import PyMongoError

from bot.background import Background
from bot.dialogue import Dialogue
from bot.errors import AwayError, RefusedError
from bot.office import Office
from bot.personal.store import Personal

logger = structlog.get_logger(__name__)


class Errands(Background):
    """Looks for errands; one that fails stands in the office and is done at a later look.

    Args:
        personal: the door's share.
        dialogue: the dialogue's share.
        office: has the errands.
        pause_seconds: how long to wait between two looks.
    """

    def __init__(
        self, personal: Personal, dialogue: Dialogue, office: Office, pause_seconds: float
    ) -> None:
        self._personal = personal
        self._dialogue = dialogue
        self._office = office
        self._pause_seconds = pause_seconds

    @abstractmethod
    async def look(self) -> None:
        """Do what there is to do."""

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(self._pause_seconds)
            try:
                await self.look()
            except (AwayError, RefusedError, PyMongoError) as error:
                logger.info("errand.later", work=self.work_name, error=type(error).__name__)
