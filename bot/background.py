"""Work that goes on as long as the door is open."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Iterable
from types import TracebackType
from typing import Any, ClassVar, Self

import structlog

logger = structlog.get_logger(__name__)

_PAUSE_SECONDS = 1.0
_CANCEL_AGAIN_SECONDS = 5.0
"""After which work that went on in spite of being cancelled is cancelled again."""


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


async def ended(tasks: Iterable[asyncio.Task[Any]]) -> None:
    """Cancel tasks until they are over.

    Once is not always enough: a library that waits with a time limit of its own may take the
    cancelling for the end of that limit, and the work would go on for ever.

    Args:
        tasks: what is to end; how each ended is nobody's business any more.
    """
    left = set(tasks)
    while left:
        for task in left:
            task.cancel()
        over, left = await asyncio.wait(left, timeout=_CANCEL_AGAIN_SECONDS)
        await asyncio.gather(*over, return_exceptions=True)


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
