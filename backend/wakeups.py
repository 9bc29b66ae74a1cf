"""Wake-ups over Redis: whoever waits for news looks at once instead of at the next second.

Only latency depends on Redis: every waiter also looks by itself after its timeout.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator

import structlog
from redis import DriverInfo
from redis.asyncio import Redis
from redis.exceptions import RedisError

from standards.tasks import ended

CHANNEL = "paoyici:office:wake"
RECONNECT_SECONDS = 1.0
PUBLISH_SECONDS = 1.0
MOST_UNSENT = 10_000

log = structlog.get_logger(__name__)


class Bell:
    """One waiter's bell for one name."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def ring(self) -> None:
        """Wake the waiter, now or at its next wait."""
        self._event.set()

    async def wait(self, timeout: float) -> None:
        """Return when rung since the last wait, or after `timeout` seconds."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                await self._event.wait()
        self._event.clear()


class Wakeups:
    """Rings bells in this process at once, and in the others through Redis."""

    def __init__(self, redis_url: str | None) -> None:
        self._redis = (
            Redis.from_url(
                redis_url,
                socket_connect_timeout=0.5,
                socket_timeout=None,
                # Named here, because the driver would read its version from disk at every connect.
                driver_info=DriverInfo(name="redis-py", lib_version="8"),
            )
            if redis_url
            else None
        )
        self._bells: dict[str, set[Bell]] = {}
        self._unsent: asyncio.Queue[str] = asyncio.Queue(MOST_UNSENT)
        self.closing = False

    def close(self) -> None:
        """Send everybody home who waits: the office closes."""
        self.closing = True
        for name in self._bells:
            self._ring_here(name)

    @contextlib.contextmanager
    def bell(self, name: str) -> Iterator[Bell]:
        """Give a bell that rings for `name`; take it before the first look to miss nothing."""
        bell = Bell()
        self._bells.setdefault(name, set()).add(bell)
        try:
            yield bell
        finally:
            self._bells[name].discard(bell)

    def ring(self, *names: str) -> None:
        """Ring the bells of `names`, here at once and elsewhere soon; never waits, never fails."""
        for name in names:
            self._ring_here(name)
            if self._redis is not None:
                with contextlib.suppress(asyncio.QueueFull):
                    self._unsent.put_nowait(name)

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Ring for the other processes, and be rung by them, until the block ends."""
        if self._redis is None:
            yield
            return
        tasks = [
            asyncio.create_task(self._publish(self._redis)),
            asyncio.create_task(self._listen(self._redis)),
        ]
        try:
            yield
        finally:
            await ended(tasks)
            await self._redis.aclose()

    async def _publish(self, redis: Redis) -> None:
        """Ring elsewhere what was rung here; what Redis does not take is dropped.

        Whoever writes does not wait for Redis: one that hangs would make every write slow.
        """
        while True:
            name = await self._unsent.get()
            try:
                async with asyncio.timeout(PUBLISH_SECONDS):
                    await redis.publish(CHANNEL, name)
            except (RedisError, OSError, TimeoutError) as error:
                log.warning("wakeups.redis_away", error=type(error).__name__)
                await asyncio.sleep(RECONNECT_SECONDS)
                while not self._unsent.empty():
                    self._unsent.get_nowait()

    async def _listen(self, redis: Redis) -> None:
        """Ring here what was rung elsewhere, for ever, over reconnects."""
        while True:
            await self._listen_once(redis)
            await asyncio.sleep(RECONNECT_SECONDS)

    async def _listen_once(self, redis: Redis) -> None:
        """Ring here what was rung elsewhere until the connection is lost."""
        try:
            async with redis.pubsub(ignore_subscribe_messages=True) as subscription:
                await subscription.subscribe(CHANNEL)
                async for message in subscription.listen():
                    self._ring_here(message["data"].decode())
        except (RedisError, OSError) as error:
            log.warning("wakeups.redis_away", error=type(error).__name__)

    def _ring_here(self, name: str) -> None:
        for bell in self._bells.get(name, ()):
            bell.ring()
