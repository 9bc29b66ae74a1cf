"""Who waits in this process for the replies to a message, told without asking the database."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from bot.outbox.model import Outgoing

Replies = Sequence[Outgoing]


class Said:
    """Messages whose sender waits here; one in another process is found by looking."""

    def __init__(self) -> None:
        self._waiting: dict[str, set[asyncio.Future[Replies]]] = {}

    @contextmanager
    def expected(self, inbox_id: str) -> Iterator[asyncio.Future[Replies]]:
        """Give a future of what is said to a message; it may never come."""
        future: asyncio.Future[Replies] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(inbox_id, set()).add(future)
        try:
            yield future
        finally:
            self._waiting[inbox_id].discard(future)
            if not self._waiting[inbox_id]:
                del self._waiting[inbox_id]

    def tell(self, inbox_id: str, replies: Replies) -> None:
        """Tell whoever waits that a message is done, and what was said to it."""
        for future in self._waiting.get(inbox_id, ()):
            if not future.done():
                future.set_result(replies)
