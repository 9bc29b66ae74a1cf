"""Redis, and only here: wake-ups between processes and rate limits.

All of it may be lost. Inside the process a wake-up is immediate and needs no Redis; without
Redis another process finds its work a poll later, and rate limits let everyone through.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections import defaultdict
from collections.abc import Iterator
from types import TracebackType
from typing import Self

import redis.asyncio as redis
import structlog
from redis.exceptions import RedisError

from standards.tasks import ended

logger = structlog.get_logger(__name__)

_CHANNEL = "paoyici:wake"
_WAITING_LIMIT = 10_000
_AWAY = (RedisError, OSError, TimeoutError)
_PAUSE = 1.0
"""Seconds before a Redis that was away is asked again."""


class Bell:
    """Rings when something may have changed; remembers a ring until it is waited for."""

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self._topics: set[str] = set()

    def ring(self, topic: str) -> None:
        """Wake whoever waits."""
        self._topics.add(topic)
        self._event.set()

    async def wait(self, seconds: float) -> set[str]:
        """Wait for a ring, at most `seconds`; return the topics that rang."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._event.wait()
        self._event.clear()
        topics, self._topics = self._topics, set()
        return topics


class Wakeups:
    """Wake-ups by topic, inside this process at once and in the others through Redis."""

    def __init__(self, url: str, database: str) -> None:
        # Without driver_info=None every new connection reads package metadata from the disk.
        self._redis = redis.Redis.from_url(
            url,
            socket_timeout=1,
            socket_connect_timeout=1,
            decode_responses=True,
            driver_info=None,
        )
        self._listener = redis.Redis.from_url(
            url, socket_connect_timeout=1, decode_responses=True, driver_info=None
        )
        self._space = f"{_CHANNEL}:{database}"
        self._name = secrets.token_hex(8)
        self._bells: dict[str, set[Bell]] = defaultdict(set)
        self._outgoing: asyncio.Queue[str] = asyncio.Queue(_WAITING_LIMIT)
        self._tasks: list[asyncio.Task[None]] = []
        self._away_until = 0.0
        self.connected = False

    async def __aenter__(self) -> Self:
        """Start carrying wake-ups."""
        self._tasks = [
            asyncio.create_task(self._publish(), name="wakeups-publish"),
            asyncio.create_task(self._listen(), name="wakeups-listen"),
        ]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop, and close the connections."""
        await ended(self._tasks)
        await self._redis.aclose()
        await self._listener.aclose()

    def ring(self, topic: str) -> None:
        """Wake everyone who listens to `topic`, here and elsewhere; never waits, never fails."""
        self.ring_here(topic)
        with contextlib.suppress(asyncio.QueueFull):
            self._outgoing.put_nowait(topic)

    @contextlib.contextmanager
    def listen(self, *topics: str) -> Iterator[Bell]:
        """Listen to topics; a topic that ends in `*` matches by its beginning."""
        bell = Bell()
        for topic in topics:
            self._bells[topic].add(bell)
        try:
            yield bell
        finally:
            for topic in topics:
                self._bells[topic].discard(bell)
                if not self._bells[topic]:
                    del self._bells[topic]

    async def allow(self, key: str, limit: int, seconds: int = 60) -> bool:
        """Say whether `key` may act once more within the present window of `seconds`."""
        return await self.count(key, seconds) <= limit

    async def count(self, key: str, seconds: int = 60) -> int:
        """Count one more act of `key`; return how many fell into the present window of `seconds`.

        While Redis is away nothing is counted and the answer is 0.
        """
        clock = asyncio.get_running_loop().time
        if clock() < self._away_until:
            return 0
        name = f"{self._space}:rate:{key}"
        try:
            # No transaction: should only the first arrive, the next call sets the end of both.
            async with self._redis.pipeline(transaction=False) as pipe:
                pipe.incr(name)
                pipe.expire(name, seconds, nx=True)
                count, _ = await pipe.execute()
        except _AWAY:
            # One that hangs must not make every message wait for it.
            self._away_until = clock() + _PAUSE
            return 0
        return int(count)

    async def ping(self) -> bool:
        """Say whether Redis answers."""
        try:
            return bool(await self._redis.ping())
        except _AWAY:
            return False

    def ring_here(self, topic: str) -> None:
        """Wake those who listen in this process."""
        for name in (topic, topic.partition(":")[0] + ":*"):
            for bell in self._bells.get(name, ()):
                bell.ring(topic)

    async def _publish(self) -> None:
        """Carry wake-ups to the other processes; what cannot be sent is dropped."""
        while True:
            topics = {await self._outgoing.get(): None}
            while not self._outgoing.empty():
                topics[self._outgoing.get_nowait()] = None
            try:
                await self._redis.publish(self._space, " ".join([self._name, *topics]))
            except _AWAY as error:
                logger.warning("redis.away", error=type(error).__name__)
                await asyncio.sleep(_PAUSE)
                while not self._outgoing.empty():
                    self._outgoing.get_nowait()

    async def _listen(self) -> None:
        """Ring for the wake-ups of other processes, reconnecting for ever."""
        while True:
            try:
                async with self._listener.pubsub() as subscription:
                    await subscription.subscribe(self._space)
                    self.connected = True
                    self._ring_everyone()
                    async for message in subscription.listen():
                        if message["type"] == "message":
                            self._heard(message["data"])
            except _AWAY as error:
                logger.warning("redis.away", error=type(error).__name__)
            self.connected = False
            await asyncio.sleep(_PAUSE)

    def _heard(self, news: str) -> None:
        """Ring for the wake-ups of another process; our own rang before they were sent."""
        sender, *topics = news.split(" ")
        if sender != self._name:
            for topic in topics:
                self.ring_here(topic)

    def _ring_everyone(self) -> None:
        """Ring all bells once: wake-ups may have been missed while nobody listened."""
        for topic, bells in self._bells.items():
            for bell in bells:
                bell.ring(topic)
