"""The office's own parts in one frozen object, handed to every service."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar

from aiohttp import web

from backend.canary import Canary
from backend.catalogue.phones import Phones
from backend.clock import Clock
from backend.conversations.ends import LogEnds
from backend.db import Database, Transaction, Transactor
from backend.privacy import Privacy
from backend.replies import Replies
from backend.settings import Settings
from backend.staff.pace import Pace
from backend.wakeups import Wakeups

T = TypeVar("T")
# Files looked at and made anew at once: each holds a picture of 50 megapixels at most.
INTAKE_THREADS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside:
    """What a use case needs inside a transaction; it opens no other one, by its type.

    Whoever has a `tx` takes the office as this, and mypy refuses what would begin anew.
    """

    settings: Settings
    database: Database
    clock: Clock
    privacy: Privacy
    replies: Replies
    wakeups: Wakeups
    canary: Canary
    log_ends: LogEnds = field(default_factory=LogEnds)
    phones: Phones = field(default_factory=Phones)
    log_ins: Pace = field(default_factory=Pace)
    intake: Executor = field(
        default_factory=lambda: ThreadPoolExecutor(INTAKE_THREADS, "intake"), repr=False
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Office(Inside):
    """What a use case needs besides its own arguments."""

    transactor: Transactor

    async def transact(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """Run `work` in one transaction, then wake whoever waits for what it changed."""
        result, names = await self.transactor.run(work)
        self.wakeups.ring(*names)
        return result


OFFICE: web.AppKey[Office] = web.AppKey("office", Office)
