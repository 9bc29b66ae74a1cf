"""The house to be hurt: every part a process of its own, started again at once when it dies."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from paoyici.health import is_well
from paoyici.keeper import Keeper
from paoyici.parts import Layout, Part, environment, rooms, storage
from paoyici.supervisor import Supervisor
from paoyici.transactions import release
from tests.layout import own_layout

KINDS = ("bot", "backend", "dialogue", "mongodb", "redis")
DIALOGUE = "dialogue"
WHOLE_DIALOGUE = "dialogue, all of it"
"""The dialogue service with the process that keeps it: everything has to be loaded again."""
DATABASE = "paoyici"


class House:
    """The running house, whose parts can be killed, kept away and waited for."""

    def __init__(self, layout: Layout, supervisor: Supervisor) -> None:
        self.layout = layout
        self._supervisor = supervisor
        self._back: dict[str, asyncio.Event] = {}
        self._back_at: dict[str, float] = {}
        self._watching: set[asyncio.Task[None]] = set()
        self._may_start = {name: asyncio.Event() for name in KINDS}
        for gate in self._may_start.values():
            gate.set()

    def kill(self, name: str) -> None:
        """Kill -9 a part; of the dialogue service what serves, as a lack of memory does."""
        part = self._part(name)
        self._back[part.name] = asyncio.Event()
        if name != DIALOGUE:
            self._supervisor.kill(part)
            return
        killed = self._serving(part)
        os.kill(killed, signal.SIGKILL)
        watch = asyncio.create_task(self._see_return(part, killed))
        self._watching.add(watch)
        watch.add_done_callback(self._watching.discard)

    def _serving(self, part: Part) -> int:
        """Return the process that does the work of a part: a fork, where there is one."""
        started = self._supervisor.pid(part)
        return next(iter(_children(started)), started)

    async def _see_return(self, part: Part, killed: int) -> None:
        """Wait until a fork serves in the place of the one that was killed."""
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=2)) as session:
            while self._serving(part) == killed or not await is_well(part.health, session):
                await asyncio.sleep(0.02)
        self.note_return(part)

    async def returned(self, *names: str) -> float:
        """Wait until all killed parts are well again; return when the last one was."""
        parts = [self._part(name).name for name in names]
        for part in parts:
            await asyncio.wait_for(self._back[part].wait(), 180)
        return max(self._back_at[part] for part in parts)

    def keep_away(self, name: str) -> None:
        """Let a part that dies stay away until `let_back`."""
        self._may_start[name].clear()

    def let_back(self, name: str) -> None:
        """Let a part start again."""
        self._may_start[name].set()

    def pid(self, name: str) -> int:
        """Return the process id of a part."""
        return self._supervisor.pid(self._part(name))

    def alive(self, name: str) -> bool:
        """Say whether a part has a living process now."""
        return Path(f"/proc/{self.pid(name)}/cmdline").read_bytes() != b""

    def memory(self, name: str) -> float:
        """Return the memory of a part in MB, 0 while it is dead; what is shared counts once."""
        started = self.pid(name)
        try:
            return sum(_share(pid) for pid in (started, *_children(started)))
        except OSError:
            return 0.0

    async def settle(self, part: Part) -> None:
        """Do what the embedded house does when a part has died, when it may come back."""
        await self._may_start[part.name].wait()
        await release(self.layout, part)

    def note_return(self, part: Part) -> None:
        """Remember that a part is well again."""
        self._back_at[part.name] = time.monotonic()
        self._back.setdefault(part.name, asyncio.Event()).set()

    def _part(self, name: str) -> Part:
        own = DIALOGUE if name == WHOLE_DIALOGUE else name
        return next(part for part in self._supervisor.parts if part.name == own)


def _children(pid: int) -> list[int]:
    """Return the process ids of all children of a process; none of one that is gone."""
    try:
        listed = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return []
    return [int(child) for child in listed.split()]


def _share(pid: int) -> float:
    """Return the memory of a process in MB, of what it shares with others its share."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


@asynccontextmanager
async def standing(home: Path) -> AsyncIterator[House]:
    """Run the house with its data in `home` until the block ends."""
    layout = own_layout(home, apart=True)
    settings = environment(layout) | {"MONGODB_DATABASE": DATABASE}
    settings |= {"OPENINGS_PER_MINUTE": "100000"}  # the whole crowd has one address
    supervisor = Supervisor(settings)
    house = House(layout, supervisor)
    keeping = None
    try:
        for part in (*storage(layout), *rooms(layout)):
            await supervisor.start(part)
        keeping = asyncio.create_task(Keeper(supervisor, house.settle, house.note_return).keep())
        yield house
    finally:
        if keeping:
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)
        await supervisor.stop()
