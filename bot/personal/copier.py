"""副本: hand in what the door and the dialogue have of whoever a copy is made for."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from typing import Any, ClassVar

from bot.dialogue import Dialogue
from bot.office import Office
from bot.personal.errands import Errands
from bot.personal.store import Personal

# As much as the office takes in one body.
PIECE_CHARACTERS = 100_000
# Somebody at the desk waits for it.
_PAUSE_SECONDS = 2.0


async def copy_share(
    personal: Personal, dialogue: Dialogue, conversations: Sequence[str]
) -> dict[str, Any]:
    """Return what the door and the dialogue have of some conversations, opened.

    Raises:
        DialogueAwayError: the dialogue does not answer, so that it would not be whole.
    """
    return {
        "door": await personal.copy(conversations),
        "dialogue": {id: await dialogue.known(id) for id in conversations},
    }


class Copier(Errands):
    """Looks for copies that the office waits for."""

    work_name: ClassVar[str] = "copies"

    def __init__(
        self,
        personal: Personal,
        dialogue: Dialogue,
        office: Office,
        pause_seconds: float = _PAUSE_SECONDS,
    ) -> None:
        super().__init__(personal, dialogue, office, pause_seconds)

    async def look(self) -> None:
        """Hand in what is waited for."""
        for copy in await self._office.copies():
            share = await copy_share(self._personal, self._dialogue, copy["conversations"])
            text = json.dumps(share, ensure_ascii=False)
            starts = range(0, len(text), PIECE_CHARACTERS)
            pieces = [text[start : start + PIECE_CHARACTERS] for start in starts]
            await self._office.hand_in(copy["id"], secrets.token_hex(12), pieces)
