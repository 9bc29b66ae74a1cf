"""Conversations that are looked at again at a given time, or as soon as a neighbour is back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Later:
    """What is planned; only here, because the store knows what is due and the poll finds it.

    Args:
        look: lets a conversation be looked at.
    """

    def __init__(self, look: Callable[[str], None]) -> None:
        self._look = look
        self._planned: dict[str, asyncio.TimerHandle] = {}
        self._early: set[str] = set()

    def plan(self, conversation_id: str, seconds: float) -> None:
        """Look at a conversation in so many seconds, instead of when that was planned before."""
        if before := self._planned.pop(conversation_id, None):
            before.cancel()
        self._planned[conversation_id] = asyncio.get_running_loop().call_later(
            max(0.0, seconds), self._look_now, conversation_id
        )

    def hurry(self) -> None:
        """Look at everything that is planned now: what it waits for is back."""
        self._early.update(self._planned)
        for conversation_id, timer in list(self._planned.items()):
            timer.cancel()
            self._look_now(conversation_id)

    def is_early(self, conversation_id: str) -> bool:
        """Say, once, whether a conversation is looked at before its time."""
        early = conversation_id in self._early
        self._early.discard(conversation_id)
        return early

    def _look_now(self, conversation_id: str) -> None:
        self._planned.pop(conversation_id, None)
        self._look(conversation_id)
