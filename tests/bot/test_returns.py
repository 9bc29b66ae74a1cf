"""A dialogue service that is back is asked at once, however late the next try was planned."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from citizen import Citizen
from eventually import eventually
from neighbour import neighbour

from bot.turns import failure
from bot.turns.later import Later


async def test_who_waits_is_answered_when_the_dialogue_is_back_and_not_when_a_try_is_due(
    start_door, office, http, tmp_path, settings, monkeypatch
):
    with neighbour("dialogue", tmp_path) as dialogue:
        door = await start_door(dialogue_url=dialogue.url)
        citizens = [await Citizen.arrive(http, door.url) for _ in range(3)]
        monkeypatch.setattr(failure, "_FIRST_DELAY", timedelta(minutes=10))
        monkeypatch.setattr(failure, "_LONGEST_DELAY", timedelta(minutes=10))
        dialogue.kill()
        for citizen in citizens:
            await citizen.say("办社保", wait=0)
        await eventually(lambda: len(door.door.pool._later._planned) == len(citizens))
    with neighbour("dialogue", tmp_path, port=int(dialogue.url.rpartition(":")[2])):
        known = [citizen.conversation_id for citizen in citizens]
        await eventually(lambda: all("答:办社保" in office.texts(one) for one in known))


async def test_what_is_planned_anew_is_looked_at_once_and_early_only_once():
    seen: list[str] = []
    later = Later(seen.append)
    later.plan("a", 600)
    later.plan("a", 600)
    later.plan("b", 0)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert (seen, later.is_early("b")) == (["b"], False)
    later.hurry()
    later.hurry()
    assert seen == ["b", "a"]
    assert [later.is_early("a"), later.is_early("a")] == [True, False]
