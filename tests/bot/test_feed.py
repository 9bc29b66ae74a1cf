"""Words that begin in the office reach the citizen through the same outbox, once."""

from __future__ import annotations

from citizen import Citizen
from eventually import eventually


async def _sent(door, message_id: str):
    return await door.door.database["outbox"].find_one(
        {"_id": f"log:{message_id}", "state": "sent"}
    )


async def test_what_staff_say_passes_through_the_outbox_without_being_logged_twice(
    citizen, door, office
):
    await citizen.say("您好")
    office.say(citizen.conversation_id, "我是小李，马上看")
    message_id = office.outgoing[0]["message_id"]
    await eventually(lambda: _sent(door, message_id))
    assert office.texts(citizen.conversation_id) == ["您好", "答:您好", "我是小李，马上看"]


async def test_the_cursor_survives_and_nothing_is_delivered_again(
    start_door, http, office, dialogue
):
    first = await start_door()
    citizen = await Citizen.arrive(http, first.url)
    await citizen.say("您好")
    office.say(citizen.conversation_id, "一")
    office.say(citizen.conversation_id, "二")
    cursors = first.door.database["feed_cursors"]
    await eventually(lambda: cursors.find_one({"position": "2"}))
    await first.server.close()
    office.feed_reads.clear()
    second = await start_door()
    await eventually(lambda: office.feed_reads)
    assert office.feed_reads[0] == "2"
    assert await second.door.database["outbox"].count_documents({"logged": True}) == 2


async def test_a_page_read_twice_changes_nothing(citizen, door, office):
    await citizen.say("您好")
    office.say(citizen.conversation_id, "一")
    message_id = office.outgoing[0]["message_id"]
    await eventually(lambda: _sent(door, message_id))
    await door.door.feed.__aexit__(None, None, None)
    await door.door.feed._keep(
        await eventually(lambda: door.door.feed._leases.take("outgoing")),
        {"messages": office.outgoing, "next": 1},
    )
    assert await door.door.database["outbox"].count_documents({"logged": True}) == 1


async def test_only_one_process_reads_the_feed_at_a_time(start_door, clock, office):
    door = (await start_door()).door
    await eventually(lambda: office.feed_reads)
    await door.feed.__aexit__(None, None, None)
    lease = await eventually(lambda: door.feed._leases.take("outgoing"))
    office.feed_reads.clear()
    assert await door.feed.read_once(0) is False
    assert office.feed_reads == []
    clock.forward(10)
    assert await door.feed.read_once(0) is True
    assert not await door.cursors.advance(lease, "99")


async def test_when_staff_speak_the_page_learns_who_owns_the_conversation(citizen, door, office):
    await citizen.say("您好")
    office.owners[citizen.conversation_id] = "staff"
    office.say(citizen.conversation_id, "我来")
    inbox = door.door.inbox
    await eventually(
        lambda: inbox.mailboxes.find_one({"_id": citizen.conversation_id, "owner": "staff"})
    )
