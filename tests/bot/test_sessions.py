"""A browser's session ends when it is not used, and when its citizen says so."""

from __future__ import annotations

from datetime import timedelta

import aiohttp
import pytest
from aiohttp import WSMsgType
from citizen import Citizen

from paoyici.citizen import Citizen as Terminal
from paoyici.citizen import Memory

A_DAY = 24 * 3600


async def end(citizen, url: str = "") -> int:
    """End the citizen's session; return the answer's status."""
    headers = {"Authorization": f"Bearer {citizen.token}"}
    path = f"{url or citizen.url}/channels/web/conversations"
    async with citizen.http.delete(path, headers=headers) as answer:
        return answer.status


async def test_a_session_ends_thirty_days_after_its_last_use(citizen, clock):
    await citizen.say("您好")
    for _ in range(3):
        clock.forward(29 * A_DAY)
        assert (await citizen.request("GET", "/messages")).status == 200
    clock.forward(30 * A_DAY)
    assert (await citizen.request("GET", "/messages")).error == "session.unknown"
    assert (await citizen.say("还在吗")).error == "session.unknown"


async def test_a_shared_machines_session_ends_after_minutes(start_door, http, clock):
    door = await start_door(session_idle_minutes=10)
    citizen = await Citizen.arrive(http, door.url)
    await citizen.say("您好")
    clock.forward(9 * 60)
    assert (await citizen.say("还在")).status == 200
    clock.forward(10 * 60)
    assert (await citizen.request("GET", "/messages")).status == 401


async def test_a_page_that_was_only_left_open_is_no_use(start_door, http, clock, monkeypatch):
    monkeypatch.setattr("bot.channels.web_socket._PING_SECONDS", 0.1)
    door = await start_door(session_idle_minutes=10)
    citizen = await Citizen.arrive(http, door.url)
    await citizen.say("您好")
    async with http.ws_connect(f"{door.url}/channels/web/ws") as socket:
        await socket.send_json({"type": "hello", "token": citizen.token})
        while (await socket.receive_json(timeout=10))["type"] != "ping":
            pass
        clock.forward(10 * 60)
        kinds = [frame async for frame in socket if frame.type is WSMsgType.TEXT]
        assert "session.unknown" in kinds[-1].data


async def test_the_time_of_an_earlier_versions_session_begins_anew(start_door, http, clock):
    door = await start_door()
    citizen = await Citizen.arrive(http, door.url)
    await citizen.say("您好")
    sessions = door.door.database["web_sessions"]
    long_ago = clock() - timedelta(days=3650)
    await sessions.update_one({}, {"$set": {"at": long_ago}, "$unset": {"forget_at": 1}})
    next_version = await start_door()
    log = await citizen.request("GET", "/messages", url=next_version.url)
    assert log.texts == ["您好", "答:您好"]
    clock.forward(30 * A_DAY)
    assert (await citizen.request("GET", "/messages", url=next_version.url)).status == 401


async def test_an_old_mark_of_use_ends_a_session(citizen, door, clock):
    await citizen.say("您好")
    long_ago = {"$set": {"at": clock() - timedelta(days=3650)}}
    await door.door.database["web_sessions"].update_one({}, long_ago)
    clock.forward(6)
    assert (await citizen.request("GET", "/messages")).status == 401


@pytest.mark.parametrize("spoken", [True, False])
async def test_an_ended_session_opens_nothing_any_more(citizen, door, spoken):
    if spoken:
        await citizen.say("我的事")
    assert await end(citizen) == 204
    assert (await citizen.request("GET", "/messages")).error == "session.unknown"
    assert (await citizen.say("还在吗")).error == "session.unknown"
    assert (await citizen.request("GET", "/media/1")).error == "session.unknown"
    (left,) = [row async for row in door.door.database["web_sessions"].find({})]
    assert set(left) == {"_id", "ended", "forget_at"}, "nothing leads to the conversation"
    assert await end(citizen) == 204, "ending it again changes nothing"


async def test_an_ended_session_closes_its_own_socket_and_no_other(door, citizen, http):
    await citizen.say("我的事")
    other = Citizen(
        http, door.url, citizen.conversation_id,
        await door.door.sessions.create(citizen.conversation_id),
    )  # fmt: skip
    url = f"{door.url}/channels/web/ws"
    async with http.ws_connect(url) as mine, http.ws_connect(url) as theirs:
        for socket, token in ((mine, citizen.token), (theirs, other.token)):
            await socket.send_json({"type": "hello", "token": token, "after": 2})
            assert (await socket.receive_json(timeout=10))["type"] == "state"
        assert await end(citizen) == 204
        assert (await mine.receive_json(timeout=10))["error"]["key"] == "session.unknown"
        assert (await mine.receive(timeout=10)).type is WSMsgType.CLOSE
        await other.say("我还在")
        assert (await theirs.receive_json(timeout=10))["type"] in {"state", "message"}


async def test_a_session_that_ends_at_one_process_ends_at_all(start_door, http):
    here, there = await start_door(), await start_door()
    citizen = await Citizen.arrive(http, here.url)
    await citizen.say("您好")
    assert (await citizen.request("GET", "/messages", url=there.url)).status == 200
    async with http.ws_connect(f"{there.url}/channels/web/ws") as socket:
        await socket.send_json({"type": "hello", "token": citizen.token, "after": 2})
        assert (await socket.receive_json(timeout=10))["type"] == "state"
        assert await end(citizen) == 204
        assert (await socket.receive_json(timeout=10))["type"] == "error"
    assert (await citizen.request("GET", "/messages", url=there.url)).status == 401


@pytest.mark.parametrize("token", ["", "made-up", "a.b.c"])
async def test_only_a_session_can_be_ended(door, http: aiohttp.ClientSession, token):
    headers = {"Authorization": f"Bearer {token}"}
    async with http.delete(f"{door.url}/channels/web/conversations", headers=headers) as answer:
        assert answer.status == 401
    assert await door.door.database["web_sessions"].count_documents({}) == 0


async def test_the_terminal_opens_another_conversation_when_its_own_has_ended(
    door, http, clock, tmp_path, monkeypatch
):
    monkeypatch.setenv("PAOYICI_HOME", str(tmp_path))
    memory = Memory("甲", door.url)
    terminal = Terminal(http, door.url, memory)
    await terminal.enter()
    first = memory.state["conversation_id"]
    await terminal.enter()
    assert memory.state["conversation_id"] == first
    await terminal.say("您好")
    clock.forward(30 * A_DAY)
    await terminal.enter()
    assert memory.state["conversation_id"] != first
    (answer,) = await terminal.say("又来了")
    assert answer["body"]["text"] == "答:又来了"
