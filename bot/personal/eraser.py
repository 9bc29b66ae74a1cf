"""删除: erase the door's and the dialogue's share of what the office has ordered to be erased."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import ClassVar

from bot.dialogue import Dialogue
from bot.office import Office
from bot.personal.errands import Errands
from bot.personal.store import Personal

SETTLE_SECONDS = 15.0
"""After which no turn is under way any more and no process remembers an old session."""
_PAUSE_SECONDS = 5.0


async def erase_share(
    personal: Personal,
    dialogue: Dialogue,
    conversations: Sequence[str],
    settle_seconds: float = SETTLE_SECONDS,
) -> int:
    """Erase what the door and the dialogue have of some conversations; return how many documents.

    Doing it again does nothing.

    Raises:
        DialogueAwayError: the dialogue does not answer; the door's share is left to the next try.
    """
    touched = await personal.shut_out(conversations)
    if touched:
        await asyncio.sleep(settle_seconds)
    for conversation_id in conversations:
        touched += await dialogue.forget(conversation_id)
    return touched + await personal.erase(conversations)


class Eraser(Errands):
    """Looks for erasures that the office has ordered.

    Args:
        settle_seconds: how long to wait after nobody can come back.
    """

    work_name: ClassVar[str] = "erasures"

    def __init__(
        self,
        personal: Personal,
        dialogue: Dialogue,
        office: Office,
        settle_seconds: float = SETTLE_SECONDS,
        pause_seconds: float = _PAUSE_SECONDS,
    ) -> None:
        super().__init__(personal, dialogue, office, pause_seconds)
        self._settle_seconds = settle_seconds

    async def look(self) -> None:
        """Do what is ordered and was not done yet."""
        for erasure in await self._office.erasures():
            touched = await erase_share(
                self._personal,
                self._dialogue,
                erasure["conversations"],
                self._settle_seconds,
            )
            await self._office.erased(erasure["id"], touched)
