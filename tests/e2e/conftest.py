"""People of the end-to-end tests: citizens on the web channel, clerks at the desk."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from house import House

from paoyici.citizen import Citizen, Memory

Talk = Callable[[], Awaitable["Speaker"]]


class Speaker:
    """A citizen whose replies are easy to assert on."""

    def __init__(self, citizen: Citizen) -> None:
        self.citizen = citizen
        self.heard: list[dict[str, Any]] = []

    async def say(self, text: str) -> str:
        """Say `text`; return all that was answered as one text."""
        return self._hear(await self.citizen.say(text))

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


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    """An HTTP session of this test."""
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def talk(
    house: House, http: aiohttp.ClientSession, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> Talk:
    """Call it to open a new conversation as a new citizen."""
    monkeypatch.setenv("PAOYICI_HOME", str(tmp_path))

    async def begin() -> Speaker:
        citizen = Citizen(http, house.origin, Memory(uuid.uuid4().hex, house.origin))
        await citizen.enter()
        return Speaker(citizen)

    return begin


@pytest.fixture
def clerk(house: House, http: aiohttp.ClientSession) -> Callable[[str], Awaitable[Clerk]]:
    """Call it with a role to log in as the sample clerk of that role."""

    async def login(role: str) -> Clerk:
        username, password = house.logins()[role]
        body = {"username": username, "password": password}
        async with http.post(f"{house.origin}/api/v1/staff/login", json=body) as answer:
            assert answer.status == 200, await answer.text()
            return Clerk(http, house.origin, (await answer.json())["token"])

    return login
