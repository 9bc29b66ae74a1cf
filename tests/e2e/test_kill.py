"""kill -9 of any part, then a start: conversations, cases and reports are all still there."""

from __future__ import annotations

import asyncio
import os
import signal
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from house import House, children_of, command_line, new_house
from people import Speaker, apply
from servers import free_port

from paoyici.citizen import Citizen, Memory

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def mortal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house of this module's own, to be killed."""
    house = new_house(tmp_path_factory.mktemp("mortal"))
    house.start()
    yield house
    house.stop()


async def _meet(house: House, http: aiohttp.ClientSession, name: str) -> Speaker:
    citizen = Citizen(http, house.origin, Memory(name, house.origin))
    await citizen.enter()
    return Speaker(citizen)


@pytest.mark.parametrize("part", ["street", "dialogue", "mongodb", "redis"])
async def test_after_kill_9_everything_is_still_there(
    mortal: House, http: Any, part: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAOYICI_HOME", str(tmp_path))
    name, serial = uuid.uuid4().hex, 100 + len(part)
    speaker = await _meet(mortal, http, name)
    number = await apply(speaker, serial)
    await speaker.say("我要申请高龄津贴")
    await speaker.say("王桂兰")
    everyone = [
        pid for each in ("street", "dialogue", "mongodb", "redis") for pid in mortal.pids(each)
    ]
    assert len(everyone) == 4
    for pid in mortal.pids(part):
        os.kill(pid, signal.SIGKILL)
    assert mortal.process is not None
    output, _ = mortal.process.communicate(timeout=60)
    assert f"{part}: ended with code -9" in output
    assert [command_line(pid) for pid in everyone if command_line(pid)] == []

    mortal.start()
    again = await _meet(mortal, http, name)
    assert "身份证" in await again.say("填到哪了")
    await again.say("算了不办了")
    await again.say("对，不办了")
    assert number in await again.say("我的件办到哪了")


async def test_a_house_that_is_kept_goes_on_by_itself(
    http: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = new_house(tmp_path / "kept", EMBEDDED_BACKEND_PORT=str(free_port()))
    house.options = ("--restart",)
    house.start()
    try:
        monkeypatch.setenv("PAOYICI_HOME", str(tmp_path))
        speaker = await _meet(house, http, uuid.uuid4().hex)
        await speaker.say("我要申请高龄津贴")
        await speaker.say("王桂兰")
        assert house.process is not None
        rooms = [pid for pid in children_of(house.process.pid) if "--room" in command_line(pid)]
        assert len(rooms) == 2
        for pid in rooms:
            os.kill(pid, signal.SIGKILL)
        await eventually_well(http, house)
        assert "身份证" in await speaker.say("填到哪了")
    finally:
        assert house.stop() == 0
    assert [command_line(pid) for pid in rooms if command_line(pid)] == []


async def eventually_well(http: aiohttp.ClientSession, house: House) -> None:
    """Wait until the door answers again, and with it everything behind it."""
    for _ in range(600):
        try:
            async with http.get(f"{house.origin}/healthz") as answer:
                if (await answer.json())["status"] == "ok":
                    return
        except aiohttp.ClientError:
            pass
        await asyncio.sleep(0.1)
    pytest.fail(house.logs())
