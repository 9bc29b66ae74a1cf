"""A citizen's page under load: keeps a message until it is accepted, and follows the log.

It speaks the public web channel as the page does: one message at a time, again under the same id
until it is accepted, and the log from the last place it has seen.
"""

from __future__ import annotations

import asyncio
import random
import time
import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import aiohttp

_PATIENCE = aiohttp.ClientTimeout(total=30, sock_connect=2)
_LONGEST_PAUSE = 5.0
_AWAY = (aiohttp.ClientError, TimeoutError, OSError)


@dataclass
class Sent:
    """One message: when it was first sent, accepted and answered, and what the answers said."""

    id: str
    text: str
    tried_at: float
    accepted_at: float = 0.0
    answered_at: float = 0.0
    tries: int = 0
    replies: list[str] = field(default_factory=list)


@dataclass
class Street:
    """What all citizens share: the way to the door, and how they were treated there."""

    session: aiohttp.ClientSession
    origin: str
    passing: frozenset[str]
    treatment: Counter[str] = field(default_factory=Counter)
    impolite: list[str] = field(default_factory=list)


def words_of(value: object) -> list[str]:
    """Return every text in a reply, titles, fields and lines included."""
    if isinstance(value, str):
        return [value]
    inside = value.values() if isinstance(value, dict) else value
    return (
        [word for one in inside for word in words_of(one)] if isinstance(inside, Iterable) else []
    )


