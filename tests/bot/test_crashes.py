"""Processes that die in the middle of a turn lose nothing and double nothing."""

from __future__ import annotations

import asyncio
from unittest.mock import Mock

import pytest
from eventually import eventually
from servers import free_port, mongo_command, running

from bot.errors import LeaseLostError
from bot.inbox.model import Address
from bot.lease_store import Leases


@pytest.fixture
async def quiet_door(start_door):
    """A door that finds work only by wake-ups, so that the test decides when it works."""
    return await start_door(poll_seconds=3600.0)


async def _accept(running, text: str, id: str = "one") -> Address:
    address = Address("web-c", "web", "web-c")
    await running.door.inbox.accept(address, f"web-c:{id}", {"kind": "text", "text": text})
    return address


def _as_another_process(running, clock) -> Leases:
    return Leases(running.door.inbox.mailboxes, "another process", 9.0, clock)


async def test_a_conversation_of_a_dead_process_goes_on_when_its_lease_is_over(
    quiet_door, clock, dialogue
):
    await _accept(quiet_door, "您好")
    assert await _as_another_process(quiet_door, clock).take("web-c")
    await quiet_door.door.pool.work("web-c")
    assert dialogue.calls == []
    clock.forward(10)
    await quiet_door.door.pool.work("web-c")
    assert await quiet_door.door.inbox.state("web:web-c:one") == "done"


async def test_a_process_that_slept_past_its_lease_changes_nothing(
    quiet_door, clock, dialogue, office
):
    await _accept(quiet_door, "您好")
    dialogue.held.add("web-c")
    dialogue.gate.clear()
    sleeper = asyncio.create_task(quiet_door.door.pool.work("web-c"))
    await asyncio.wait_for(dialogue.started.wait(), 10)
    clock.forward(10)
    other = await _as_another_process(quiet_door, clock).take("web-c")
    assert other
    dialogue.gate.set()
    with pytest.raises(LeaseLostError):
        await sleeper
    assert await quiet_door.door.inbox.state("web:web-c:one") == "received"
    assert await quiet_door.door.outbox.open("web-c") == []
    clock.forward(10)
    await quiet_door.door.pool.work("web-c")
    assert office.texts("web-c") == ["您好", "答:您好"]


async def test_a_worker_killed_in_the_middle_of_a_turn_loses_and_doubles_nothing(
    quiet_door, dialogue, office
):
    await _accept(quiet_door, "第一")
    await _accept(quiet_door, "第二", "two")
    dialogue.held.add("web-c")
    dialogue.gate.clear()
    worker = asyncio.create_task(quiet_door.door.pool.work("web-c"))
    await asyncio.wait_for(dialogue.started.wait(), 10)
    worker.cancel()
    await asyncio.gather(worker, return_exceptions=True)
    dialogue.gate.set()
    await quiet_door.door.pool.work("web-c")
    assert office.texts("web-c") == ["第一", "答:第一", "第二", "答:第二"]


async def test_replies_written_before_a_crash_are_said_after_it_and_only_once(
    quiet_door, clock, dialogue, office
):
    address = await _accept(quiet_door, "您好")
    door = quiet_door.door
    lease = await _as_another_process(quiet_door, clock).take("web-c")
    (message,) = await door.inbox.waiting("web-c")
    await door.pool._turns.run(lease, address, message)  # crash between closing and sending
    assert office.texts("web-c") == ["您好"]
    clock.forward(10)
    await door.pool.work("web-c")
    await door.pool.work("web-c")
    assert office.texts("web-c") == ["您好", "答:您好"]
    assert len(dialogue.calls) == 1


