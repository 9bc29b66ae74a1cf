"""A citizen at the terminal: the web channel's protocol over HTTP, as the page speaks it."""

from __future__ import annotations

import asyncio
import hashlib
import json
import uuid
from pathlib import Path
from typing import Any

import aiohttp

from paoyici.home import home

Message = dict[str, Any]


class RefusedError(Exception):
    """The door refused a message: `key` names why, the text says it in plain Chinese."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key = key


class Memory:
    """What the terminal keeps of one conversation: its token and how far it has read."""

    def __init__(self, name: str, origin: str) -> None:
        digest = hashlib.sha256(f"{origin}\n{name}".encode()).hexdigest()[:32]
        folder = home() / "terminal"
        folder.mkdir(exist_ok=True)
        self._path: Path = folder / f"{digest}.json"
        self.state: dict[str, Any] = {}
        if self._path.exists():
            self.state = json.loads(self._path.read_text(encoding="utf-8"))

    def keep(self, **values: object) -> None:
        """Remember `values` until they are overwritten."""
        self.state |= values
        draft = self._path.with_suffix(".draft")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(self.state, ensure_ascii=False), encoding="utf-8")
        draft.replace(self._path)


class Citizen:
    """One conversation with the running system.

    Args:
        session: HTTP session to speak over.
        origin: public origin of the street, such as `http://127.0.0.1:8080`.
        memory: what was kept of the conversation.
    """

    def __init__(self, session: aiohttp.ClientSession, origin: str, memory: Memory) -> None:
        self._session = session
        self._base = f"{origin}/channels/web"
        self._memory = memory

    async def enter(self) -> None:
        """Open the conversation where none is kept yet, or the kept one has ended."""
        if not await self._is_open():
            self._memory.state.clear()
            opened = await self._call("POST", "/conversations", json={})
            self._memory.keep(**opened, last_seq=0, chips=[])

    async def _is_open(self) -> bool:
        """Say whether a conversation is kept that its token still opens."""
        if "token" not in self._memory.state:
            return False
        try:
            await self._call("GET", "/messages", params={"limit": "1"})
        except RefusedError as error:
            if error.key != "session.unknown":
                raise
            return False
        return True

    async def say(self, text: str) -> list[Message]:
        """Send `text`, pressing the chip of that title if the last reply offered one.

        Returns:
            What was answered since the last reading, oldest first.

        Raises:
            RefusedError: the door refused the message.
        """
        payloads = {chip["title"]: chip["payload"] for chip in self._memory.state["chips"]}
        if text in payloads:
            return await self.send({"kind": "button", "text": text, "payload": payloads[text]})
        return await self.send({"kind": "text", "text": text})

    async def photograph(self, path: Path) -> list[Message]:
        """Upload the picture at `path` and send it as a photo."""
        form = aiohttp.FormData()
        form.add_field("file", await asyncio.to_thread(path.read_bytes), filename=path.name)
        stored = await self._call("POST", "/media", data=form)
        return await self.send({"kind": "photo", "media_ids": [stored["media_id"]]})

    async def send(self, message: Message) -> list[Message]:
        """Send one inbound message and wait for its turn; return the new messages."""
        body = {"client_msg_id": uuid.uuid4().hex, **message}
        try:
            await self._submit(body)
        except aiohttp.ServerDisconnectedError:
            # The connection was kept from before a restart; its id makes a message count once.
            await self._submit(body)
        return await self.read()

    async def _submit(self, body: Message) -> None:
        """Post a message and wait until its turn is done."""
        await self._call("POST", "/messages", json=body, headers={"Prefer": "wait=30"})

    async def read(self) -> list[Message]:
        """Return the messages to the citizen that were not read yet."""
        after = self._memory.state["last_seq"]
        answer = await self._call("GET", "/messages", params={"after": str(after)})
        entries: list[Message] = answer["messages"]
        if entries:
            self._memory.keep(last_seq=entries[-1]["seq"])
        replies = [entry for entry in entries if entry["direction"] == "out"]
        if replies:
            self._memory.keep(chips=_pressable(replies[-1]["body"]))
        return replies

    async def _call(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        headers = options.pop("headers", {})
        if token := self._memory.state.get("token"):
            headers = {"Authorization": f"Bearer {token}", **headers}
        async with self._session.request(
            method, self._base + path, headers=headers, **options
        ) as answer:
            body: dict[str, Any] = await answer.json()
            if answer.status >= 400:
                raise RefusedError(body["error"]["key"], body["error"]["message"])
            return body


def _pressable(reply: Message) -> list[Message]:
    return [*reply.get("chips", []), *reply.get("items", [])]
