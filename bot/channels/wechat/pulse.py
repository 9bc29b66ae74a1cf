"""脉搏: how late this process meets its own timers, because a busy machine keeps promises late."""

from __future__ import annotations

import asyncio
from typing import ClassVar

from bot.background import Background

_BEAT = 0.1
_FADES = 0.9


class Pulse(Background):
    """Measures by how much the event loop is behind.

    A callback arrives before its handler runs, and its answer leaves after the handler wrote it;
    on an overloaded machine both take long, and nothing but the loop's own lateness tells how long.
    """

    work_name: ClassVar[str] = "wechat-pulse"

    def __init__(self) -> None:
        self._late = 0.0
        self._next = 0.0

    @property
    def late(self) -> float:
        """Return how many seconds behind the loop is, or was a moment ago."""
        overdue = asyncio.get_running_loop().time() - self._next if self._next else 0.0
        return max(self._late, overdue, 0.0)

    async def _run(self) -> None:
        clock = asyncio.get_running_loop().time
        while True:
            self._next = clock() + _BEAT
            await asyncio.sleep(_BEAT)
            self._late = max(clock() - self._next, self._late * _FADES)
