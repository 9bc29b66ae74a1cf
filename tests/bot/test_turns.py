"""A message's way to its replies: once, in order, whoever does the work."""

from __future__ import annotations

import asyncio

from citizen import Citizen
from eventually import eventually


async def test_a_citizen_who_waits_gets_the_replies_in_the_same_answer(citizen, office):
    answer = await citizen.say("补身份证")
    assert answer.status == 200
    assert answer.json["done"] is True
    assert answer.texts == ["答:补身份证"]
    assert office.texts(citizen.conversation_id) == ["补身份证", "答:补身份证"]


async def test_a_citizen_who_does_not_wait_is_answered_once_the_message_is_stored(citizen, door):
    answer = await citizen.say("您好", wait=0, id="one")
    assert (answer.status, answer.json) == (202, {"accepted": True})
    assert await door.door.inbox.state(f"web:{citizen.conversation_id}:one") is not None


async def test_the_first_message_introduces_the_conversation_to_the_office(citizen, office):
    await citizen.say("您好")
    await citizen.say("再见")
    assert office.registered == {
        citizen.conversation_id: {
            "channel": "web",
            "identity": citizen.conversation_id,
            "elder": False,
        }
    }


async def test_a_duplicate_message_id_is_accepted_once_and_answered_alike(
    citizen, office, dialogue
):
    first = await citizen.say("办证", id="same")
    again = await citizen.say("办证", id="same")
    assert again.texts == first.texts == ["答:办证"]
    assert len(dialogue.calls) == 1
    assert office.texts(citizen.conversation_id) == ["办证", "答:办证"]


async def test_the_same_message_sent_many_times_at_once_is_one_message(citizen, dialogue):
    answers = await asyncio.gather(*(citizen.say("办证", id="same") for _ in range(8)))
    assert [answer.texts for answer in answers] == [["答:办证"]] * 8
    assert len(dialogue.turns) == 1


async def test_the_same_id_in_two_conversations_is_two_messages(citizen, door, http):
    other = await Citizen.arrive(http, door.url)
    assert (await citizen.say("甲", id="1")).texts == ["答:甲"]
    assert (await other.say("乙", id="1")).texts == ["答:乙"]


async def test_a_burst_keeps_its_order(citizen, office, dialogue):
    texts = [f"第{n}句" for n in range(12)]
    for text in texts[:-1]:
        assert (await citizen.say(text, wait=0)).status == 202
    await citizen.say(texts[-1])
    assert dialogue.order[citizen.conversation_id] == texts
    assert dialogue.most_at_once == 1
    said_by_bot = [text for text in office.texts(citizen.conversation_id) if "答" in text]
    assert said_by_bot == [f"答:{text}" for text in texts]


async def test_a_slow_conversation_does_not_hold_up_another(citizen, door, http, dialogue):
    dialogue.held.add(citizen.conversation_id)
    dialogue.gate.clear()
    await citizen.say("慢", wait=0)
    await eventually(lambda: dialogue.calls)
    other = await Citizen.arrive(http, door.url)
    assert (await other.say("快")).texts == ["答:快"]
    dialogue.gate.set()
    await eventually(lambda: "答:慢" in str(dialogue.turns))


async def test_two_doors_on_one_database_never_run_one_conversation_twice_at_once(
    start_door, http, dialogue, office
):
    doors = [await start_door(), await start_door()]
    citizens = [await Citizen.arrive(http, doors[0].url) for _ in range(4)]

    async def talk(who: Citizen) -> list[str]:
        texts = [f"{who.conversation_id[-4:]}-{n}" for n in range(8)]
        for place, text in enumerate(texts[:-1]):
            await who.say(text, wait=0, url=doors[place % 2].url)
        await who.say(texts[-1], wait=30, url=doors[1].url)
        return texts

    said = await asyncio.gather(*(talk(who) for who in citizens))
    assert dialogue.most_at_once == 1
    assert [dialogue.order[who.conversation_id] for who in citizens] == said
    assert len(dialogue.calls) == 32
    for who, texts in zip(citizens, said, strict=True):
        log = office.texts(who.conversation_id)
        assert sorted(log) == sorted([*texts, *(f"答:{text}" for text in texts)])


async def test_staff_ownership_silences_the_bot(citizen, office, dialogue):
    office.owners[citizen.conversation_id] = "staff"
    answer = await citizen.say("在吗")
    assert answer.json == {"accepted": True, "done": True, "messages": []}
    assert [request["owner"] for request in dialogue.requests] == ["staff"]
    assert office.texts(citizen.conversation_id) == ["在吗"]
    office.owners[citizen.conversation_id] = "bot"
    assert (await citizen.say("好了")).texts == ["答:好了"]


async def test_danger_is_answered_while_staff_own_the_conversation(citizen, office, dialogue):
    office.owners[citizen.conversation_id] = "staff"
    dialogue.scripts["着火了"] = [{"kind": "text", "text": "打 119"}]
    assert (await citizen.say("着火了")).texts == ["打 119"]
    assert office.texts(citizen.conversation_id) == ["着火了", "打 119"]


async def test_what_is_written_to_staff_waits_for_no_dialogue_service(citizen, office, dialogue):
    await citizen.say("您好")
    office.owners[citizen.conversation_id] = "staff"
    dialogue.away = True
    answer = await citizen.say("在吗")
    assert answer.json == {"accepted": True, "done": True, "messages": []}
    assert office.texts(citizen.conversation_id)[-1] == "在吗"


async def test_after_staff_the_next_turn_is_sure_of_no_turn_before_it(citizen, office, dialogue):
    await citizen.say("您好")
    office.owners[citizen.conversation_id] = "staff"
    await citizen.say("在吗")
    office.owners[citizen.conversation_id] = "bot"
    await citizen.say("好了")
    assert [request["previous"] for request in dialogue.requests][-1] is None


async def test_a_photo_a_place_and_a_button_reach_the_dialogue_as_they_are(citizen, dialogue):
    await citizen.send({"kind": "button", "text": "要什么材料", "payload": '/ask_guide{"a":1}'})
    await citizen.send({"kind": "location", "location": {"lat": 30.6, "lon": 104.1}})
    assert [request["message"] for request in dialogue.requests] == [
        {"kind": "button", "text": "要什么材料", "payload": '/ask_guide{"a":1}'},
        {"kind": "location", "location": {"lat": 30.6, "lon": 104.1, "system": "gcj02"}},
    ]


async def test_a_payload_counts_only_from_a_button(citizen, dialogue):
    await citizen.send({"kind": "text", "text": "/ask_human", "payload": "/approve"})
    assert dialogue.requests[0]["message"] == {"kind": "text", "text": "/ask_human"}


async def test_an_elders_view_reaches_the_dialogue(door, http, dialogue, office):
    elder = await Citizen.arrive(http, door.url, elder=True)
    await elder.say("您好")
    assert dialogue.requests[0]["elder"] is True
    assert office.registered[elder.conversation_id]["elder"] is True


async def test_what_a_citizen_wrote_is_not_readable_in_inbox_and_outbox(citizen, door):
    await citizen.say("我的身份证号")
    for collection in ("inbox", "outbox"):
        rows = [row async for row in door.door.database[collection].find({})]
        assert rows
        assert "身份证" not in str(rows)
