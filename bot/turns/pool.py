"""The worker pool: each conversation by one worker at a time, none held up by another."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime
from types import TracebackType
from typing import Self

import structlog
from pymongo.errors import PyMongoError

from bot.clock import Clock
from bot.errors import LeaseLostError
from bot.inbox.model import Address, Received
from bot.inbox.store import Inbox
from bot.lease_store import Lease, Leases
from bot.office import Office
from bot.outbox.sender import Sender
from bot.outbox.store import Outbox
from bot.turns.turn import Turns, asks_for_a_person
from bot.wakeups import Wakeups

logger = structlog.get_logger(__name__)

WORK = "work"
"""Wake-up topic: `work:{conversation id}` says that there is something to do."""
_OFFICE_PATIENCE = 20.0
_OFFICE_PAUSE = 0.2


class TurnPool:
    """Finds conversations with work, by wake-up or by polling, and works on them.

    Args:
        workers: conversations worked on at once.
        poll_seconds: how often to look without having been woken.
        office: waited for at start, so that a restart of both is not taken for a failure.
    """

    def __init__(
        self,
        *,
        inbox: Inbox,
        outbox: Outbox,
        sender: Sender,
        turns: Turns,
        leases: Leases,
        wakeups: Wakeups,
        clock: Clock,
        office: Office,
        workers: int,
        poll_seconds: float,
    ) -> None:
        self._inbox = inbox
        self._outbox = outbox
        self._sender = sender
        self._turns = turns
        self._leases = leases
        self._wakeups = wakeups
        self._clock = clock
        self._office = office
        self._poll_seconds = poll_seconds
        self._free = asyncio.Semaphore(workers)
        self._busy: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()
        self._held: set[str] = set()
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        """Start looking for work."""
        self._tasks = [
            asyncio.create_task(self._watch(), name="turn-pool"),
            asyncio.create_task(self._beat(), name="turn-pool-heartbeat"),
        ]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop; unfinished turns are given back and done by whoever comes next."""
        await _cancel(self._tasks[:1])
        self._again.clear()
        await _cancel(self._busy.values())
        await _cancel(self._tasks[1:])

    async def work(self, conversation_id: str) -> datetime | None:
        """Do everything that is due in a conversation, unless somebody else is at it.

        After giving the lease back it looks once more, because a message that arrived while
        the lease was held may have been turned away by it.

        Returns:
            When the conversation has to be looked at again, or None.
        """
        while (due := await self._next_due(conversation_id)) and due <= self._clock():
            lease = await self._leases.take(conversation_id)
            if lease is None:
                return None
            self._held.add(conversation_id)
            try:
                await self._drain(lease)
            finally:
                self._held.discard(conversation_id)
                await self._leases.release(lease)
        return due

    async def _drain(self, lease: Lease) -> None:
        """Send what is due and run turns until nothing is due."""
        while True:
            address = _address(lease)
            await self._sender.send_due(address)
            waiting = await self._inbox.waiting(lease.id)
            if not waiting:
                return
            head, *others = waiting
            if head.due_at > self._clock() and not self._has_new_call(others):
                await self._wait_behind(head, others, address)
                return
            lease = await self._leases.keep(lease)
            await self._turns.run(lease, address, head)
            self._sender.stir(address)
            lease = await self._leases.keep(lease)

    def _has_new_call(self, others: Sequence[Received]) -> bool:
        """Say whether somebody who waits has just asked for a person."""
        words = self._turns.person_words
        return any(asks_for_a_person(one, words) and not one.apologised for one in others)

    async def _wait_behind(
        self, head: Received, others: Sequence[Received], address: Address
    ) -> None:
        """Let later messages wait for the first one, and tell their sender."""
        await self._inbox.defer(head.conversation_id, head.due_at)
        if head.apologised and any(not one.apologised for one in others):
            await self._turns.comfort(others)
            await self._sender.send_due(address)

    async def _next_due(self, conversation_id: str) -> datetime | None:
        """Return when the first message or reply of the conversation is due."""
        waiting = await self._inbox.waiting(conversation_id)
        replies = await self._outbox.open(conversation_id)
        times = [one.due_at for one in waiting] + [one.next_try_at for one in replies[:1]]
        return min(times, default=None)

    async def _watch(self) -> None:
        """Start work for wake-ups at once, and for everything that is due at every poll."""
        clock = asyncio.get_running_loop().time
        await self._wait_for_office(clock() + _OFFICE_PATIENCE)
        next_look = clock()
        with self._wakeups.listen(f"{WORK}:*") as bell:
            while True:
                for topic in await bell.wait(max(0.0, next_look - clock())):
                    self._start(topic.partition(":")[2])
                if clock() >= next_look:
                    await self._look()
                    next_look = clock() + self._poll_seconds

    async def _beat(self) -> None:
        """Keep the leases of what is being worked on; a dead process keeps nothing."""
        while True:
            await asyncio.sleep(self._leases.seconds / 3)
            try:
                await self._leases.keep_all(self._held)
            except PyMongoError as error:
                logger.warning("store.away", error=type(error).__name__)

    async def _wait_for_office(self, end: float) -> None:
        """Wait until the office answers for the first time, but not for ever."""
        while asyncio.get_running_loop().time() < end:
            if await self._office.healthy():
                return
            await asyncio.sleep(_OFFICE_PAUSE)

    async def _look(self) -> None:
        """Look for due work in the database."""
        try:
            due = await self._inbox.due_conversations() + await self._outbox.due_conversations()
        except PyMongoError as error:
            logger.warning("store.away", error=type(error).__name__)
            return
        for conversation_id in dict.fromkeys(due):
            self._start(conversation_id)

    def _start(self, conversation_id: str) -> None:
        """Work on a conversation, or once more when this process is at it already."""
        if not conversation_id or conversation_id == "*":
            return
        if conversation_id in self._busy:
            self._again.add(conversation_id)
            return
        task = asyncio.create_task(self._guarded(conversation_id))
        self._busy[conversation_id] = task
        task.add_done_callback(lambda done: self._ended(conversation_id, done))

    def _ended(self, conversation_id: str, task: asyncio.Task[None]) -> None:
        """Forget a finished task, and start again if work was announced meanwhile."""
        self._busy.pop(conversation_id, None)
        if not task.cancelled() and (error := task.exception()):
            logger.error("turn.defect", conversation=conversation_id, exc_info=error)
        if conversation_id in self._again:
            self._again.discard(conversation_id)
            self._start(conversation_id)

    async def _guarded(self, conversation_id: str) -> None:
        """Work on a conversation; what fails here is found again at a later poll."""
        async with self._free:
            try:
                due = await self.work(conversation_id)
            except LeaseLostError:
                logger.info("lease.lost", conversation=conversation_id)
                return
            except PyMongoError as error:
                logger.warning("store.away", error=type(error).__name__)
                return
        if due:
            delay = max(0.0, (due - self._clock()).total_seconds())
            asyncio.get_running_loop().call_later(
                delay, self._wakeups.ring_here, f"{WORK}:{conversation_id}"
            )


async def _cancel(tasks: Iterable[asyncio.Task[None]]) -> None:
    """Cancel tasks, and wait until they are over."""
    cancelled = list(tasks)
    for task in cancelled:
        task.cancel()
    await asyncio.gather(*cancelled, return_exceptions=True)


def _address(lease: Lease) -> Address:
    """Return the address that a mailbox stands for."""
    mailbox = lease.document
    return Address(lease.id, mailbox["channel"], mailbox["identity"], mailbox["elder"])
