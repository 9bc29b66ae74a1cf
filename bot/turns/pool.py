"""The worker pool: each conversation by one worker at a time, none held up by another."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from types import TracebackType
from typing import Self

import structlog
from pymongo.errors import ConnectionFailure, PyMongoError

from bot.background import keep_going
from bot.clock import Clock
from bot.errors import LeaseLostError
from bot.inbox.model import Address, Received
from bot.inbox.store import Inbox
from bot.lease_store import Lease, Leases
from bot.office import Office
from bot.outbox.sender import Sender
from bot.outbox.store import Outbox
from bot.turns.later import Later
from bot.turns.turn import Turns, asks_for_a_person
from bot.wakeups import Wakeups
from standards.tasks import ended

logger = structlog.get_logger(__name__)

WORK = "work"
"""Wake-up topic: `work:{conversation id}` says that there is something to do."""
HEARD = "heard"
"""Wake-up topic: `heard:{conversation id}` says that a message came in, and nothing else."""
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
        self._fully: set[str] = set()
        self._kept: dict[str, Lease] = {}
        self._held: dict[str, Lease] = {}
        self._later = Later(lambda id: self._wakeups.ring_here(f"{WORK}:{id}"))
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        """Start looking for work."""
        self._tasks = [
            asyncio.create_task(keep_going("turn-pool", self._watch), name="turn-pool"),
            asyncio.create_task(keep_going("turn-pool-heartbeat", self._beat), name="heartbeat"),
        ]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop; unfinished turns are given back and done by whoever comes next."""
        await ended(self._tasks[:1])
        self._again.clear()
        await ended(self._busy.values())
        await ended(self._tasks[1:])
        for lease in self._kept.values():
            await self._give_back(lease)
        self._kept.clear()

    def hurry(self) -> None:
        """Try again at once what failed and waits: whom it was for lack of is back."""
        self._later.hurry()

    async def _give_back(self, lease: Lease) -> None:
        """Give a kept lease back; one that cannot be given back ends by itself."""
        try:
            await self._leases.release(lease)
        except PyMongoError as error:
            logger.warning("store.away", error=type(error).__name__)

    async def work(self, conversation_id: str, *, fully: bool = True) -> datetime | None:
        """Do everything that is due in a conversation, unless somebody else is at it.

        The lease is kept for the citizen's next message. Until it ends by itself whoever else
        gets that message rings here.

        Args:
            conversation_id: the conversation.
            fully: look at all of it; False where only a message has come.

        Returns:
            When the conversation has to be looked at again, or None.
        """
        kept = self._kept.pop(conversation_id, None)
        lease = kept and await self._still(kept, fully=fully)
        lease = lease or await self._leases.take(conversation_id)
        if lease is None:
            return None
        self._held[conversation_id] = lease
        try:
            lease, due = await self._drain(lease, fully=fully or kept is None)
        except BaseException:
            await self._leases.release(lease)
            raise
        finally:
            self._held.pop(conversation_id, None)
        self._kept[conversation_id] = lease
        return due

    async def _still(self, lease: Lease, *, fully: bool) -> Lease | None:
        """Return a kept lease if it is still ours, with the mailbox as it is now if wanted."""
        try:
            return await self._leases.renew(lease) if fully else await self._leases.keep(lease)
        except LeaseLostError:
            return None

    async def _drain(self, lease: Lease, *, fully: bool) -> tuple[Lease, datetime | None]:
        """Send what is due and run turns until nothing is due; say when to look again."""
        address = self._inbox.address_of(lease.document)
        while True:
            if lease.id not in self._fully:
                # Whatever has come by now is seen by this look.
                self._again.discard(lease.id)
            clear = await self._sender.send_due(address) if fully else True
            waiting = await self._inbox.waiting(lease.id)
            if not waiting:
                return lease, None if clear else await self._next_due(lease.id)
            head, *others = waiting
            due = self._later.is_early(lease.id) or head.due_at <= self._clock()
            if not due and not self._has_new_call(others):
                await self._wait_behind(head, others, address)
                return lease, await self._next_due(lease.id)
            lease, told = await self._run_in_order(lease, address, waiting, first_in_line=clear)
            if not told:
                fully = True
            elif not fully and lease.id not in self._again:
                return lease, None

    async def _run_in_order(
        self, lease: Lease, address: Address, waiting: Sequence[Received], *, first_in_line: bool
    ) -> tuple[Lease, bool]:
        """Run turns one after the other; say whether all are done and nothing is left to send.

        The first turn that fails, or whose replies have yet to be sent, is the last one.
        """
        for message in waiting:
            lease = await self._leases.keep(lease)
            done = await self._turns.run(lease, address, message, first_in_line=first_in_line)
            self._sender.stir(address)
            if not (done and first_in_line and self._turns.says_at_once(address)):
                return await self._leases.keep(lease), False
        return lease, True

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
        with self._wakeups.listen(f"{WORK}:*", f"{HEARD}:*") as bell:
            while True:
                for topic in await bell.wait(max(0.0, next_look - clock())):
                    news, _, conversation_id = topic.partition(":")
                    self._start(conversation_id, fully=news == WORK)
                if clock() >= next_look:
                    await self._look()
                    next_look = clock() + self._poll_seconds

    async def _beat(self) -> None:
        """Keep the leases of what is being worked on; a dead process keeps nothing."""
        while True:
            await asyncio.sleep(self._leases.seconds / 3)
            try:
                await self._leases.keep_all(self._held.values())
            except PyMongoError as error:
                logger.warning("store.away", error=type(error).__name__)

    async def _wait_for_office(self, end: float) -> None:
        """Wait until the office answers for the first time, but not for ever."""
        while asyncio.get_running_loop().time() < end:
            if await self._office.healthy():
                return
            await asyncio.sleep(_OFFICE_PAUSE)

    async def _look(self) -> None:
        """Look for due work in the database, and forget leases that have ended."""
        now = self._clock()
        self._kept = {id: lease for id, lease in self._kept.items() if lease.until > now}
        at_work = set(self._busy)
        try:
            due = await self._inbox.due_conversations() + await self._outbox.due_conversations()
        except PyMongoError as error:
            logger.warning("store.away", error=type(error).__name__)
            return
        for conversation_id in dict.fromkeys(due):
            # What is being worked on is due until it is done; it needs no second look, not even
            # when it was done while the database answered.
            if conversation_id not in at_work and conversation_id not in self._busy:
                self._start(conversation_id)

    def _start(self, conversation_id: str, *, fully: bool = True) -> None:
        """Work on a conversation, or once more when this process is at it already."""
        if not conversation_id or conversation_id == "*":
            return
        if fully:
            self._fully.add(conversation_id)
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
            self._start(conversation_id, fully=False)

    async def _guarded(self, conversation_id: str) -> None:
        """Work on a conversation; what fails here is found again at a later poll."""
        async with self._free:
            fully = conversation_id in self._fully
            self._fully.discard(conversation_id)
            try:
                due = await self.work(conversation_id, fully=fully)
            except LeaseLostError:
                logger.info("lease.lost", conversation=conversation_id)
                return
            except ConnectionFailure as error:
                logger.warning("store.away", error=type(error).__name__)
                return
            except PyMongoError as error:
                # Names and numbers only: the text of such an error may hold what was written.
                code = getattr(error, "code", None)
                kind = type(error).__name__
                logger.error("store.refused", conversation=conversation_id, error=kind, code=code)
                return
        if due:
            # Something is left to be said or done before the citizen's next message.
            self._fully.add(conversation_id)
            self._later.plan(conversation_id, (due - self._clock()).total_seconds())
