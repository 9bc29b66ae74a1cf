"""Work that goes on by itself as long as the office is open."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

import structlog

from backend.office import Office
from standards.tasks import ended

log = structlog.get_logger(__name__)


@contextlib.asynccontextmanager
async def every(
    office: Office, seconds: float, name: str, work: Callable[[Office], Awaitable[None]]
) -> AsyncIterator[None]:
    """Run `work` every so many seconds until the block ends.

    Several processes may do the same work at the same time, and each may die in the middle: what
    is due stands in MongoDB, and `work` does each piece in a transaction that looks again.

    Args:
        office: the office.
        seconds: between the end of one run and the next.
        name: of the work, for the log.
        work: one run.
    """
    task = asyncio.create_task(_go_on(office, seconds, name, work), name=name)
    try:
        yield
    finally:
        await ended([task])


async def _go_on(
    office: Office, seconds: float, name: str, work: Callable[[Office], Awaitable[None]]
) -> None:
    with office.wakeups.bell("closing") as bell:
        await bell.wait(seconds)
        while not office.wakeups.closing:
            try:
                await work(office)
            except Exception:
                # The last line: the next run makes up for one that failed, and the log tells of it.
                log.exception("background.failed", work=name)
            await bell.wait(seconds)