async def test_an_answer_said_just_before_a_crash_is_followed_by_no_apology_and_no_second_answer(
    quiet_door, clock, dialogue, office
):
    address = await _accept(quiet_door, "您好")
    await _accept(quiet_door, "在吗", "two")
    door = quiet_door.door
    lease = await _as_another_process(quiet_door, clock).take("web-c")
    message, _ = await door.inbox.waiting("web-c")
    door.inbox.mark_done, real = Mock(side_effect=ConnectionError), door.inbox.mark_done
    with pytest.raises(ConnectionError):
        await door.pool._turns.run(lease, address, message, first_in_line=True)
    door.inbox.mark_done = real
    said = ["您好", "答:您好"]
    assert office.texts("web-c") == said
    clock.forward(10)
    dialogue.away = True
    await door.pool.work("web-c")
    said.append(door.pool._turns._replies.reply("apology_again")["text"])  # for 在吗, which waits
    assert office.texts("web-c") == said
    dialogue.away = False
    for _ in range(2):
        clock.forward(10)
        await door.pool.work("web-c")
    assert office.texts("web-c") == [*said, "在吗", "答:在吗"]
    assert await door.inbox.state("web:web-c:one") == "done"


async def test_a_new_process_finds_the_work_of_the_old_one_by_itself(
    start_door, clock, office, dialogue
):
    old = await start_door(poll_seconds=3600.0)
    await _accept(old, "有人吗")
    await old.server.close()
    await start_door()
    await eventually(lambda: office.texts("web-c") == ["有人吗", "答:有人吗"])


async def test_a_burst_into_a_held_lease_is_found_when_the_lease_is_given_back(
    quiet_door, clock, office
):
    leases = _as_another_process(quiet_door, clock)
    await _accept(quiet_door, "您好")
    lease = await leases.take("web-c")
    assert await quiet_door.door.pool.work("web-c") is None
    await leases.release(lease)
    await quiet_door.door.pool.work("web-c")
    assert office.texts("web-c") == ["您好", "答:您好"]


async def test_a_turn_that_takes_longer_than_a_lease_keeps_the_conversation(
    start_door, clock, dialogue
):
    slow = await start_door(poll_seconds=3600.0, lease_seconds=1.0)
    await _accept(slow, "您好")
    dialogue.held.add("web-c")
    dialogue.gate.clear()
    worker = asyncio.create_task(slow.door.pool.work("web-c"))
    await asyncio.wait_for(dialogue.started.wait(), 10)
    first = (await slow.door.inbox.mailbox("web-c"))["lease_until"]

    async def outlived() -> bool:
        return clock() > first

    await eventually(outlived)
    assert await _as_another_process(slow, clock).take("web-c") is None
    dialogue.gate.set()
    await asyncio.wait_for(worker, 10)
    assert await slow.door.inbox.state("web:web-c:one") == "done"
    assert len(dialogue.calls) == 1


async def test_a_turn_whose_transaction_is_ended_from_outside_is_closed_all_the_same(
    quiet_door, clock, office
):
    address = await _accept(quiet_door, "您好")
    door = quiet_door.door
    lease = await _as_another_process(quiet_door, clock).take("web-c")
    (message,) = await door.inbox.waiting("web-c")
    real, ended = door.outbox.add, []

    async def end_once(*arguments, **options):
        if not ended:
            ended.append(await door.client.admin.command("killAllSessions", []))
        await real(*arguments, **options)

    door.outbox.add = end_once
    await door.pool._turns.run(lease, address, message)
    assert ended
    assert await door.inbox.state("web:web-c:one") == "done"
    assert len(await door.outbox.open("web-c")) == 1


async def test_a_door_that_starts_before_its_store_waits_for_it(start_door, tmp_path):
    port = free_port()
    uri = f"mongodb://127.0.0.1:{port}/?directConnection=true"
    starting = asyncio.create_task(start_door(mongodb_uri=uri))
    assert await asyncio.wait({starting}, timeout=0.5) == (set(), {starting})
    store = running(mongo_command(port, tmp_path / "data"), port, tmp_path / "log")
    await asyncio.to_thread(store.__enter__)
    try:
        door = await asyncio.wait_for(starting, 30)
        await _accept(door, "您好")
        assert await door.door.inbox.state("web:web-c:one")
        await door.server.close()
    finally:
        await asyncio.to_thread(store.__exit__, None, None, None)
