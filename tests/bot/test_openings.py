"""Opening conversations leaves nothing behind, and shuts nobody out."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from citizen import Citizen
from eventually import eventually
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.web_first import FirstMessages
from bot.channels.web_openings import Opening, Openings, new_opening

COLLECTIONS = ("web_sessions", "mailboxes", "inbox", "outbox", "web_media", "upload_days")
FLOOD = 1300
JPEG = b"\xff\xd8\xff\xe0" + b"0" * 64
NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
KEY, DAY = "ab" * 32, timedelta(days=1)


async def documents(door) -> int:
    """Return how many documents the door keeps of conversations."""
    database = door.door.database
    return sum([await database[name].count_documents({}) for name in COLLECTIONS])


def coming_from(address: str, door) -> aiohttp.ClientSession:
    """Return the connections of somebody behind a proxy on this machine."""
    return aiohttp.ClientSession(headers={"X-Forwarded-For": address})


async def test_a_flood_of_openings_shuts_nobody_out_and_leaves_no_document(start_door):
    door = await start_door(opening_delay_seconds=2.0)
    loop = asyncio.get_running_loop()
    async with coming_from("203.0.113.7", door) as flooder:
        for _ in range(FLOOD // 50):
            await asyncio.gather(*(Citizen.arrive(flooder, door.url) for _ in range(50)))
        assert await documents(door) == 0
        async with coming_from("203.0.113.8", door) as elsewhere:
            citizen = await Citizen.arrive(elsewhere, door.url)
            began = loop.time()
            assert (await citizen.say("您好")).texts == ["答:您好"]
            assert loop.time() - began < 1.5
        neighbour = await Citizen.arrive(flooder, door.url)
        began = loop.time()
        assert (await neighbour.say("我也要办事")).texts == ["答:我也要办事"]
        assert loop.time() - began > 1.5
        began = loop.time()
        assert (await neighbour.say("还有")).texts == ["答:还有"]
        assert loop.time() - began < 1.5, "only the first message waits"


async def test_the_delay_grows_and_never_passes_its_limit(start_door, http):
    door = await start_door(openings_per_minute=10, opening_delay_seconds=8.0)
    sessions, delays = door.door.sessions, []
    for _ in range(130):
        token = (await Citizen.arrive(http, door.url)).token
        opening = (await sessions.session_of(token)).opening
        delays.append((opening.ready_at - opening.at).total_seconds())
    assert delays == sorted(delays)
    assert delays[9:12] == [0, 0.08, 0.16]
    assert (delays[109], delays[-1]) == (8.0, 8.0)


async def test_whoever_does_not_wait_is_told_when_to_come_back(start_door, http, office):
    door = await start_door(openings_per_minute=1, opening_delay_seconds=20.0)
    await Citizen.arrive(http, door.url)
    citizen = await Citizen.arrive(http, door.url)
    first = asyncio.create_task(citizen.say("第一句"))
    await asyncio.sleep(0.3)
    headers = {"Authorization": f"Bearer {citizen.token}"}
    async with http.post(f"{door.url}/channels/web/messages", headers=headers) as answer:
        assert (answer.status, answer.headers["Retry-After"]) == (429, "2")
    assert (await first).texts == ["答:第一句"], "the attempt that waits is served"
    assert office.texts(citizen.conversation_id) == ["第一句", "答:第一句"]


async def test_only_so_many_wait_at_once_and_the_others_are_taken_when_they_come_again(
    start_door, clock, monkeypatch
):
    monkeypatch.setattr(FirstMessages.__init__, "__kwdefaults__", {"places": 6})
    door = await start_door(openings_per_minute=1, opening_delay_seconds=60.0)
    async with coming_from("203.0.113.7", door) as carrier, coming_from("203.0.113.8", door) as one:
        await Citizen.arrive(carrier, door.url)
        crowd = [await Citizen.arrive(carrier, door.url) for _ in range(9)]
        said = {asyncio.create_task(citizen.say("您好", id="one")): citizen for citizen in crowd}
        await eventually(lambda: sum(task.done() for task in said) == 6)
        told = [task for task in said if task.done()]
        assert {(task.result().status, task.result().error) for task in told} == {
            (429, "message.crowd")
        }, "one address has half of the places"
        await Citizen.arrive(one, door.url)
        elsewhere = asyncio.create_task((await Citizen.arrive(one, door.url)).say("您好"))
        clock.forward(60)
        again = await asyncio.gather(*(said[task].say("您好", id="one") for task in told))
        assert {answer.status for answer in again} == {200}, "their turn has come, and is kept"
        for task in said:
            task.cancel()
        await asyncio.wait(said)
        assert (await elsewhere).status == 200


async def test_a_message_that_waits_is_not_taken_when_its_session_ends(start_door, http, office):
    door = await start_door(openings_per_minute=1, opening_delay_seconds=20.0)
    await Citizen.arrive(http, door.url)
    citizen = await Citizen.arrive(http, door.url)
    waiting = asyncio.create_task(citizen.say("第一句"))
    await asyncio.sleep(0.3)
    await door.door.sessions.end(citizen.token)
    assert (await waiting).error == "session.unknown"
    assert office.log == {}


async def test_ending_what_was_only_opened_waits_as_long_as_a_message(start_door, http):
    door = await start_door(openings_per_minute=1, opening_delay_seconds=20.0)
    await Citizen.arrive(http, door.url)
    citizen = await Citizen.arrive(http, door.url)
    began = asyncio.get_running_loop().time()
    headers = {"Authorization": f"Bearer {citizen.token}"}
    async with http.delete(f"{door.url}/channels/web/conversations", headers=headers) as answer:
        assert answer.status == 204
    assert asyncio.get_running_loop().time() - began > 1.5


async def test_a_refused_first_message_leaves_nothing_and_the_next_one_is_taken(citizen, door):
    assert (await citizen.send({"kind": "text", "text": ""})).status == 400
    assert (await citizen.send({"kind": "photo", "media_ids": ["unknown"]})).status == 404
    assert await documents(door) == 0
    assert (await citizen.say("您好")).texts == ["答:您好"]
    assert await door.door.database["web_sessions"].count_documents({}) == 1


async def test_a_conversation_may_begin_with_a_file(citizen):
    form = aiohttp.FormData()
    form.add_field("file", JPEG, filename="a.jpg")
    stored = await citizen.request("POST", "/media", data=form)
    assert stored.status == 201
    photo = {"kind": "photo", "media_ids": [stored.json["media_id"]]}
    assert (await citizen.send(photo)).status == 200


@pytest.mark.parametrize(("opened", "said"), [(True, None), (False, True), (True, True)])
async def test_the_view_asked_for_at_the_opening_is_the_conversations(
    door, http, dialogue, opened, said
):
    citizen = await Citizen.arrive(http, door.url, elder=opened)
    message = {"kind": "text", "text": "您好"} | ({} if said is None else {"elder": said})
    await citizen.send(message)
    assert dialogue.requests[0]["elder"] is True


async def test_an_opening_that_nobody_used_for_a_day_opens_nothing(citizen, clock, door):
    assert (await citizen.request("GET", "/messages")).json == {"messages": []}
    clock.forward(24 * 3600 + 1)
    assert (await citizen.say("您好")).error == "session.unknown"
    assert await documents(door) == 0


async def test_first_messages_at_once_make_one_conversation(citizen, office, door):
    texts = [f"第{number}句" for number in range(5)]
    answers = await asyncio.gather(*(citizen.say(text) for text in texts))
    assert {answer.status for answer in answers} == {200}
    assert len(office.texts(citizen.conversation_id)) == 10
    assert await door.door.database["web_sessions"].count_documents({}) == 1


def test_a_signed_opening_reads_as_it_was_and_not_with_another_key():
    opening = new_opening(NOW, timedelta(seconds=3), elder=True)
    token = Openings([KEY], DAY).sign(opening)
    assert Openings([KEY], DAY).read(token, NOW) == opening
    assert Openings(["cd" * 32], DAY).read(token, NOW) is None
    assert Openings([KEY], DAY).read(token, NOW + DAY) is None


@given(st.one_of(st.text(max_size=80), st.from_regex(r"[\w-]{0,9}\.[\w-]{0,40}\.[\w-]{0,40}")))
def test_made_up_tokens_are_no_openings(token):
    assert Openings([KEY], DAY).read(token, NOW) is None


@given(st.data())
def test_a_changed_token_is_no_opening(data):
    openings = Openings([KEY], DAY)
    token = openings.sign(Opening("web-one", NOW, NOW))
    place = data.draw(st.integers(0, len(token) - 2))
    other = data.draw(st.sampled_from("aZ0-").filter(lambda one: one != token[place]))
    assert openings.read(token[:place] + other + token[place + 1 :], NOW) is None
