"""What a turn costs late in a conversation, and in a store that is full of conversations."""

from __future__ import annotations

import asyncio
import statistics
import time
from dataclasses import dataclass

from tests.bench.turns_cpu import Meter
from tests.bench.turns_fill import fill
from tests.bench.turns_houses import Side
from tests.bench.turns_load import Talk, http, talk_at_once
from tests.bench.turns_texts import GREETINGS

EARLY, LATE = 10, 500
WINDOW = 5


async def late_over_early(side: Side, pairs: int) -> float:
    """Compare turns around the 500th with turns around the 10th, asked in turns.

    Args:
        side: who is asked.
        pairs: how often both are asked.
    """
    early: list[float] = []
    late: list[float] = []
    async with http() as session:
        old = await side.begin(session)
        await _talk(old, LATE - pairs * WINDOW // 2)
        for _ in range(pairs):
            young = await side.begin(session)
            await _talk(young, EARLY - WINDOW // 2)
            for _ in range(WINDOW):
                early.append(await _timed(young))
                late.append(await _timed(old))
    return round(statistics.median(late) / statistics.median(early), 3)


async def _talk(talk: Talk, turns: int) -> None:
    for number in range(turns):
        await talk.say(GREETINGS[number % len(GREETINGS)])


async def _timed(talk: Talk) -> float:
    begun = time.perf_counter()
    await talk.say(GREETINGS[0])
    return time.perf_counter() - begun


@dataclass(frozen=True)
class Fullness:
    """CPU seconds a turn in an empty and in a full store."""

    conversations: int
    documents: int
    empty: float
    full: float

    @property
    def ratio(self) -> float:
        """Return full to empty."""
        return round(self.full / self.empty, 3)


async def full_over_empty(side: Side, uri: str, count: int, clients: int, turns: int) -> Fullness:
    """Measure before and after filling the store; caches are warm both times.

    What fills it are copies of a conversation of one turn, the most frequent kind.
    """

    async def greet(talk: Talk) -> None:
        await _talk(talk, EARLY)

    async def cost() -> float:
        meter = Meter(side.pids)
        outcome = await talk_at_once(side.begin, iter([greet] * (turns // EARLY)), clients)
        return sum(meter.used().values()) / len(outcome.took)

    await cost()
    empty = await cost()
    async with http() as session:
        await _talk(await side.begin(session), 1)
    documents = await asyncio.to_thread(fill, uri, count)
    await cost()
    return Fullness(count, documents, empty, await cost())
