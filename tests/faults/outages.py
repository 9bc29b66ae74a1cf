"""Longer troubles: a storage that is away for a while, a full disk, and what the rest does then."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress

from tests.faults.crowd import Crowd, answered
from tests.faults.house import House
from tests.faults.matrix import Line
from tests.full_disk import fill

_PATIENCE = 90.0
_WATCHED = ("bot", "backend", "dialogue")


class Memory:
    """The most memory each of our rooms has used, in MB."""

    def __init__(self, house: House) -> None:
        self._house = house
        self.peak = dict.fromkeys(_WATCHED, 0.0)

    async def watch(self) -> None:
        """Look twice a second until cancelled."""
        while True:
            for name in _WATCHED:
                self.peak[name] = max(self.peak[name], self._house.memory(name))
            await asyncio.sleep(0.5)


async def away(house: House, crowd: Crowd, name: str, seconds: float) -> Line:
    """Kill a part and let it come back only after `seconds`."""
    line = Line(f"{name} away {seconds:.0f} s", kills=1)
    died = time.monotonic()
    house.keep_away(name)
    house.kill(name)
    await asyncio.sleep(seconds)
    house.let_back(name)
    return await _recover(house, crowd, line, died, name)


async def disk_full(house: House, crowd: Crowd, seconds: float) -> Line:
    """Refuse MongoDB every further byte on disk for a while, as a full disk does.

    A server that ends itself stays away until there is room again; one that lives on is restarted
    then, by whoever made room.
    """
    line = Line(f"disk full {seconds:.0f} s", kills=1)
    died = time.monotonic()
    house.keep_away("mongodb")
    with suppress(ProcessLookupError):
        fill(house.pid("mongodb"))
    await asyncio.sleep(seconds)
    house.kill("mongodb")
    house.let_back("mongodb")
    return await _recover(house, crowd, line, died, "mongodb")


async def _recover(house: House, crowd: Crowd, line: Line, died: float, name: str) -> Line:
    back = await house.returned(name)
    line.waiting = sum(one.tried_at <= back and not one.answered_at for one in crowd.messages)
    last = await answered(crowd, back, _PATIENCE)
    line.back.append(back)
    line.away.append(back - died)
    line.recovery.append(last - back)
    return line
