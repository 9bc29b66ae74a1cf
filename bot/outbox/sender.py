"""发件: say what is due, in order, first into the log and then over the channel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import structlog

from bot.channels.base import Channel, DeliveryError
from bot.clock import Clock
from bot.errors import OfficeAwayError, RefusedError, SealedError
from bot.inbox.model import Address
from bot.office import Office
from bot.outbox.model import PARKED, Outcome, Outgoing
from bot.outbox.store import Outbox

logger = structlog.get_logger(__name__)

_GIVE_UP_AFTER = 20
OFFICE_AWAY = OfficeAwayError.away_key


def retry_delay(attempts: int) -> timedelta:
    """Return how long to wait after the given number of failed attempts, at most 5 s."""
    return timedelta(seconds=min(5.0, 0.25 * 2**attempts))


class Sender:
    """Works off the outbox of one conversation; the caller holds its lease."""

    def __init__(
        self, outbox: Outbox, office: Office, channels: Mapping[str, Channel], clock: Clock
    ) -> None:
        self._outbox = outbox
        self._office = office
        self._channels = channels
        self._clock = clock

    async def send_due(self, address: Address) -> bool:
        """Send in order; the first reply that has to wait makes the others wait too.

        Returns:
            Whether there was nothing to send, so that nothing can be waiting either.
        """
        replies = await self._outbox.open(address.conversation_id)
        if self._channels[address.channel].merges:
            await self._send_together(address, replies)
        else:
            await self._send_each(address, replies)
        if replies:
            self.stir(address)
        return not replies

    def stir(self, address: Address) -> None:
        """Say to whoever watches that something about the conversation may have changed."""
        self._channels[address.channel].stir(address.conversation_id)

    async def _send_each(self, address: Address, replies: Sequence[Outgoing]) -> None:
        """Send one after the other over a channel that takes single replies.

        What waits for nothing but the office is tried now: whoever sends may have heard from it,
        and no later turn may speak before it.
        """
        for reply in await self._readable(replies):
            waits = reply.next_try_at > self._clock() and reply.last_error != OFFICE_AWAY
            if waits or not await self._send(address, reply):
                break

    async def _send_together(self, address: Address, replies: Sequence[Outgoing]) -> None:
        """Give everything that is due to a channel that counts its messages.

        What was put aside goes along, because it may find room in the same message.
        """
        now = self._clock()
        if not replies or replies[0].next_try_at > now:
            return
        ready: list[Outgoing] = []
        every = await self._outbox.open(address.conversation_id, parked=True)
        for reply in await self._readable(every):
            waits = reply.next_try_at > now and reply.state != PARKED
            logged = None if waits else await self._in_log(reply)
            if logged is None:
                break
            ready.append(logged)
        if ready:
            for outcome in await self._channels[address.channel].deliver_together(address, ready):
                await self._record(outcome, {reply.id: reply for reply in ready})

    async def _readable(self, replies: Sequence[Outgoing]) -> list[Outgoing]:
        """Return the replies our keys open; the others are given up, and staff are told."""
        for reply in replies:
            if reply.sealed:
                logger.error("outbox.given_up", reply=reply.id, why=SealedError.key)
                await self._outbox.mark_failed_try(reply.id, SealedError.key, None)
        return [reply for reply in replies if not reply.sealed]

    async def _in_log(self, reply: Outgoing) -> Outgoing | None:
        """Return a reply with its place in the log; None when it has to wait for one.

        An apology may be said although the office is away.
        """
        if reply.logged or reply.log_seq is not None:
            return reply
        try:
            return replace(reply, log_seq=await self._log(reply))
        except OfficeAwayError as error:
            if reply.apology:
                return reply
            await self._again(reply, error.key)
        except RefusedError as error:
            await self._refused(reply, error.upstream, again=False)
        return None

    async def _record(self, outcome: Outcome, replies: Mapping[str, Outgoing]) -> None:
        """Write down what became of a reply."""
        reply = replies[outcome.reply_id]
        if outcome.state == "sent":
            await self._outbox.mark_sent(reply.id, reply.log_seq)
        elif outcome.state == "parked":
            await self._outbox.park(reply.id, outcome.reason)
        elif outcome.state == "held" and outcome.at:
            await self._outbox.hold(reply.id, outcome.at, reply.log_seq)
        elif outcome.state == "again" and outcome.at and reply.attempts + 1 < _GIVE_UP_AFTER:
            await self._outbox.mark_failed_try(reply.id, outcome.reason, outcome.at)
        else:
            await self._outbox.mark_failed_try(reply.id, outcome.reason, None)

    async def _send(self, address: Address, reply: Outgoing) -> bool:
        """Send one reply; say whether the next one may follow."""
        if reply.apology and not await self._outbox.claim(reply.id):
            return True
        try:
            log_seq = reply.log_seq if reply.logged else await self._log(reply)
            await self._channels[address.channel].deliver(address, reply)
        except OfficeAwayError as error:
            await self._again(reply, error.key)
            return False
        except RefusedError as error:
            return await self._refused(reply, error.upstream, again=False)
        except DeliveryError as error:
            return await self._refused(reply, error.reason, again=error.again)
        await self._outbox.mark_sent(reply.id, log_seq)
        return True

    async def _log(self, reply: Outgoing) -> int:
        """Append the reply to the office's log."""
        logged = await self._office.append(
            reply.conversation_id,
            key=reply.id,
            direction="out",
            author="bot",
            body=reply.body,
            at=reply.at.isoformat(),
        )
        return logged.seq

    async def _refused(self, reply: Outgoing, reason: str, *, again: bool) -> bool:
        """Record why it was not taken; give up when trying again cannot help."""
        logger.warning("outbox.refused", reply=reply.id, reason=reason)
        if reply.apology and reply.inbox_id and not again:
            # The office has just come back, and does not know the conversation yet: the answer
            # itself comes next, and no words for the waiting are owed to anybody.
            await self._outbox.drop_apology(reply.inbox_id)
            return True
        if again and reply.attempts + 1 < _GIVE_UP_AFTER:
            await self._again(reply, reason)
            return False
        await self._outbox.mark_failed_try(reply.id, reason, None)
        return True

    async def _again(self, reply: Outgoing, reason: str) -> None:
        """Try again a little later."""
        await self._outbox.mark_failed_try(
            reply.id, reason, self._clock() + retry_delay(reply.attempts)
        )
