"""People of the whole-house tests: citizens on the web channel, clerks at the desk."""

from __future__ import annotations

import re
from typing import Any

import aiohttp
from forms import answer_to, fields_of

from paoyici.citizen import Citizen

CASE = re.compile(r"BJ\d{13}")
TICKET = re.compile(r"GD\d{13}")


class Speaker:
    """A citizen whose replies are easy to assert on."""

    def __init__(self, citizen: Citizen) -> None:
        self.citizen = citizen
        self.heard: list[dict[str, Any]] = []

    async def say(self, text: str) -> str:
        """Say `text`; return all that was answered as one text.

        Whoever is asked whether their papers may be used agrees, and hears what comes then.
        """
        said = self._hear(await self.citizen.say(text))
        if {"同意", "不同意"} <= {*self.choices}:
            said = self._hear(await self.citizen.say("同意"))
        return said

    async def send(self, **message: Any) -> str:
        """Send a message of another kind; return all that was answered as one text."""
        return self._hear(await self.citizen.send(message))

    async def read(self) -> str:
        """Return what arrived unasked, as one text."""
        return self._hear(await self.citizen.read())

    def _hear(self, messages: list[dict[str, Any]]) -> str:
        self.heard = [message["body"] for message in messages]
        return self.text

    @property
    def text(self) -> str:
        """Everything the last replies say, titles, fields and lines included."""
        return "\n".join(_words(self.heard))

    @property
    def sources(self) -> list[dict[str, Any]]:
        """The grounds the last replies name."""
        return [reply["source"] for reply in self.heard if "source" in reply]

    @property
    def choices(self) -> list[str]:
        """Titles of everything that can be pressed in the last replies."""
        return [
            choice["title"]
            for reply in self.heard
            for choice in (*reply.get("chips", []), *reply.get("items", []))
        ]


def _words(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [word for part in value.values() for word in _words(part)]
    if isinstance(value, list):
        return [word for part in value for word in _words(part)]
    return []


class Clerk:
    """A member of staff with a session at the desk."""

    def __init__(self, session: aiohttp.ClientSession, origin: str, token: str) -> None:
        self._session = session
        self._base = f"{origin}/api/v1"
        self._headers = {"Authorization": f"Bearer {token}"}

    async def get(self, path: str) -> Any:
        """Return the JSON answer of a GET that must succeed."""
        async with self._session.get(self._base + path, headers=self._headers) as answer:
            assert answer.status == 200, (path, answer.status, await answer.text())
            return await answer.json()

    async def post(self, path: str, body: dict[str, Any], status: int | None = None) -> Any:
        """Return the JSON answer of a POST that must succeed, or end in `status`."""
        async with self._session.post(
            self._base + path, json=body, headers=self._headers
        ) as answer:
            wanted = {status} if status else {200, 201}
            assert answer.status in wanted, (path, answer.status, await answer.text())
            return await answer.json()


async def fill(speaker: Speaker, item_code: str, serial: int = 1) -> str:
    """Answer every field of the item's form; return what comes after the last one."""
    said = ""
    for field in fields_of(item_code):
        said = await speaker.say(answer_to(field, serial))
    return said


async def apply(speaker: Speaker, serial: int = 1) -> str:
    """Apply for the old-age allowance; return the case number."""
    await speaker.say("我要申请高龄津贴")
    await fill(speaker, "MZ008", serial)
    receipt = await speaker.say("确认提交")
    found = CASE.search(receipt)
    assert found, receipt
    return found[0]
