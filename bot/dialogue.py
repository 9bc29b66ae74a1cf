"""The dialogue service as the door knows it: one call a turn, to one of its processes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from hashlib import blake2b
from typing import Any
from urllib.parse import quote

import aiohttp

from bot.errors import DialogueAwayError
from bot.http import HttpClient, Neighbour
from bot.inbox.model import Address, Received
from bot.vitals import SilentError

_PATIENCE = 6.0
_GONE = (aiohttp.ClientConnectionError, SilentError)


class Dialogue:
    """Client of the dialogue service.

    A conversation belongs to one process, by rendezvous hashing: without that process it belongs
    to the next in an order of its own, and all other conversations stay where they are. The
    working tracker lies in the store, so any process can go on.

    Args:
        bases: URL of each process.

    Attributes:
        back: told when a process that was away is there again.
    """

    def __init__(self, client: HttpClient, bases: Sequence[str]) -> None:
        self.back: Callable[[], None] = lambda: None
        self._processes = {
            base: Neighbour(
                client,
                base,
                DialogueAwayError,
                seconds=_PATIENCE,
                life="/alive",
                back=lambda: self.back(),
            )
            for base in bases
        }

    async def turn(
        self,
        address: Address,
        message: Received,
        fence: int,
        previous: str | None = None,
        *,
        owner: str = "bot",
        expects: Sequence[dict[str, Any]] = (),
    ) -> list[dict[str, Any]]:
        """Return the replies to a message; the same message always gets the same replies.

        Args:
            address: who sent it.
            message: the message.
            fence: of the lease the turn runs under; with the time it makes the turn's ticket, by
                which a process knows a turn that was overtaken while it or the door stood still.
            previous: the message whose turn was the last one, where that is sure.
            owner: who answers in the conversation: while that is `staff`, there are replies only
                to danger and to the wish to leave the talk.
            expects: the cases whose supplement the office waits for here, `{number, since}`.
        """
        content = await self._ask(
            address.conversation_id,
            {
                "conversation_id": address.conversation_id,
                "key": message.id,
                "at": message.at.isoformat(),
                "message": message.body,
                "identity": {"channel": address.channel, "id": address.identity},
                "elder": address.elder,
                "previous": previous,
                "owner": owner,
                "expects": list(expects),
                "ticket": [fence, time.monotonic_ns()],
            },
        )
        replies = content.get("replies")
        if not isinstance(replies, list) or not all(isinstance(reply, dict) for reply in replies):
            raise DialogueAwayError(cause="replies")
        return replies

    async def known(self, conversation_id: str) -> dict[str, Any]:
        """Return what the dialogue remembers of a conversation.

        Raises:
            DialogueAwayError: it does not answer.
        """
        process = self._in_order(conversation_id)[0]
        return await process.json("GET", _memory(conversation_id))

    async def forget(self, conversation_id: str) -> int:
        """Let the dialogue forget a conversation; return 1 where it knew it.

        Raises:
            DialogueAwayError: it does not answer.
        """
        process = self._in_order(conversation_id)[0]
        answer = await process.json("DELETE", _memory(conversation_id))
        return int(answer.get("forgotten", 0))

    async def _ask(self, conversation_id: str, turn: dict[str, Any]) -> dict[str, Any]:
        """Send a turn to the process the conversation belongs to, or to the next that is there."""
        away = DialogueAwayError()
        for process in self._in_order(conversation_id):
            answer = await _try(process, turn)
            if not isinstance(answer, DialogueAwayError):
                return answer
            if isinstance(answer.__cause__, SilentError) and not away.__cause__:
                await self._check_others(process)
            away = answer
        raise away

    async def _check_others(self, silent: Neighbour) -> None:
        """Ask the others at once, so that several which hang cost no more time than one."""
        others = [one.vitals for one in self._processes.values() if one is not silent]
        await asyncio.gather(*(vitals.check() for vitals in others if not vitals.away))

    def _in_order(self, conversation_id: str) -> list[Neighbour]:
        """Return the processes as the conversation prefers them, those that are gone last."""
        if len(self._processes) == 1:
            return list(self._processes.values())
        bases = rendezvous(conversation_id, list(self._processes))
        ordered = [self._processes[base] for base in bases]
        return sorted(ordered, key=lambda process: process.vitals.away)

    async def healthy(self) -> bool:
        """Say whether all processes of the dialogue service answer."""
        for process in self._processes.values():
            try:
                health = await process.json("GET", "/health", seconds=2)
            except DialogueAwayError:
                return False
            if health.get("status") != "ok":
                return False
        return True


def rendezvous(conversation_id: str, bases: Sequence[str]) -> list[str]:
    """Return the bases in the order in which the conversation prefers them."""

    def weight(base: str) -> bytes:
        return blake2b(f"{base}\0{conversation_id}".encode(), digest_size=8).digest()

    return sorted(bases, key=weight, reverse=True)


def _memory(conversation_id: str) -> str:
    """Return the path of what is remembered of a conversation."""
    return f"/conversations/{quote(conversation_id, safe='')}"


async def _try(process: Neighbour, turn: dict[str, Any]) -> dict[str, Any] | DialogueAwayError:
    """Return what a process answers, or that the process itself is gone.

    Raises:
        DialogueAwayError: it is there and cannot run the turn, so that no other can either.
    """
    try:
        return await process.json("POST", "/turn", json=turn)
    except DialogueAwayError as error:
        if not isinstance(error.__cause__, _GONE):
            raise
        process.vitals.lost()
        return error
