"""kill -9 of any part, then a start: conversations, cases and reports are all still there."""

from __future__ import annotations

import os
import signal
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from house import House, command_line, new_house
from people import Speaker, apply

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
