"""One turn: log what was said, ask who owns the conversation, get replies, close."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from pymongo.errors import PyMongoError

from bot.channels.base import Channel
from bot.clock import Clock
from bot.dialogue import Dialogue
from bot.errors import (
    AwayError,
    DefectError,
    DialogueAwayError,
    DoorError,
    LeaseLostError,
    OfficeAwayError,
    RefusedError,
    SealedError,
)
from bot.inbox.model import Address, Received
from bot.inbox.store import Inbox
from bot.lease_store import Lease, Leases
from bot.metrics import TURN_SECONDS, TURNS
from bot.office import Office
from bot.outbox.model import NewReply, Outgoing
from bot.outbox.said import Said
from bot.outbox.store import Outbox, apology_id
from bot.replies import Replies
from bot.turns.failure import judge
from bot.turns.store import TurnBook
from bot.vitals import SilentError

logger = structlog.get_logger(__name__)

_LAST_TURN = "last_turn"
_PERSON_PAYLOAD = "/ask_human"


class Turns:
    """Runs turns; the caller holds the conversation's lease."""

    def __init__(
        self,
        *,
        inbox: Inbox,
        outbox: Outbox,
        book: TurnBook,
        office: Office,
        dialogue: Dialogue,
        replies: Replies,
        clock: Clock,
        channels: Mapping[str, Channel],
        said: Said,
        leases: Leases,
        turn_seconds: float,
        hand_over_seconds: float,
    ) -> None:
        self._channels = channels
        self._said = said
        self._leases = leases
        self._inbox = inbox
        self._outbox = outbox
        self._book = book
        self._office = office
        self._dialogue = dialogue
        self._replies = replies
        self._clock = clock
        self._turn_seconds = turn_seconds
        self._hand_over_after = timedelta(seconds=hand_over_seconds)
        self.person_words = replies.person_words

    async def run(
        self, lease: Lease, address: Address, message: Received, *, first_in_line: bool = False
    ) -> bool:
        """Run the turn of one message to its end, or record why it has to be tried again.

        Args:
            lease: the right to do so.
            address: who sent the message.
            message: the message.
            first_in_line: no earlier reply waits to be said.

        Returns:
            Whether the message is done and everything has been said, so that the next turn may
            speak. Replies that went the long way still have to be sent before it.
        """
        began = self._clock()
        try:
            async with asyncio.timeout(self._turn_seconds):
                replies = await self._find_answer(lease, address, message)
            # A process that slept past its lease must not speak: another one says it.
            await self._leases.keep(lease)
            said = first_in_line and await self._say_at_once(address, message, replies)
        except (DoorError, TimeoutError, SealedError, DefectError) as error:
            TURNS.labels("failed").inc()
            await self._failed(lease, address, message, began, error)
            return False
        if not said:
            await self._book.close(lease, message, replies)
        TURNS.labels("done").inc()
        TURN_SECONDS.observe((self._clock() - message.at).total_seconds())
        return said

    async def _say_at_once(
        self, address: Address, message: Received, replies: Sequence[dict[str, Any]]
    ) -> bool:
        """Say replies by writing them into the log, where the channel's readers watch the log.

        The log has each key once and the dialogue service gives the same replies again, so
        whoever does this a second time, after a crash, changes nothing.

        Returns:
            False when it could not be done; then nothing is lost by going the long way.

        Raises:
            LeaseLostError: somebody else has closed the message.
            OfficeAwayError: the office hangs, so the citizen has to be told; the turn is tried
                again and gets the same replies.
        """
        if not self._channels[address.channel].told_by_log or message.apologised:
            return False
        now = self._clock()
        keyed = [(f"{message.id}:{place}", body) for place, body in enumerate(replies)]
        try:
            places = (
                await self._office.append_replies(message.conversation_id, keyed, now.isoformat())
                if keyed
                else []
            )
        except (OfficeAwayError, RefusedError) as error:
            if isinstance(error.__cause__, SilentError):
                raise
            logger.warning("turn.not_said", message=message.id, why=error.key)
            return False
        said = [
            Outgoing(
                id=key, conversation_id=message.conversation_id, order=message.seq + place,
                body=body, state="sent", at=now, next_try_at=now, attempts=1, logged=False,
                apology=False, log_seq=seq, inbox_id=message.id,
            )
            for place, ((key, body), seq) in enumerate(zip(keyed, places, strict=True))
        ]  # fmt: skip
        if said:
            await self._outbox.add_said(said)
        if not await self._inbox.mark_done(message.id):
            raise LeaseLostError(message.conversation_id)
        self._said.tell(message.id, said)
        return True

    def says_at_once(self, address: Address) -> bool:
        """Say whether a turn that is done leaves nothing to send."""
        return self._channels[address.channel].told_by_log

    async def comfort(self, waiting: Sequence[Received]) -> None:
        """Tell the citizen, once a message, that those which wait behind a failed one wait."""
        for message in waiting:
            if not message.apologised:
                await self._apologise(message, "apology_again")

    async def _find_answer(
        self, lease: Lease, address: Address, message: Received
    ) -> list[dict[str, Any]]:
        """Return the replies to a message.

        Raises:
            DefectError: something went wrong that nobody has foreseen.
        """
        try:
            return await self._answer(lease, address, message)
        except (DoorError, TimeoutError, SealedError, LeaseLostError, PyMongoError):
            raise
        except Exception as error:
            if not message.attempts:
                # The last line: where a defect of ours is stands in the log once a message.
                logger.exception("turn.defect", message=message.id)
            raise DefectError(type(error).__name__) from error

    async def _answer(
        self, lease: Lease, address: Address, message: Received
    ) -> list[dict[str, Any]]:
        """Return the replies to a message; hardly any while staff own the conversation.

        Raises:
            SealedError: no key of ours opens it.
        """
        if message.sealed:
            raise SealedError
        completed = await self._channels[address.channel].complete(address, message)
        if completed.quiet:
            return []
        message = completed.message
        if not lease.document["registered"]:
            await self._office.register(address)
            await self._learn(lease, registered=True)
        logged = await self._office.append(
            address.conversation_id,
            key=message.id,
            direction="in",
            author="citizen",
            body=message.body,
            at=message.at.isoformat(),
        )
        if logged.owner != lease.document["owner"]:
            await self._learn(lease, owner=logged.owner)
        if logged.owner == "staff":
            return await self._beside_staff(lease, address, message)
        if completed.replies is not None:
            return completed.replies
        # Sure only while the lease is kept and nothing failed: a turn without an answer may have
        # been run all the same, by whichever process.
        previous = lease.document.pop(_LAST_TURN, None)
        answered = await self._dialogue.turn(
            address, message, lease.fence, previous, expects=logged.expects
        )
        lease.document[_LAST_TURN] = message.id
        return answered or [self._replies.reply("nothing_to_say")]

    async def _beside_staff(
        self, lease: Lease, address: Address, message: Received
    ) -> list[dict[str, Any]]:
        """Return what the bot has to say while a clerk answers: danger is heard all the same.

        Where the dialogue service is away the clerk reads the message and nobody waits for it.
        """
        lease.document.pop(_LAST_TURN, None)
        try:
            return await self._dialogue.turn(address, message, lease.fence, owner="staff")
        except DialogueAwayError as error:
            logger.warning("turn.not_watched", message=message.id, why=error.key)
            return []

    async def _failed(
        self,
        lease: Lease,
        address: Address,
        message: Received,
        began: datetime,
        error: Exception,
    ) -> None:
        """Apologise, hand over or wait, as the verdict says.

        Raises:
            LeaseLostError: another process has the conversation, and says what there is to say.
        """
        await self._leases.keep(lease)
        now = self._clock()
        first = message.first_tried_at or began
        verdict = judge(
            tries=message.attempts + 1,
            since_first_try=now - first,
            waited=now - message.at,
            silent=isinstance(error.__cause__, SilentError),
            helps=not isinstance(error, RefusedError),
            defect=_is_defect(error),
            hand_over_after=self._hand_over_after,
        )
        if isinstance(error, RefusedError) and error.upstream_status == 404:
            # The office does not know the conversation (any more): introduce it again.
            await self._learn(lease, registered=False)
        reason = _name_of(error)
        logger.warning("turn.failed", message=message.id, tries=message.attempts + 1, why=reason)
        waiting = await self._inbox.waiting(address.conversation_id)
        wanted = any(asks_for_a_person(one, self.person_words) for one in waiting)
        office_is_there = not isinstance(error, OfficeAwayError)
        if (
            office_is_there
            and (verdict.hand_over or wanted)
            and await self._hand_over(lease, message, "asked" if wanted else "failure")
        ):
            return
        if verdict.set_aside and await self._set_aside(lease, address, message, reason):
            return
        if verdict.apologise:
            await self._apologise(message, "apology")
            await self.comfort([other for other in waiting if other.id != message.id])
        await self._inbox.mark_failed_try(message, first, now + verdict.delay, reason)

    async def _hand_over(self, lease: Lease, message: Received, why: str) -> bool:
        """Give the conversation to a person; say whether the office took it."""
        summary = self._replies.reply("handover_summary")["text"]
        try:
            await self._office.hand_over(lease.id, why, summary, f"{message.id}:handoff")
        except (OfficeAwayError, RefusedError) as error:
            logger.warning("turn.not_handed_over", message=message.id, why=error.key)
            return False
        handed_over = [self._replies.reply("handed_over")]
        await self._book.close(lease, message, handed_over, why="handoff-")
        TURNS.labels("handed_over").inc()
        return True

    async def _set_aside(
        self, lease: Lease, address: Address, message: Received, reason: str
    ) -> bool:
        """Answer a message that cannot be done, and let the conversation go on without it.

        Returns:
            False while the office, which keeps the answer, does not know the conversation.
        """
        try:
            if not lease.document["registered"]:
                await self._office.register(address)
                await self._learn(lease, registered=True)
        except OfficeAwayError as error:
            logger.warning("turn.not_set_aside", message=message.id, why=error.key)
            return False
        logger.error("turn.set_aside", message=message.id, tries=message.attempts + 1, why=reason)
        answer = [self._replies.reply("set_aside")]
        await self._book.close(lease, message, answer, why="aside-", state="set_aside")
        TURNS.labels("set_aside").inc()
        return True

    async def _apologise(self, message: Received, name: str) -> None:
        """Say once that it takes longer, unless a process that died has said the answer."""
        if message.apologised:
            return
        if not await self._outbox.answers(message.id):
            await self._outbox.add_once(
                message.conversation_id,
                NewReply(
                    id=apology_id(message.id),
                    body=self._replies.reply(name),
                    inbox_id=message.id,
                    apology=True,
                ),
            )
        await self._inbox.mark_apologised(message.id)

    async def _learn(self, lease: Lease, **values: Any) -> None:
        """Keep what was learnt about the conversation."""
        await self._inbox.update_mailbox(lease.id, **values)
        lease.document.update(values)


def _is_defect(error: Exception) -> bool:
    """Say whether trying again meets the same defect, the door's own or a neighbour's."""
    if isinstance(error, AwayError):
        return error.upstream is not None
    return not isinstance(error, RefusedError | TimeoutError)


def _name_of(error: Exception) -> str:
    """Return what a failure is called in the log, without anything a citizen wrote."""
    if isinstance(error, SealedError | DefectError):
        return error.key
    return getattr(error, "upstream", None) or type(error).__name__


def asks_for_a_person(message: Received, words: frozenset[str]) -> bool:
    """Say whether a message asks for a person in words that need no understanding."""
    payload = str(message.body.get("payload") or "")
    text = str(message.body.get("text") or "").strip(" 。！!？?")
    return payload.startswith(_PERSON_PAYLOAD) or text in words
