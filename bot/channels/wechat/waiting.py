"""五秒之内: a callback waits for its turn, gives the answer once, and lets go in time."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Coroutine, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

import structlog
from aiohttp import web
from pymongo.errors import PyMongoError

from bot.channels.web import conversation_topic
from bot.channels.wechat.guests import Guest, Guests
from bot.channels.wechat.pulse import Pulse
from bot.channels.wechat.windows import Window, Windows
from bot.errors import AwayError, DoorError
from bot.inbox.store import Inbox
from bot.lease_store import FREE
from bot.outbox.store import Outbox
from bot.turns.pool import WORK
from bot.wakeups import Bell, Wakeups

logger = structlog.get_logger(__name__)

T = TypeVar("T")

_LOOK_EVERY = 2.0
_MOMENT = 0.3
_MARGIN = timedelta(milliseconds=300)
_RETRY_SECONDS = 3.0
_LATEST = 4.6
"""Seconds after which the platform is answered, whatever has become of the message."""
_LAST_TRY = 4
"""The platform's last try of one message: nobody would know whether its answer arrives."""
_MOST_WAITING = 256


@dataclass(frozen=True)
class Deadlines:
    """到时: on the event loop's clock, how long to wait for the turn, and for anything at all."""

    wait: float
    answer: float


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
        self.guests = Guests()
        self.pulse = Pulse()
        self._seconds = seconds
        self._tasks: set[asyncio.Task[Any]] = set()

    def deadlines(self) -> Deadlines:
        """Return the deadlines of a callback whose handler begins now.

        It arrived earlier by as much as the loop is late, and its answer will leave as late.
        When very many callbacks wait, the next ones are only acknowledged.
        """
        began = asyncio.get_running_loop().time() - 2 * self.pulse.late
        patience = self._seconds if len(self.guests) < _MOST_WAITING else 0.0
        return Deadlines(began + patience, began + _LATEST)

    def start(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Do what must not end with the connection."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        """Forget a task; what is wrong with a callback is for its sender to hear."""
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error and not isinstance(error, DoorError):
            logger.warning("callback.not_finished", error=type(error).__name__)

    async def in_time(self, due: Deadlines, work: Coroutine[Any, Any, T]) -> T:
        """Return what `work` gives; it goes on after the time is over.

        Raises:
            AwayError: it takes too long. The platform asks again, and finds what is stored then.
        """
        task = self.start(work)
        left = due.answer - asyncio.get_running_loop().time()
        await asyncio.wait({task}, timeout=max(0.0, left))
        if not task.done():
            raise AwayError
        return task.result()

    async def close(self, _: web.Application) -> None:
        """Finish what is left."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @contextlib.contextmanager
    def waiting(self, conversation_id: str, inbox_id: str, due: Deadlines) -> Iterator[Waiting]:
        """Wait for the answer to one message; every stir of its conversation is a reason to look.

        Args:
            conversation_id: whose stirs are listened to.
            inbox_id: the message.
            due: until when.
        """
        with (
            self.wakeups.listen(conversation_topic(conversation_id)) as bell,
            self.guests.welcome(inbox_id, bell) as guest,
        ):
            yield Waiting(self, conversation_id, inbox_id, due, bell, guest)


class Waiting:
    """One callback that waits."""

    def __init__(
        self,
        passive: PassiveReply,
        conversation_id: str,
        inbox_id: str,
        due: Deadlines,
        bell: Bell,
        guest: Guest,
    ) -> None:
        self._passive = passive
        self._conversation_id = conversation_id
        self._windows = passive.windows
        self._inbox_id = inbox_id
        self._due = due
        self._bell = bell
        self._guest = guest
        self._seen = Window(inbox_id, "open", FREE)

    def _left(self, until: float) -> float:
        """Return how many seconds are left."""
        return max(0.0, until - asyncio.get_running_loop().time())

    async def open(self) -> Window:
        """Say that a callback waits, or see what was decided when the platform asked before."""
        seconds = self._left(self._due.wait) + _MARGIN.total_seconds()
        window = await self._windows.open(self._inbox_id, seconds)
        if window.state == "given" and window.tries >= _LAST_TRY:
            return await self._send_otherwise(window)
        if window.state in {"open", "filled"}:
            self._guest.window = window
        return window

    async def _send_otherwise(self, window: Window) -> Window:
        """Send an answer that got lost three times as a customer message, which is acknowledged."""
        if await self._windows.renounce(window):
            for reply_id in window.reply_ids:
                await self._passive.outbox.mark_failed_try(reply_id, "callback.unanswered", FREE)
            await self._next()
        return Window(window.id, "customer", window.until, tries=window.tries)

    async def wait(self, window: Window) -> Window:
        """Wait until there is an answer, nothing to say, or no time left.

        When the time is over the platform is answered at once, however slow the store is: what is
        filled in afterwards stays untaken and goes out when the window ends.
        """
        self._seen = window
        try:
            async with asyncio.timeout_at(self._due.wait):
                await self._watch()
        except TimeoutError:
            logger.debug("callback.late", message=self._inbox_id)
        except PyMongoError as error:
            # The message is stored: that alone is what the platform has to know.
            logger.warning("store.away", error=type(error).__name__)
        if self._guest.expected and self._seen.state in {"open", "filled"}:
            await asyncio.wait({self._guest.answer}, timeout=self._left(self._due.answer))
        self._passive.guests.forget(self._inbox_id, self._guest)
        if self._guest.answer.done():
            return self._guest.answer.result()
        if self._seen.state == "filled":
            return await self._take()
        if self._seen.state == "open":
            self._passive.start(self._let_go(self._seen))
        return self._seen

    async def _watch(self) -> None:
        """Look at every stir until the answer is whole, given already, or not to come."""
        if self._seen.tries > 1 and self._seen.state == "open" and await self._silent():
            return
        while self._seen.state in {"open", "filled"} and not self._seen.final:
            rang = await self._bell.wait(_LOOK_EVERY)
            if rang or self._guest.expected:
                # An answer of this process is handed over, which is sooner than any look.
                await asyncio.wait({self._guest.answer}, timeout=_MOMENT)
            if self._guest.answer.done():
                return
            self._seen = await self._windows.read(self._inbox_id) or self._seen
            if self._seen.state == "open" and await self._silent():
                return

    async def _silent(self) -> bool:
        """Say whether the turn is over and has nothing to say."""
        if not await self._passive.inbox.is_over(self._inbox_id):
            return False
        return not await self._passive.outbox.of_message(self._inbox_id)

    async def _take(self) -> Window:
        """Take an answer another process filled in, or an apology; never too late."""
        self._guest.expected = True
        task = self._passive.start(self._windows.take(self._inbox_id))
        await asyncio.wait({task}, timeout=self._left(self._due.answer))
        if task.done():
            return task.result() or self._seen
        self._passive.start(self._give_back_after(task))
        return Window(self._inbox_id, "customer", self._seen.until)

    async def _give_back_after(self, taking: Awaitable[Window | None]) -> None:
        """Undo a taking that came too late for the platform."""
        window = await taking
        if window and window.state == "given":
            await self._windows.give_back(self._inbox_id, 0)
            await self._next()

    async def _let_go(self, window: Window) -> None:
        """Shut the window; the worker says what comes later."""
        if await self._windows.shut(window):
            # What was put aside would have gone with the answer; now it goes by itself.
            await self._passive.outbox.unpark(self._conversation_id)
            await self._next()

    async def give(self, request: web.Request, text: str, window: Window) -> web.StreamResponse:
        """Write the answer; an answer that cannot be written is left for the next try."""
        answer = web.Response(text=text, content_type=_type(text))
        if window.state != "given":
            return answer
        handed = self._guest.answer.done()
        try:
            _check_open(request)
            await answer.prepare(request)
            await answer.write_eof()
        except ConnectionError:
            logger.info("callback.gone", message=self._inbox_id)
            if not handed:
                await self._windows.give_back(self._inbox_id, _RETRY_SECONDS)
            return answer
        self._guest.leave(written=True)
        if not handed:
            self._passive.start(self._settle(window))
        return answer

    async def _settle(self, window: Window) -> None:
        """Record what was said; if this is lost, the worker finds it in the window."""
        await self._passive.outbox.mark_said(*window.reply_ids)
        await self._next()

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
