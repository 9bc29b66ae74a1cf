"""Tells a neighbour that is slow from one that stands still: it is asked for a sign of life.

A process that hangs still has its connections accepted by the system, so only time would tell.
Waiting it out would leave citizens without a word; giving every slow call up would do its work
twice. So a call that has waited for long lets the neighbour be asked something small; whatever it
answers meanwhile, to anybody, is a sign of life as well.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager

_DOUBT_AFTER = 0.6
"""Seconds a call waits before its neighbour is asked; that takes 0.4 s more."""
_ASK_EVERY = 0.25


class SilentError(ConnectionError):
    """The neighbour gives no sign of life."""


class Vitals:
    """The life of one neighbour.

    Args:
        lives: asks for a sign of life, with short patience.
        start: lets work go on in the background as long as the door is open.
        back: told when it answers again after it was away.

    Attributes:
        silent: it is there and answers nothing; calls fail at once until it does.
        gone: its connections break; a call may try, and another process is the better choice.
    """

    def __init__(
        self,
        lives: Callable[[], Awaitable[bool]],
        start: Callable[[Coroutine[None, None, None]], asyncio.Task[None]],
        back: Callable[[], None] = lambda: None,
    ) -> None:
        self._lives = lives
        self._start = start
        self._back = back
        self._doubting: set[asyncio.Timeout] = set()
        self._asking: asyncio.Task[None] | None = None
        self._answers = 0
        self.silent = False
        self.gone = False

    @property
    def away(self) -> bool:
        """Say whether it is known not to answer now."""
        return self.silent or self.gone

    @asynccontextmanager
    async def watched(self) -> AsyncIterator[None]:
        """Run a call, giving it up should the neighbour turn out to be silent.

        Raises:
            SilentError: it is, or is known to be.
        """
        if self.silent:
            self._ask()
            raise SilentError
        loop = asyncio.get_running_loop()
        patience = asyncio.timeout(None)
        try:
            async with patience:
                doubt = loop.call_later(_DOUBT_AFTER, self._doubt, patience)
                try:
                    yield
                finally:
                    doubt.cancel()
                    self._doubting.discard(patience)
        except TimeoutError as error:
            if patience.expired():
                raise SilentError from error
            raise

    def heard(self) -> None:
        """Take note that the neighbour has answered somebody."""
        self._answers += 1
        was_away = self.away
        self.silent = self.gone = False
        if was_away:
            self._back()

    async def check(self) -> None:
        """Ask for a sign of life before anything is sent."""
        before = self._answers
        if not await self._lives() and self._answers == before:
            self.silent = True
            self._ask()

    def lost(self) -> None:
        """Take note that a connection broke, until there is a sign of life."""
        self.gone = True
        self._ask()

    def _doubt(self, patience: asyncio.Timeout) -> None:
        """Let the neighbour be asked on behalf of a call that waits for long."""
        self._doubting.add(patience)
        self._ask()

    def _ask(self) -> None:
        """Start asking, unless that is being done."""
        if self._asking is None or self._asking.done():
            self._asking = self._start(self._ask_on())

    async def _ask_on(self) -> None:
        """Ask until it lives and nobody doubts it."""
        while self.away or self._doubting:
            before = self._answers
            if await self._lives():
                self.heard()
            elif self._doubting and self._answers == before:
                self.silent = True
                self._give_up()
            await asyncio.sleep(_ASK_EVERY)

    def _give_up(self) -> None:
        """End the calls that wait for a neighbour that is silent."""
        now = asyncio.get_running_loop().time()
        for patience in self._doubting:
            patience.reschedule(now)
        self._doubting.clear()
