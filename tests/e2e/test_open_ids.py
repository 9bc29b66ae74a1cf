"""A follower of the WeChat account does everything, and nothing of them stands in clear."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import TestServer
from emulators.door import wechat_environment
from emulators.passage import Passage
from emulators.wechat_platform import WeChatPlatform
from house import House, new_house
from people import CASE, TICKET, Clerk
from phone_files import photo
from planted import (
    ADDRESS,
    ID_NUMBER,
    LATITUDE,
    LONGITUDE,
    NAME,
    PHONE,
    PLACE,
    answer_form,
    planted_at_rest,
    planted_in,
)
from pymongo import AsyncMongoClient

from bot.clock import now

pytestmark = pytest.mark.slow
OPENID = "oPLANTED000000000000000000002"
WHY = "核对申请人的身份证号"


class Follower:
    """Somebody who writes to the account; what they are shown is one text."""

    def __init__(self, platform: WeChatPlatform, database: Any) -> None:
        self._platform = platform
        self._database = database

    async def say(self, text: str) -> str:
        """Say something; return all that is shown until nothing waits any more."""
        shown = self._platform.follower(OPENID).shown
        before = len(shown)
        await self._platform.say(OPENID, text)
        await self.settle()
        return "\n".join(one.text for one in shown[before:])

    async def point(self) -> None:
        """Send the place where one is."""
        place = {"Location_X": LATITUDE, "Location_Y": LONGITUDE, "Scale": 16, "Label": ADDRESS}
        await self._platform.send(OPENID, {"MsgType": "location", **place})
        await self.settle()

    async def photograph(self) -> None:
        """Send a photo that says who took it and where."""
        media_id = self._platform.upload(photo())
        await self._platform.send(OPENID, {"MsgType": "image", "MediaId": media_id, "PicUrl": ""})
        await self.settle()

    async def settle(self) -> None:
        """Wait until every message is done and every answer out."""
        inbox, outbox = self._database["inbox"], self._database["outbox"]
        end = time.monotonic() + 60
        while await inbox.count_documents({"state": "received"}) or await outbox.count_documents(
            {"state": {"$in": ["pending", "sending"]}}
        ):
            assert time.monotonic() < end
            await asyncio.sleep(0.2)


@pytest.fixture
async def platform() -> AsyncIterator[WeChatPlatform]:
    """The emulated WeChat platform, listening."""
    emulated = WeChatPlatform(now)
    async with TestServer(emulated.app()) as server, aiohttp.ClientSession() as http:
        emulated.url, emulated.http = str(server.make_url("")).rstrip("/"), http
        yield emulated


@pytest.fixture
async def passage() -> AsyncIterator[Passage]:
    """The way to the office, which notes every address."""
    async with aiohttp.ClientSession() as http:
        way = Passage(http)
        async with TestServer(way.app()) as server:
            way.url = str(server.make_url("")).rstrip("/")
            yield way


@pytest.fixture
async def house(platform: WeChatPlatform, passage: Passage, tmp_path: Path) -> AsyncIterator[House]:
    """A house that the account belongs to, whose rooms call the office through the passage."""
    account = wechat_environment(platform) | {"PUBLIC_URL": "https://office.invalid"}
    way = {"BACKEND_URL": f"{passage.url}/api/v1"}
    connected = new_house(tmp_path / "house", **account, **way)
    passage.onward = connected.origin
    await asyncio.to_thread(connected.start)
    platform.callback_url = f"{connected.origin}/channels/wechat"
    try:
        yield connected
    finally:
        await asyncio.to_thread(connected.stop)


@pytest.fixture
async def database(house: House) -> AsyncIterator[Any]:
    """What the house keeps."""
    port = house.environment["EMBEDDED_MONGO_PORT"]
    uri = f"mongodb://127.0.0.1:{port}/?directConnection=true"
    async with AsyncMongoClient[Any](uri) as client:
        yield client["paoyici"]


async def apply(follower: Follower) -> str:
    """Hand an application in; return its number."""
    await follower.say("我要申请高龄津贴")
    # An ID number sent after the question for consent is a yes to it.
    await answer_form(follower, "MZ008")
    found = CASE.search(receipt := await follower.say("确认提交"))
    assert found, receipt
    return found[0]


async def report(follower: Follower) -> str:
    """Report a street light; return the number."""
    said = await follower.say("我们楼下路灯坏了好几天，晚上黑漆漆的")
    for answer in (PLACE, "跳过", PHONE, "对，提交"):
        if found := TICKET.search(said):
            return found[0]
        said = await follower.say(answer)
    found = TICKET.search(said)
    assert found, said
    return found[0]


async def prove(follower: Follower) -> None:
    """Ask for a copy of all there is, and prove who one is for it, by ID number and phone."""
    await follower.say("下载我的数据")
    await follower.say("核对身份再要")
    await follower.say(ID_NUMBER)
    assert "登记好了" in await follower.say(PHONE)


async def talk(follower: Follower, agent: Clerk) -> None:
    """Ask for a person, who answers and gives the talk back."""
    await follower.say("转人工")
    [waiting] = (await agent.get("/desk/handoffs?state=waiting"))["handoffs"]
    place = f"/desk/handoffs/{waiting['handoff_id']}"
    await agent.post(f"{place}/claim", {})
    await follower.say(f"有人在吗，我是3栋的{NAME}，电话{PHONE}")
    await follower.point()
    await follower.photograph()
    await agent.post(f"{place}/messages", {"text": "您好，我来帮您"})
    await agent.get(f"{place}/messages?after=0")
    await agent.post(f"{place}/reveal", {"why": WHY})
    await agent.post(f"{place}/return", {"why": "问好了"})


async def test_an_open_id_stands_in_no_document_log_or_address_of_the_whole_house(
    house: House,
    platform: WeChatPlatform,
    passage: Passage,
    database: Any,
    clerk: Callable[[str], Any],
) -> None:
    follower = Follower(platform, database)
    await platform.event(OPENID, "subscribe")
    case, ticket = await apply(follower), await report(follower)
    await prove(follower)
    assert case in await follower.say("我的件办到哪了")
    assert ticket in await follower.say("上次反映的路灯修了吗")
    approver, dispatcher = await clerk("approver"), await clerk("dispatcher")
    await approver.post(f"/desk/cases/{case}/reveal", {"why": WHY})
    await approver.post(f"/desk/cases/{case}/pre-accept", {"why": "材料齐了"})
    await dispatcher.get(f"/desk/reports/{ticket}")
    await talk(follower, await clerk("agent"))
    await follower.settle()
    kept = {
        "media",
        "cases",
        "reports",
        "identities",
        "consents",
        "handoffs",
        "events",
        "personal_requests",
    }
    for name in kept:
        assert await database[name].count_documents({}), name
    uri = f"mongodb://127.0.0.1:{house.environment['EMBEDDED_MONGO_PORT']}/?directConnection=true"
    found = await asyncio.to_thread(planted_at_rest, house.home, uri, "paoyici", OPENID)
    assert not found, found
    await follower.say("撤回同意")
    assert platform.follower(OPENID).texts
    called = {address.split("/")[3].partition("?")[0] for address in passage.addresses}
    assert called >= {"conversations", "cases", "reports", "personal", "people", "handoffs"}
    told = [one for one in passage.addresses if planted_in(one.encode(), OPENID)]
    assert told == []
