"""What a turn costs: few commands to the store, and no waiting between the turns of a burst."""

from __future__ import annotations

import asyncio
import time

from citizen import Citizen
from eventually import eventually

BURST = 10
# A burst of ten messages costs at most this much over the sum of its turns.
OVERHEAD_SECONDS = 0.05
ROUNDS = 6
# inbox, outbox; who waits; done. Renewing the lease and the session are now and then.
COMMANDS_A_TURN = 6


async def test_a_turn_of_a_conversation_under_way_is_a_handful_of_commands(start_door, http):
    door = await start_door(poll_seconds=60, lease_seconds=60, turn_seconds=50)
    citizen = await Citizen.arrive(http, door.url)
    await citizen.say("您好")
    before = await _commands(door)
    for number in range(BURST):
        assert (await citizen.say(f"第{number}句")).json["done"] is True
    assert await _commands(door) - before <= COMMANDS_A_TURN * BURST


async def test_a_burst_costs_no_more_than_its_turns_one_by_one(citizen, dialogue):
    async def one_by_one() -> float:
        begun = time.perf_counter()
        for number in range(BURST):
            await citizen.say(f"一句一句{number}")
        return time.perf_counter() - begun

    async def at_once() -> float:
        begun = time.perf_counter()
        await asyncio.gather(*(citizen.say(f"一起{number}") for number in range(BURST)))
        return time.perf_counter() - begun

    await citizen.say("您好")
    singly, together = [], []
    # Least times of alternating rounds: noise only adds, and a real cost stays in every round.
    for _ in range(ROUNDS):
        singly.append(await one_by_one())
        together.append(await at_once())
        if min(together) <= min(singly) + OVERHEAD_SECONDS:
            break
    assert min(together) <= min(singly) + OVERHEAD_SECONDS
    assert len(dialogue.turns) == 1 + 2 * BURST * len(singly)


async def test_what_was_done_while_the_poll_looked_is_not_looked_at_again(
    start_door, http, dialogue, monkeypatch
):
    door = await start_door(poll_seconds=0.05)
    citizen = await Citizen.arrive(http, door.url)
    looking, over = asyncio.Event(), asyncio.Event()
    looks, worked_after = 0, list[int]()

    async def slow_look() -> list[str]:
        nonlocal looks
        looking.set()
        await over.wait()
        looks += 1
        return [citizen.conversation_id]

    async def work(_: str, **__: bool) -> None:
        worked_after.append(looks)

    dialogue.held.add(citizen.conversation_id)
    dialogue.gate.clear()
    turn = asyncio.create_task(citizen.say("办社保"))
    await asyncio.wait_for(dialogue.started.wait(), 10)
    monkeypatch.setattr(door.door.inbox, "due_conversations", slow_look)
    await asyncio.wait_for(looking.wait(), 10)
    dialogue.gate.set()
    assert (await turn).texts == ["答:办社保"]
    await asyncio.sleep(0.2)  # what the pool still does after the answer
    monkeypatch.setattr(door.door.pool, "work", work)
    over.set()
    await eventually(lambda: worked_after)
    assert worked_after[0] == 2  # the look that began after the turn, not the one during it


async def _commands(door) -> int:
    """Return how many reads and writes the store has been asked for."""
    status = await door.door.client.admin.command("serverStatus")
    return sum(status["opcounters"][name] for name in ("insert", "query", "update"))