class Citizen:
    """One conversation.

    Args:
        follows: a page keeps a WebSocket open; otherwise it waits with `Prefer: wait` and reads
            the history, as the terminal client does.
    """

    def __init__(self, street: Street, *, follows: bool, chance: random.Random) -> None:
        self._street = street
        self._follows = follows
        self._chance = chance
        self.conversation_id = ""
        self._token = ""
        self.sent: list[Sent] = []
        self.seen: list[tuple[int, str]] = []
        self.faults: list[str] = []
        self.tickets: set[str] = set()
        self.cases: set[str] = set()
        self._arrived = 0
        self._last_seq = 0
        self._news = asyncio.Event()
        self._follower: asyncio.Task[None] | None = None

    async def enter(self) -> None:
        """Open a conversation, however long that takes."""
        opened = await self._until_accepted("/conversations", {})
        self.conversation_id, self._token = opened["conversation_id"], opened["token"]
        if self._follows:
            self._follower = asyncio.create_task(self._follow())

    async def leave(self) -> None:
        """Close the page."""
        if self._follower:
            self._follower.cancel()
            await asyncio.gather(self._follower, return_exceptions=True)

    async def say(self, text: str) -> Sent:
        """Send a message; it is accepted when this returns."""
        sent = Sent(uuid.uuid4().hex, text, time.monotonic())
        self.sent.append(sent)
        body = {"client_msg_id": sent.id, "kind": "text", "text": text}
        await self._until_accepted("/messages", body, sent)
        sent.accepted_at = time.monotonic()
        return sent

    async def ask(self, text: str) -> str:
        """Send a message and wait for its answer; return what it says."""
        return await self.answer(await self.say(text))

    async def answer(self, sent: Sent) -> str:
        """Wait for the answer to a message; return what it says."""
        while not sent.answered_at:
            if not self._follows:
                await self._read()
            if not sent.answered_at:
                await self._wait_for_news(0.5)
        return "\n".join(sent.replies)

    async def differs(self) -> str:
        """Read the whole history once more; say where it differs from what the page saw."""
        history: list[tuple[int, str]] = []
        while page := await self._page(history[-1][0] if history else 0):
            history += [(entry["seq"], entry["message_id"]) for entry in page]
        if history[: len(self.seen)] == self.seen:
            return ""
        return f"{self.conversation_id}: the history is not what the page saw"

    async def _wait_for_news(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._news.wait()
        except TimeoutError:
            return
        self._news.clear()

    async def _until_accepted(
        self, path: str, body: dict[str, Any], sent: Sent | None = None
    ) -> dict[str, Any]:
        """Post again and again, as the page does, until it is taken."""
        headers = self._headers()
        if sent and not self._follows:
            headers["Prefer"] = "wait=20"
        for attempt in range(1000):
            if sent:
                sent.tries += 1
            try:
                async with self._street.session.post(
                    self._base + path, json=body, headers=headers, timeout=_PATIENCE
                ) as answer:
                    content = await answer.json(content_type=None)
                    if self._taken(answer.status, content):
                        return dict(content)
            except (*_AWAY, ValueError) as error:
                self._street.treatment[type(error).__name__] += 1
            ceiling = min(_LONGEST_PAUSE, 0.5 * 2**attempt)
            await asyncio.sleep(ceiling * self._chance.uniform(0.5, 1))
        raise RuntimeError(f"{path} was never accepted")

    def _taken(self, status: int, content: Any) -> bool:
        """Say whether a message was accepted; note how a refusal was put."""
        if status < 300:
            self._street.treatment["accepted"] += 1
            return True
        error = content.get("error") if isinstance(content, dict) else None
        key = error.get("key", "") if isinstance(error, dict) else ""
        self._street.treatment[f"{status} {key}"] += 1
        if not key or not error.get("message") or status not in (429, 503):
            self._street.impolite.append(f"{status} {content!r}"[:200])
        return False

    async def _follow(self) -> None:
        """Keep the page's socket open for ever, from the last place seen."""
        attempt = 0
        while True:
            try:
                async with self._street.session.ws_connect(self._base + "/ws") as socket:
                    hello = {"type": "hello", "token": self._token, "after": self._last_seq}
                    await socket.send_json(hello)
                    # The door pings every 20 s: a line that says nothing for longer is dead.
                    while (frame := await socket.receive(25)).type is aiohttp.WSMsgType.TEXT:
                        attempt = 0
                        content = frame.json()
                        if content["type"] == "message":
                            self._hear(content)
            except _AWAY:
                attempt += 1
            ceiling = min(_LONGEST_PAUSE, 0.5 * 2**attempt)
            await asyncio.sleep(ceiling * self._chance.uniform(0.5, 1))

    async def _read(self) -> None:
        """Read the history after the last place seen."""
        try:
            for entry in await self._page(self._last_seq):
                self._hear(entry)
        except _AWAY as error:
            self._street.treatment[type(error).__name__] += 1

    async def _page(self, after: int) -> list[dict[str, Any]]:
        async with self._street.session.get(
            f"{self._base}/messages",
            params={"after": str(after)},
            headers=self._headers(),
            timeout=_PATIENCE,
        ) as answer:
            content = await answer.json(content_type=None)
            if answer.status == 200:
                return list(content["messages"])
            self._taken(answer.status, content)
            raise aiohttp.ClientError(str(answer.status))

    def _hear(self, entry: dict[str, Any]) -> None:
        """Take one entry of the log: what arrived, or the answer to what arrived last."""
        seq, body = int(entry["seq"]), entry["body"]
        if seq != self._last_seq + 1:
            self.faults.append(f"seq {seq} after {self._last_seq}")
        self._last_seq = max(seq, self._last_seq)
        self.seen.append((seq, entry["message_id"]))
        if entry["direction"] == "in":
            self._arrive(body)
        elif entry["author"]["kind"] == "bot" and body.get("text") not in self._street.passing:
            self._be_answered(body)
        self._news.set()

    def _arrive(self, body: dict[str, Any]) -> None:
        if self._arrived >= len(self.sent):
            self.faults.append("more messages in the log than were sent")
            return
        expected = self.sent[self._arrived]
        self._arrived += 1
        if body.get("text") != expected.text:
            self.faults.append(f"in the log {body.get('text')!r}, sent {expected.text!r}")

    def _be_answered(self, body: dict[str, Any]) -> None:
        if not self._arrived:
            self.faults.append("an answer before any message")
            return
        sent = self.sent[self._arrived - 1]
        sent.replies.append("\n".join(words_of(body)))
        sent.answered_at = sent.answered_at or time.monotonic()

    @property
    def _base(self) -> str:
        return f"{self._street.origin}/channels/web"

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}"} if self._token else {}
