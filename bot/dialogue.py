"""The dialogue service as the door knows it: one call a turn."""

from __future__ import annotations

from typing import Any

from bot.errors import DialogueAwayError
from bot.http import HttpClient, Neighbour
from bot.inbox.model import Address, Received


class Dialogue:
    """Client of the dialogue service."""

    def __init__(self, client: HttpClient, base: str) -> None:
        self._api = Neighbour(client, base, DialogueAwayError, seconds=6.0)

    async def turn(
        self, address: Address, message: Received, previous: str | None = None
    ) -> list[dict[str, Any]]:
        """Return the replies to a message; the same message always gets the same replies.

        Args:
            address: who sent it.
            message: the message.
            previous: the message whose turn was the last one, where that is sure.
        """
        content = await self._api.json(
            "POST",
            "/turn",
            json={
                "conversation_id": address.conversation_id,
                "key": message.id,
                "at": message.at.isoformat(),
                "message": message.body,
                "identity": {"channel": address.channel, "id": address.identity},
                "elder": address.elder,
                "previous": previous,
            },
        )
        replies = content.get("replies")
        if not isinstance(replies, list) or not all(isinstance(reply, dict) for reply in replies):
            raise DialogueAwayError(cause="replies")
        return replies

    async def healthy(self) -> bool:
        """Say whether the dialogue service answers."""
        try:
            return (await self._api.json("GET", "/health", seconds=2)).get("status") == "ok"
        except DialogueAwayError:
            return False
