"""等在门口的回调: callbacks that wait in this process, so that an answer reaches them directly."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager

from bot.channels.wechat.windows import Window
from bot.wakeups import Bell

_REMEMBERED = 10_000


class Guest:
    """One callback that waits.

    Attributes:
        window: what was decided when it came; None until that is known.
        answer: the answer it is to write, given to it in the store already.
        written: whether it wrote the answer; False when it left without.
        expected: an answer is being written down for it, so a moment more is worth waiting.
    """

    def __init__(self, bell: Bell) -> None:
        loop = asyncio.get_running_loop()
        self.window: Window | None = None
        self.answer: asyncio.Future[Window] = loop.create_future()
        self.written: asyncio.Future[bool] = loop.create_future()
        self.expected = False
        self._bell = bell

    def take(self, window: Window) -> None:
        """Give it the answer."""
        if not self.answer.done():
            self.answer.set_result(window)
            self._bell.ring(window.id)

    def leave(self, *, written: bool) -> None:
        """Say how it ended; only the first word counts."""
        if not self.written.done():
            self.written.set_result(written)


class Guests:
    """The callbacks of this process by message: more than one when the platform asks again."""

    def __init__(self) -> None:
        self._waiting: dict[str, list[Guest]] = {}
        self._unsaid: OrderedDict[str, None] = OrderedDict()

    @contextmanager
    def welcome(self, inbox_id: str, bell: Bell) -> Iterator[Guest]:
        """Let a callback wait until the block ends."""
        guest = Guest(bell)
        self._waiting.setdefault(inbox_id, []).append(guest)
        try:
            yield guest
        finally:
            guest.leave(written=False)
            self._note(inbox_id, guest)
            self.forget(inbox_id, guest)

    def _note(self, inbox_id: str, guest: Guest) -> None:
        """Remember which answers were to be written here and were not."""
        if guest.written.result():
            self._unsaid.pop(inbox_id, None)
        elif guest.expected:
            self._unsaid[inbox_id] = None
            if len(self._unsaid) > _REMEMBERED:
                self._unsaid.popitem(last=False)

    def unsaid(self, inbox_id: str) -> bool:
        """Say whether a callback left without the answer the store may have given it."""
        return inbox_id in self._unsaid and inbox_id not in self._waiting

    def forget(self, inbox_id: str, guest: Guest) -> None:
        """Let a callback take nothing any more."""
        guests = self._waiting.get(inbox_id, [])
        if guest in guests:
            guests.remove(guest)
        if not guests:
            self._waiting.pop(inbox_id, None)

    def window(self, inbox_id: str) -> Window | None:
        """Return the window of a message whose callback waits here."""
        known = [guest.window for guest in self._waiting.get(inbox_id, ()) if guest.window]
        return known[-1] if known else None

    def expect(self, inbox_id: str) -> bool:
        """Say that an answer is coming; False when nobody waits here."""
        guests = self._waiting.get(inbox_id, ())
        for guest in guests:
            guest.expected = True
        return bool(guests)

    async def hand(self, window: Window) -> bool:
        """Hand the answer to whoever waits; say whether it was written to the platform."""
        guests = list(self._waiting.get(window.id, ()))
        for guest in guests:
            guest.take(window)
        return any([await guest.written for guest in guests])

    def __len__(self) -> int:
        """Return how many messages callbacks wait for."""
        return len(self._waiting)
