"""People of the end-to-end tests: citizens on the web channel, clerks at the desk."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from house import House
from people import Clerk, Speaker

from paoyici.citizen import Citizen, Memory

Talk = Callable[[], Awaitable[Speaker]]


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
