"""The page's socket: everything after its last message, each once, over any reconnect."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

from aiohttp import WSCloseCode, WSMsgType
from citizen import Citizen
from eventually import eventually
from pymongo.errors import AutoReconnect


@asynccontextmanager
async def _socket(citizen, after: int = 0, token: str | None = None):
    url = f"{citizen.url}/channels/web/ws"
    async with citizen.http.ws_connect(url) as socket:
        await socket.send_json(
            {"type": "hello", "token": citizen.token if token is None else token, "after": after}
        )
        yield socket


async def _messages(socket, count: int) -> list[dict]:
    """Read until `count` messages have come; other frames are skipped."""
    found: list[dict] = []
    while len(found) < count:
        frame = await socket.receive_json(timeout=10)
        if frame["type"] == "message":
            found.append(frame)
    return found


async def test_a_page_sees_its_own_words_and_the_answer_as_they_come(citizen):
    async with _socket(citizen) as socket:
        await citizen.say("您好", wait=0)
        own, reply = await _messages(socket, 2)
    assert (own["seq"], own["direction"], own["body"]["text"]) == (1, "in", "您好")
    assert (reply["seq"], reply["direction"], reply["body"]["text"]) == (2, "out", "答:您好")
    assert reply["author"] == {"kind": "bot"}


async def test_a_reconnected_page_gets_everything_after_its_last_message_exactly_once(citizen):
    for text in ("一", "二", "三"):
        await citizen.say(text)
    async with _socket(citizen, after=2) as socket:
        await citizen.say("四")
        seen = await _messages(socket, 6)
    assert [message["seq"] for message in seen] == [3, 4, 5, 6, 7, 8]


async def test_a_page_that_was_away_for_long_gets_more_than_one_piece_of_the_log(citizen, office):
    await citizen.say("您好")
    for number in range(250):
        office._add(citizen.conversation_id, f"n{number}", "out", "system", f"{number}")
    async with _socket(citizen) as socket:
        seen = await _messages(socket, 252)
    assert [message["seq"] for message in seen] == list(range(1, 253))


async def test_the_page_sees_when_the_bot_is_at_work(citizen, dialogue):
    dialogue.held.add(citizen.conversation_id)
    dialogue.gate.clear()
    async with _socket(citizen) as socket:
        assert await socket.receive_json() == {"type": "state", "owner": "bot", "typing": False}
        await citizen.say("您好", wait=0)
        states = []
        while {"type": "state", "owner": "bot", "typing": True} not in states:
            states.append(await socket.receive_json(timeout=10))
        dialogue.gate.set()
        while states[-1] != {"type": "state", "owner": "bot", "typing": False}:
            states.append(await socket.receive_json(timeout=10))


async def test_staff_reach_the_page_and_the_page_sees_who_speaks(citizen, office):
    await citizen.say("您好")
    async with _socket(citizen, after=2) as socket:
        assert (await socket.receive_json())["type"] == "state"
        office.owners[citizen.conversation_id] = "staff"
        office.say(citizen.conversation_id, "我来看看")
        frames = [await socket.receive_json(timeout=10) for _ in range(2)]
    assert {"type": "state", "owner": "staff", "typing": False} in frames
    assert "我来看看" in str(frames)


async def test_while_the_office_is_away_the_page_is_told_in_passing_and_once(citizen, office):
    await citizen.say("您好")
    async with _socket(citizen, after=2) as socket:
        assert (await socket.receive_json())["type"] == "state"
        office.away = True
        await citizen.say("办社保", wait=0)
        notice = await socket.receive_json(timeout=10)
        while notice["type"] != "notice":
            notice = await socket.receive_json(timeout=10)
        office.away = False
        own, reply = await _messages(socket, 2)
    assert notice["body"]["chips"][0]["payload"] == "/ask_human"
    assert [own["body"]["text"], reply["body"]["text"]] == ["办社保", "答:办社保"]


async def test_what_could_not_be_read_is_shown_soon_after_without_another_word(
    citizen, office, door
):
    async with _socket(citizen) as socket:
        await citizen.say("您好")
        await _messages(socket, 2)
        office.away = True
        office.note(citizen.conversation_id, "我是小李")
        door.door.wakeups.ring(f"conversation:{citizen.conversation_id}")
        log = f"/conversations/{citizen.conversation_id}/messages"
        await eventually(lambda: log in office.refused)
        office.away = False
        (said,) = await asyncio.wait_for(_messages(socket, 1), 5)
    assert said["body"]["text"] == "我是小李"


async def test_a_page_that_dials_while_the_store_is_away_is_asked_to_dial_again(
    citizen, door, monkeypatch
):
    async def away(*_: object, **__: object) -> None:
        raise AutoReconnect("away")

    channel = door.door.channels["web"]
    monkeypatch.setattr(channel._sessions, "session_of", away)
    async with _socket(citizen) as socket:
        frame = await socket.receive(timeout=10)
    assert (frame.type, frame.data) == (WSMsgType.CLOSE, WSCloseCode.TRY_AGAIN_LATER)


async def test_a_token_of_nobody_opens_nothing(citizen):
    async with _socket(citizen, token="wrong") as socket:
        frame = await socket.receive_json()
        assert frame["error"]["key"] == "session.unknown"
        assert (await socket.receive()).type.name == "CLOSE"


async def test_a_hello_that_is_none_is_refused_with_a_key(citizen):
    for hello in ("garbage", "[]", '{"type":"hello"}', '{"type":"x","token":"y"}', "[" * 9000):
        async with citizen.http.ws_connect(f"{citizen.url}/channels/web/ws") as socket:
            await socket.send_str(hello)
            assert "key" in (await socket.receive_json())["error"]


async def test_a_socket_of_one_conversation_never_shows_another(citizen, door, http):
    other = await Citizen.arrive(http, door.url)
    async with _socket(other) as socket:
        await citizen.say("秘密")
        await other.say("公开")
        seen = await _messages(socket, 2)
    assert [message["body"]["text"] for message in seen] == ["公开", "答:公开"]


async def test_a_door_that_closes_lets_its_pages_go(door, citizen):
    async with _socket(citizen) as socket:
        await socket.receive_json()
        closing = asyncio.create_task(door.server.close())
        assert (await socket.receive(timeout=10)).type.name == "CLOSE"
    await asyncio.wait_for(closing, 10)
    await eventually(lambda: closing.done())
