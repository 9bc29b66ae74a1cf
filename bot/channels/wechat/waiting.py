"""五秒之内: a callback waits for its turn, gives the answer once, and lets go in time."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Coroutine, Iterator
from datetime import timedelta
from typing import Any

import structlog
from aiohttp import web
from pymongo.errors import PyMongoError

from bot.channels.web import conversation_topic
from bot.channels.wechat.windows import Window, Windows
from bot.inbox.store import Inbox
from bot.lease_store import FREE
from bot.outbox.store import Outbox
from bot.turns.pool import WORK
from bot.wakeups import Bell, Wakeups

logger = structlog.get_logger(__name__)

_LOOK_EVERY = 0.5
_MARGIN = timedelta(milliseconds=300)
_RETRY_SECONDS = 3.0


class PassiveReply:
    """Lets callbacks wait for the answers to their messages.

    Args:
        seconds: from the callback's arrival until it is answered at the latest.
    """

    def __init__(
        self, windows: Windows, inbox: Inbox, outbox: Outbox, wakeups: Wakeups, seconds: float
    ) -> None:
        self.windows = windows
        self.inbox = inbox
        self.outbox = outbox
        self.wakeups = wakeups
        self.seconds = seconds
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Do what is left after the answer; the handler may end with the connection."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self, _: web.Application) -> None:
        """Finish what is left."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @contextlib.contextmanager
    def waiting(self, conversation_id: str, inbox_id: str, began: float) -> Iterator[Waiting]:
        """Wait for the answer to one message; every stir of its conversation is a reason to look.

        Args:
            conversation_id: whose stirs are listened to.
            inbox_id: the message.
            began: when the callback arrived, on the event loop's clock.
        """
        with self.wakeups.listen(conversation_topic(conversation_id)) as bell:
            yield Waiting(self, conversation_id, inbox_id, began + self.seconds, bell)


class Waiting:
    """One callback that waits."""

    def __init__(
        self, passive: PassiveReply, conversation_id: str, inbox_id: str, end: float, bell: Bell
    ) -> None:
        self._passive = passive
        self._conversation_id = conversation_id
        self._windows = passive.windows
        self._inbox_id = inbox_id
        self._end = end
        self._bell = bell
        self._seen = Window(inbox_id, "open", FREE)

    def _left(self) -> float:
        """Return how many seconds are left."""
        return max(0.0, self._end - asyncio.get_running_loop().time())

    async def open(self) -> Window:
        """Say that a callback waits, or see what was decided when the platform asked before."""
        return await self._windows.open(self._inbox_id, self._left() + _MARGIN.total_seconds())

    async def wait(self, window: Window) -> Window:
        """Wait until there is an answer, nothing to say, or no time left.

        When the time is over the platform is answered at once, however slow the store is: what is
        filled in afterwards stays untaken and goes out when the window ends.
        """
        self._seen = window
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout_at(self._end):
                await self._watch()
        if self._seen.state == "filled":
            return await self._windows.take(self._inbox_id) or self._seen
        if self._seen.state == "open":
            self._passive.start(self._let_go(self._seen))
        return self._seen

    async def _watch(self) -> None:
        """Look at every stir until the answer is whole, given already, or not to come."""
        while self._seen.state in {"open", "filled"} and not self._seen.final:
            if self._seen.state == "open" and await self._silent():
                return
            await self._bell.wait(_LOOK_EVERY)
            self._seen = await self._windows.read(self._inbox_id) or self._seen

    async def _silent(self) -> bool:
        """Say whether the turn is over and has nothing to say."""
        if await self._passive.inbox.state(self._inbox_id) != "done":
            return False
        return not await self._passive.outbox.of_message(self._inbox_id)

    async def _let_go(self, window: Window) -> None:
        """Shut the window; the worker says what comes later."""
        try:
            if await self._windows.shut(window):
                # What was put aside would have gone with the answer; now it goes by itself.
                await self._passive.outbox.unpark(self._conversation_id)
                await self._next()
        except PyMongoError as error:
            logger.warning("store.away", error=type(error).__name__)

    async def give(self, request: web.Request, text: str, window: Window) -> web.StreamResponse:
        """Write the answer; an answer that cannot be written is left for the next try."""
        answer = web.Response(text=text, content_type=_type(text))
        if window.state != "given":
            return answer
        try:
            _check_open(request)
            await answer.prepare(request)
            await answer.write_eof()
        except ConnectionError:
            logger.info("callback.gone", message=self._inbox_id)
            await self._windows.give_back(self._inbox_id, _RETRY_SECONDS)
            return answer
        self._passive.start(self._settle(window))
        return answer

    async def _settle(self, window: Window) -> None:
        """Record what was said; if this is lost, the worker finds it in the window."""
        try:
            await self._passive.outbox.mark_said(*window.reply_ids)
            await self._next()
        except PyMongoError as error:
            logger.warning("store.away", error=type(error).__name__)

    async def _next(self) -> None:
        """Let what waited behind the answer be said."""
        await self._passive.outbox.release(self._conversation_id)
        self._passive.wakeups.ring(f"{WORK}:{self._conversation_id}")


def _check_open(request: web.Request) -> None:
    """Check that somebody still listens.

    Raises:
        ConnectionError: the platform has hung up.
    """
    if request.transport is None or request.transport.is_closing():
        raise ConnectionResetError("the platform has hung up")


def _type(text: str) -> str:
    """Return the content type of an answer."""
    return "application/xml" if text.startswith("<xml>") else "text/plain"
