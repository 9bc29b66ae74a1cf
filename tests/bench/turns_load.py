"""Citizens who talk at the same time, each waiting for an answer before the next message."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Protocol

import aiohttp
import numpy as np

_NAME_OF_AN_INTENT = re.compile(r"[a-z_]+。")
PATIENCE = aiohttp.ClientTimeout(total=120)


class Talk(Protocol):
    """One conversation."""

    async def say(self, text: str) -> str:
        """Say something → everything that was answered."""


Begin = Callable[[aiohttp.ClientSession], Awaitable[Talk]]


@dataclass
class Outcome:
    """What a round gave."""

    clients: int
    seconds: float = 0.0
    took: list[float] = field(default_factory=list)
    silent: int = 0
    """Turns that were answered with nothing at all."""
    misheard: int = 0
    """Answers of the stock project that only name an intent: its guide was not told."""
    unfinished: int = 0
    """Forms whose end was not reached, because an answer was misunderstood."""

    @property
    def per_second(self) -> float:
        """Return answered turns a second."""
        return len(self.took) / self.seconds

    def milliseconds(self, percent: float) -> float:
        """Return a percentile of the turns' times."""
        return float(np.percentile(self.took, percent)) * 1000


@dataclass
class Timed:
    """A conversation whose turns are timed."""

    talk: Talk
    outcome: Outcome

    async def say(self, text: str) -> str:
        """Say something and note how long the answer took, or that there was none."""
        begun = time.perf_counter()
        answer = await self.talk.say(text)
        if answer:
            self.outcome.took.append(time.perf_counter() - begun)
            self.outcome.misheard += _NAME_OF_AN_INTENT.fullmatch(answer) is not None
        else:
            self.outcome.silent += 1
        return answer


Script = Callable[[Timed], Awaitable[None]]


@asynccontextmanager
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    """Give a client that keeps its connections."""
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector, timeout=PATIENCE) as session:
        yield session


async def talk_at_once(begin: Begin, scripts: Iterator[Script], clients: int) -> Outcome:
    """Let `clients` citizens work off the scripts, each in a conversation of its own."""
    outcome = Outcome(clients)

    async def citizen(session: aiohttp.ClientSession) -> None:
        for script in scripts:
            talk = await begin(session)
            await script(Timed(talk, outcome))

    async with http() as session:
        begun = time.perf_counter()
        await asyncio.gather(*(citizen(session) for _ in range(clients)))
        outcome.seconds = time.perf_counter() - begun
    return outcome
