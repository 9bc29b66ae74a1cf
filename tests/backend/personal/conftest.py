"""Somebody who has done everything that leaves a trace at the office."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import TestClient, TestServer
from door_at_work import at_work
from PIL import Image

from backend.app import create_app
from backend.office import OFFICE, Office

Json = dict[str, Any]
PLACE = "测试路九百九十九号"
WORDS = "只有测试甲知道的话"


@dataclass
class Trace:
    """What somebody left, and the words by which it would be found."""

    citizen: Any
    case: str
    report: str
    media: str

    @property
    def words(self) -> list[str]:
        """Return what must be nowhere once they are erased."""
        citizen = self.citizen
        return [citizen.id_number, citizen.phone, "测试甲", PLACE, WORDS, self.media]


Leave = Callable[[Any], Awaitable[Trace]]


@pytest.fixture
def leave(client: Any, service: Any, login: Any) -> Leave:
    """Let a citizen do everything, and the office finish it."""

    async def live(citizen: Any) -> Trace:
        media = await _photograph(client, service)
        said = {"kind": "photo", "text": f"{WORDS} {citizen.id_number}", "media_ids": [media]}
        talk = f"/conversations/{citizen.name}/messages"
        await _ok(service.post(talk, _message(said), key=f"{citizen.name}:m1"))
        application = await citizen.application("MZ001")
        application["media"] = [{"name": "other", "media_id": media}]
        case = await _ok(service.post("/cases", application, key=f"{citizen.name}:case"))
        claim = {
            "channel": citizen.identity["channel"],
            "identity": citizen.identity["id"],
            "id_number": citizen.id_number,
            "phone": citizen.phone,
        }
        assert (await _ok(service.post("/people/verify", claim)))["verified"]
        told = citizen.report(text=WORDS, place=PLACE, contact_phone=citizen.phone)
        report = await _ok(service.post("/reports", told, key=f"{citizen.name}:report"))
        taken_back = {"identity": citizen.identity, "why": WORDS}
        await _ok(service.post(f"/reports/{report['number']}/withdraw", taken_back))
        approver = await login("approver")
        for step in ("pre-accept", "accept", "approve", "conclude"):
            await _ok(approver.post(f"/desk/cases/{case['number']}/{step}", {"why": WORDS}))
        await _talk(service, await login("agent"), citizen)
        return Trace(citizen, case["number"], report["number"], media)

    return live


OPENID = "oPLANTED000000000000000000001"


@pytest.fixture
async def follower(arrive: Any, service: Any) -> Any:
    """Somebody whom a messaging app knows by `OPENID`."""
    known = {"channel": "wechat", "id": OPENID}
    opened = {"channel": "wechat", "identity": OPENID}
    await _ok(service.put("/conversations/wechat-1", opened))
    return replace(await arrive("a"), name="wechat-1", **known)


@pytest.fixture
def reopen(settings: Any, hands: Any, service: Any) -> Any:
    """Open another office on the same store: `async with reopen(token_key=…) as (office, service)`.

    It is for whoever calls the other one as a room.
    """

    @asynccontextmanager
    async def opened(**changes: str) -> AsyncIterator[tuple[Office, Any]]:
        app = await asyncio.to_thread(create_app, settings.model_copy(update=changes), hands)
        async with TestServer(app) as server, TestClient(server) as client:
            yield app[OFFICE], replace(service, client=client)

    return opened


async def _ok(call: Awaitable[tuple[int, Any]]) -> Any:
    status, answer = await call
    assert status < 300, answer
    return answer


async def _talk(service: Any, agent: Any, citizen: Any) -> None:
    asked = {"conversation_id": citizen.name, "reason": "asked", "summary": WORDS}
    handoff = await _ok(service.post("/handoffs", asked))
    path = f"/desk/handoffs/{handoff['handoff_id']}"
    await _ok(agent.post(f"{path}/claim"))
    await _ok(agent.post(f"{path}/close", {"why": WORDS}))


def _message(body: Json) -> Json:
    return {
        "key": "m1",
        "direction": "in",
        "author": {"kind": "citizen"},
        "body": body,
        "at": "2026-11-23T09:00:00+08:00",
    }


async def _photograph(client: Any, service: Any) -> str:
    held = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(held, "PNG")
    form = aiohttp.FormData()
    form.add_field("file", held.getvalue(), filename="photo.png", content_type="image/png")
    async with client.post("/api/v1/media", data=form, headers=service.headers) as answer:
        return str((await answer.json())["media_id"])


@pytest.fixture
async def door(service: Any) -> AsyncIterator[list[list[str]]]:
    """A door at work; the conversations it was asked for are noted in the list."""
    asked: list[list[str]] = []
    work = asyncio.create_task(at_work(service, asked))
    yield asked
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)


@pytest.fixture
def everything(office: Office) -> Callable[[], Awaitable[dict[str, str]]]:
    """Each collection as text, with whatever is sealed opened: `await everything()`."""

    async def read() -> dict[str, str]:
        found = {}
        for name in await office.database.list_collection_names():
            rows = await office.database[name].find({}).to_list(None)
            found[name] = "\n".join(_opened(office, row) for row in rows)
        return found

    return read


def _opened(office: Office, value: object) -> str:
    if isinstance(value, dict):
        return " ".join(f"{key} {_opened(office, item)}" for key, item in value.items())
    if isinstance(value, list):
        return " ".join(_opened(office, item) for item in value)
    if isinstance(value, bytes) and value.startswith(b"gAAAA"):
        return office.privacy.unseal(value).decode(errors="replace")
    return str(value)
