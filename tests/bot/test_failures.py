"""When a neighbour is away: never silence, one apology, and the real answer afterwards."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta

import pytest
from citizen import Citizen
from conftest import ROOT
from eventually import eventually
from hypothesis import given
from hypothesis import strategies as st
from servers import free_port, mongo_command, running

from bot.replies import Replies
from bot.turns.failure import judge
from bot.wakeups import Wakeups

REPLIES = Replies.load(ROOT / "data")
APOLOGY = REPLIES.reply("apology")["text"]
WAITING = REPLIES.reply("apology_again")["text"]
HANDED_OVER = REPLIES.reply("handed_over")["text"]


async def test_a_citizen_is_told_once_that_it_takes_longer_and_then_answered(
    citizen, office, dialogue
):
    dialogue.away = True
    answer = await citizen.say("办社保")
    assert answer.json["done"] is False
    assert answer.texts == [APOLOGY]
    assert answer.json["messages"][0]["body"]["chips"][0]["payload"] == "/ask_human"
    tries = len(dialogue.calls)
    await eventually(lambda: len(dialogue.calls) > tries)
    dialogue.away = False
    log = await eventually(lambda: (log := office.texts(citizen.conversation_id))[2:] and log)
    assert log == ["办社保", APOLOGY, "答:办社保"]


async def test_a_short_absence_is_never_noticed(citizen, office, dialogue):
    dialogue.away = True
    await citizen.say("办社保", wait=0)
    await eventually(lambda: dialogue.calls)
    dialogue.away = False
    log = await eventually(lambda: (log := office.texts(citizen.conversation_id))[1:] and log)
    assert log == ["办社保", "答:办社保"]


async def test_messages_that_wait_behind_a_failed_one_are_acknowledged_and_answered_in_order(
    citizen, office, dialogue
):
    dialogue.away = True
    await citizen.say("第一")
    second = await citizen.say("第二")
    assert second.texts == [WAITING]
    dialogue.away = False
    log = await eventually(lambda: (log := office.texts(citizen.conversation_id))[5:] and log)
    assert [text for text in log if text.startswith("答")] == ["答:第一", "答:第二"]
    assert log.count(APOLOGY) == 1
    assert log.count(WAITING) == 1


@pytest.mark.parametrize(
    "wish",
    [
        {"kind": "button", "text": "找人工", "payload": "/ask_human"},
        {"kind": "text", "text": "转人工。"},
    ],
)
async def test_a_person_can_be_reached_while_nobody_understands(citizen, office, dialogue, wish):
    dialogue.away = True
    await citizen.say("办社保")
    await citizen.send(wish)
    await eventually(lambda: HANDED_OVER in office.texts(citizen.conversation_id))
    assert [handoff["reason"] for handoff in office.handoffs] == ["asked"]
    assert office.handoffs[0]["conversation_id"] == citizen.conversation_id


async def test_a_turn_the_dialogue_refuses_goes_to_a_person_instead_of_round_in_circles(
    citizen, office, dialogue
):
    dialogue.refuses = True
    assert (await citizen.say("怪话")).texts == [HANDED_OVER]
    assert [handoff["reason"] for handoff in office.handoffs] == ["failure"]
    assert len(dialogue.calls) == 3


async def test_after_long_enough_a_person_takes_over(start_door, http, office, dialogue):
    door = await start_door(hand_over_seconds=0.5)
    citizen = await Citizen.arrive(http, door.url)
    dialogue.away = True
    assert (await citizen.say("办社保")).texts == [HANDED_OVER]


async def test_while_the_office_is_away_the_apology_comes_without_the_log(
    citizen, office, dialogue
):
    office.away = True
    answer = await citizen.say("办社保")
    assert answer.json["done"] is False
    assert answer.texts == [APOLOGY]
    assert answer.json["messages"][0]["seq"] is None
    office.away = False
    await eventually(lambda: "答:办社保" in office.texts(citizen.conversation_id))
    assert APOLOGY not in office.texts(citizen.conversation_id)


@pytest.mark.parametrize("part", ["office", "dialogue"])
async def test_a_failure_is_told_within_two_seconds_with_what_to_do(
    citizen, office, dialogue, part
):
    {"office": office, "dialogue": dialogue}[part].away = True
    begun = time.monotonic()
    answer = await citizen.say("办社保")
    assert time.monotonic() - begun < 2
    assert answer.texts == [APOLOGY]
    assert all(words in APOLOGY for words in ("慢", "存好", "不用重发"))
    assert answer.json["messages"][0]["body"]["chips"][0]["payload"] == "/ask_human"


async def test_without_its_store_the_door_refuses_politely_and_takes_the_same_message_later(
    start_door, http, tmp_path
):
    port = free_port()
    uri = f"mongodb://127.0.0.1:{port}/?directConnection=true"

    def store():
        return running(mongo_command(port, tmp_path / "data"), port, tmp_path / "log")

    with store():
        door = await start_door(mongodb_uri=uri, poll_seconds=0.2)
        citizen = await Citizen.arrive(http, door.url)
    refused = await citizen.say("办社保", id="one")
    assert (refused.status, refused.error) == (503, "store.away")
    assert refused.json["error"]["message"]
    with store():
        assert (await citizen.say("办社保", id="one")).texts == ["答:办社保"]
        await door.server.close()


async def test_a_door_that_starts_before_the_office_waits_for_it_without_an_apology(
    start_door, http, office
):
    office.away = True
    door = await start_door()
    citizen = await Citizen.arrive(http, door.url)
    assert (await citizen.say("开门了吗", wait=3)).status == 202
    office.away = False
    await eventually(lambda: len(office.texts(citizen.conversation_id)) == 2)
    assert office.texts(citizen.conversation_id) == ["开门了吗", "答:开门了吗"]


async def test_an_office_that_forgot_the_conversation_is_introduced_to_it_again(citizen, office):
    await citizen.say("您好")
    office.registered.clear()
    assert (await citizen.say("还在吗")).texts == ["答:还在吗"]


async def test_without_redis_everything_still_arrives(
    start_door, http, office, dialogue, free_redis
):
    door = await start_door(redis_url=free_redis)
    citizen = await Citizen.arrive(http, door.url)
    assert (await citizen.say("您好")).texts == ["答:您好"]


async def test_without_redis_another_process_finds_the_work_by_looking(
    start_door, http, office, free_redis
):
    front = await start_door(redis_url=free_redis)
    await front.door.pool.__aexit__(None, None, None)  # this process accepts, and works no more
    citizen = await Citizen.arrive(http, front.url)
    await citizen.say("您好", wait=0)
    await start_door(redis_url=free_redis)
    await eventually(lambda: office.texts(citizen.conversation_id) == ["您好", "答:您好"])


async def test_redis_that_stops_in_the_middle_costs_nothing_but_time(
    start_door, http, own_redis, office
):
    door = await start_door(redis_url=own_redis.url)
    citizen = await Citizen.arrive(http, door.url)
    assert (await citizen.say("之前")).texts == ["答:之前"]
    own_redis.stop()
    assert not await door.door.wakeups.ping()
    assert (await citizen.say("之后")).texts == ["答:之后"]


async def test_a_redis_that_hangs_is_asked_once_a_second_and_not_for_every_message():
    calls = []

    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        calls.append(writer)
        await reader.read()
        writer.close()

    server = await asyncio.start_server(hang, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    wakeups = Wakeups(f"redis://127.0.0.1:{port}/0", "anywhere")
    assert all([await wakeups.allow("somebody", 1) for _ in range(50)])
    assert len(calls) == 1
    await wakeups._redis.aclose()
    server.close()


@given(
    tries=st.integers(1, 500),
    seconds=st.floats(0, 4000),
    silent=st.booleans(),
    helps=st.booleans(),
    defect=st.booleans(),
)
def test_a_failed_turn_is_retried_soon_and_never_silently(tries, seconds, silent, helps, defect):
    verdict = judge(
        tries=tries,
        since_first_try=timedelta(seconds=seconds),
        waited=timedelta(seconds=seconds),
        silent=silent,
        helps=helps,
        defect=defect,
        hand_over_after=timedelta(seconds=600),
    )
    assert timedelta() < verdict.delay <= timedelta(seconds=5)
    assert verdict.apologise or (tries < 3 and seconds < 1 and not silent)
    assert verdict.hand_over == (seconds >= 600 or (tries >= 3 and not helps))
    assert verdict.set_aside == (tries >= 6 and (defect or not helps))


async def test_an_apology_the_returned_office_cannot_place_is_dropped_and_not_reported_as_failed(
    citizen, door, office
):
    office.away = True
    answer = await citizen.say("办社保", id="one", wait=0)
    assert answer.status == 202
    apology = f"web:{citizen.conversation_id}:one:apology"

    async def state() -> str | None:
        row = await door.door.database["outbox"].find_one({"_id": apology})
        return row["state"] if row else None

    async def tried() -> bool:
        row = await door.door.database["outbox"].find_one({"_id": apology})
        return bool(row and row["attempts"])

    await eventually(tried)
    office.away = False
    await eventually(lambda: office.texts(citizen.conversation_id) == ["办社保", "答:办社保"])
    assert await state() == "dropped"


async def test_a_reply_the_office_did_not_take_is_said_before_the_next_turn_speaks(
    citizen, office, dialogue
):
    await citizen.say("零")
    dialogue.held.add(citizen.conversation_id)
    dialogue.gate.clear()
    dialogue.started.clear()
    for text in ("一", "二", "三"):
        await citizen.say(text, wait=0)
    await asyncio.wait_for(dialogue.started.wait(), 10)
    office.deaf = 1
    dialogue.gate.set()
    log = await eventually(lambda: (log := office.texts(citizen.conversation_id))[7:] and log)
    assert log == ["零", "答:零", "一", "答:一", "二", "答:二", "三", "答:三"]


async def test_a_reply_that_still_waits_for_the_office_is_said_before_a_message_that_comes_later(
    start_door, http, office
):
    door = await start_door(poll_seconds=3600.0)
    citizen = await Citizen.arrive(http, door.url)
    await citizen.say("零")
    office.deaf = 6
    await citizen.say("一", wait=0)
    # While the pool is at work the reply may be refused and the next message looked at in one go.
    await eventually(lambda: office.deaf <= 2 and not door.door.pool._busy)
    office.deaf = 0
    await citizen.say("二")
    assert office.texts(citizen.conversation_id) == ["零", "答:零", "一", "答:一", "二", "答:二"]
