"""Work that goes on as long as the door is open."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import ClassVar, Self

import structlog

from standards.tasks import ended

logger = structlog.get_logger(__name__)

_PAUSE_SECONDS = 1.0


async def keep_going(name: str, work: Callable[[], Awaitable[None]]) -> None:
    """Run work that never ends, and begin it anew should a defect end it.

    A task that died would be noticed by nobody: citizens would wait while every health check
    answers well.

    Args:
        name: of the work, for the log.
        work: runs for ever and handles the failures it foresees.
    """
    while True:
        try:
            await work()
        except Exception:
            # The last line: a defect of ours must reach the log and must not stop the others' work.
            logger.exception("background.defect", work=name)
        await asyncio.sleep(_PAUSE_SECONDS)


class Background(ABC):
    """A part of the door that works by itself between `async with` and its end."""

    work_name: ClassVar[str]
    """Name of the work, for the log."""

    _task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Start the work."""
        self._task = asyncio.create_task(keep_going(self.work_name, self._run), name=self.work_name)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop; what was not finished stands in the store and is found by whoever comes next."""
        if self._task:
            await ended([self._task])

    @abstractmethod
    async def _run(self) -> None:
        """Work for ever."""
