"""The load: a crowd of citizens, each with errands; whoever goes home is followed by another."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp

from tests.faults.citizen import Citizen, Sent, Street
from tests.faults.visits import Visit, passing


class Crowd:
    """Citizens at the door.

    Args:
        size: conversations at the same time.
        think: mean seconds between an answer and the next sentence.
    """

    def __init__(self, street: Street, size: int, think: float, seed: int) -> None:
        self.street = street
        self._size = size
        self._think = think
        self._chance = random.Random(seed)
        self._closing = asyncio.Event()
        self.visits: list[Visit] = []
        self._places: list[asyncio.Task[None]] = []

    @property
    def citizens(self) -> list[Citizen]:
        """Return everybody who has ever opened a conversation."""
        return [visit.citizen for visit in self.visits if visit.citizen.conversation_id]

    @property
    def messages(self) -> list[Sent]:
        """Return every message anybody has sent."""
        return [message for visit in self.visits for message in visit.citizen.sent]

    def open(self) -> None:
        """Let the crowd in."""
        self._places = [asyncio.create_task(self._place()) for _ in range(self._size)]

    async def go_home(self, patience: float = 120) -> int:
        """Let everybody finish the errand begun; return how many could not."""
        self._closing.set()
        _, stuck = await asyncio.wait(self._places, timeout=patience)
        for task in stuck:
            task.cancel()
        await asyncio.gather(*stuck, return_exceptions=True)
        return len(stuck)

    def check(self) -> None:
        """Raise what a citizen stumbled over: a defect of these tests, not of the house."""
        for task in self._places:
            if task.done() and not task.cancelled() and (error := task.exception()):
                raise error

    async def _place(self) -> None:
        await self._think_a_while()
        while not self._closing.is_set():
            chance = random.Random(self._chance.getrandbits(64))
            serial = len(self.visits) + 1
            citizen = Citizen(self.street, follows=serial % 3 == 0, chance=chance)
            visit = Visit(citizen, serial, chance, self._think_a_while, self._closing.is_set)
            self.visits.append(visit)
            await visit.run()

    async def _think_a_while(self) -> None:
        """Think, but not longer than the doors are open."""
        seconds = min(4 * self._think, self._chance.expovariate(1 / self._think))
        try:
            await asyncio.wait_for(self._closing.wait(), seconds)
        except TimeoutError:
            return


@asynccontextmanager
async def crowd_at(origin: str, size: int, think: float, seed: int) -> AsyncIterator[Crowd]:
    """Give a crowd before the door at `origin`."""
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as session:
        crowd = Crowd(Street(session, origin, passing()), size, think, seed)
        crowd.open()
        try:
            yield crowd
        finally:
            await crowd.go_home(0)
            for citizen in crowd.citizens:
                await citizen.leave()


async def answered(crowd: Crowd, before: float, patience: float) -> float:
    """Wait until all that was sent before a moment is answered; return when the last one was.

    Returns:
        The moment of the last answer, or infinity when `patience` seconds were not enough.
    """
    concerned = [one for one in crowd.messages if one.tried_at <= before and not one.answered_at]
    end = time.monotonic() + patience
    while any(not message.answered_at for message in concerned):
        crowd.check()
        if time.monotonic() > end:
            return float("inf")
        await asyncio.sleep(0.05)
    return max((message.answered_at for message in concerned), default=before)


def slowest_answer(crowd: Crowd, returns: list[float]) -> float:
    """Return the longest wait, since sending or since the last return before the answer."""
    return max(
        message.answered_at
        - max((at for at in (*returns, message.tried_at) if at <= message.answered_at), default=0.0)
        for message in crowd.messages
        if message.answered_at
    )
