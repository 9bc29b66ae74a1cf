"""The desk's live feed loses nothing over a reconnect and shows to each what is theirs."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import UTC, datetime

import pytest

from backend.desk import feed
from backend.desk.model import frame
from backend.staff import presence


@pytest.fixture
async def page(client):
    """Open a page's socket: `async with page(caller, after=0) as receive`."""

    @contextlib.asynccontextmanager
    async def opened(caller, after=None):
        token = caller.headers["Authorization"].removeprefix("Bearer ")
        async with client.ws_connect("/api/v1/desk/ws") as socket:
            await socket.send_json({"type": "hello", "token": token, "after": after})

            async def receive():
                frame = await socket.receive_json(timeout=5)
                return await receive() if frame["type"] == "ping" else frame

            yield receive

    return opened


async def hand_over(service, cid):
    await service.put(f"/conversations/{cid}", {"channel": "web", "identity": cid})
    body = {"conversation_id": cid, "reason": "asked", "summary": "要人"}
    return (await service.post("/handoffs", body))[1]["handoff_id"]


async def test_a_page_sees_what_happens_while_it_is_open(service, login, page):
    async with page(await login("agent")) as receive:
        assert (await receive())["type"] == "ready"
        handoff_id = await hand_over(service, "c1")
        event = await receive()
        assert (event["name"], event["data"]["entity_id"]) == ("handoff.opened", handoff_id)


async def test_a_page_that_comes_back_gets_what_it_missed_in_order(service, login, page):
    agent = await login("agent")
    async with page(agent) as receive:
        await receive()
        await hand_over(service, "c0")
        last = (await receive())["position"]
    missed = [await hand_over(service, f"c{n}") for n in range(1, 6)]
    async with page(agent, after=last) as receive:
        assert (await receive())["type"] == "ready"
        got = [await receive() for _ in missed]
    assert [event["data"]["entity_id"] for event in got] == missed
    assert [event["position"] for event in got] == sorted(event["position"] for event in got)


async def test_events_of_many_at_once_all_arrive(service, login, page):
    async with page(await login("agent")) as receive:
        await receive()
        opened = await asyncio.gather(*(hand_over(service, f"c{n}") for n in range(12)))
        got = {(await receive())["data"]["entity_id"] for _ in opened}
    assert got == set(opened)


async def test_a_dispatcher_does_not_see_handoffs(service, login, page, office):
    dispatcher, agent = await login("dispatcher"), await login("agent")
    async with page(dispatcher, after=0) as receive, page(agent, after=0) as seen:
        await hand_over(service, "c1")
        await receive()
        await seen()
        assert (await seen())["name"] == "handoff.opened"
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await receive()


async def test_a_new_message_is_announced_without_its_words(service, login, page):
    handoff_id = await hand_over(service, "c1")
    async with page(await login("agent")) as receive:
        await receive()
        message = {
            "key": "k",
            "direction": "in",
            "author": {"kind": "citizen"},
            "body": {"kind": "text", "text": "芝麻开门"},
            "at": "2026-11-23T09:00:00+08:00",
        }
        await service.post("/conversations/c1/messages", message)
        event = await receive()
    assert (event["name"], event["data"]["entity_id"]) == ("message.appended", handoff_id)
    assert "芝麻" not in str(event)


async def test_an_open_page_alone_is_a_sign_of_life(client, login, hands, office, monkeypatch):
    monkeypatch.setattr(feed, "PING_SECONDS", 0.05)
    agent = await login("agent")
    token = agent.headers["Authorization"].removeprefix("Bearer ")
    async with client.ws_connect("/api/v1/desk/ws") as socket:
        await socket.send_json({"type": "hello", "token": token, "after": 0})
        await socket.receive_json(timeout=5)
        hands.advance(minutes=10)
        assert await presence.answering(office) == []
        for _ in range(2):
            while (await socket.receive_json(timeout=5))["type"] != "ping":
                continue
        assert [member.name for member in await presence.answering(office)] == ["坐席小林"]
        seen = await office.database["staff_sessions"].find_one({})
        assert seen["seen_at"] < hands.now(), "which does not keep a session from ending"


async def test_a_wrong_token_is_told_and_turned_away(client):
    async with client.ws_connect("/api/v1/desk/ws") as socket:
        await socket.send_json({"type": "hello", "token": "guess", "after": 0})
        frame = await socket.receive_json(timeout=5)
        assert frame["error"]["key"] == "auth.token_invalid"
        await socket.receive(timeout=5)
        assert socket.close_code == 4401


async def test_what_is_no_hello_is_turned_away(client):
    for hello in ("", "x", "[]", "{}", '{"type":"hello"}', '{"type":"pong"}'):
        async with client.ws_connect("/api/v1/desk/ws") as socket:
            await socket.send_str(hello)
            frame = await socket.receive_json(timeout=5)
            assert frame["error"]["key"] == "desk.hello_missing"
            await socket.receive(timeout=5)
            assert socket.close_code == 4400


@pytest.mark.parametrize(
    ("who", "told"),
    [
        ({"kind": "citizen", "id": "wechat:oOPENID"}, {"kind": "citizen"}),
        ({"kind": "system", "id": None}, {"kind": "system"}),
        ({"kind": "staff", "id": "s1"}, {"kind": "staff", "id": "s1"}),
    ],
)
def test_the_desk_is_not_told_who_a_citizen_is_to_their_platform(who, told):
    event = {
        "position": 1,
        "type": "case.submitted",
        "entity": "case",
        "entity_id": "BJ2026112300001",
        "who": who,
        "at": datetime(2026, 11, 23, tzinfo=UTC),
        "data": {},
    }
    assert frame(event)["data"]["who"] == told
