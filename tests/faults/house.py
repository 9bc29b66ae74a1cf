"""The house to be hurt: every part a process of its own, started again at once when it dies."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from paoyici.keeper import Keeper
from paoyici.parts import Layout, Part, environment, rooms, storage
from paoyici.supervisor import Supervisor
from paoyici.transactions import release
from tests.layout import own_layout

KINDS = ("bot", "backend", "dialogue", "mongodb", "redis")
DATABASE = "paoyici"


class House:
    """The running house, whose parts can be killed, kept away and waited for."""

    def __init__(self, layout: Layout, supervisor: Supervisor) -> None:
        self.layout = layout
        self._supervisor = supervisor
        self._back: dict[str, asyncio.Event] = {}
        self._back_at: dict[str, float] = {}
        self._may_start = {name: asyncio.Event() for name in KINDS}
        for gate in self._may_start.values():
            gate.set()

    def kill(self, name: str) -> None:
        """Kill -9 a part."""
        self._back[name] = asyncio.Event()
        self._supervisor.kill(self._part(name))

    async def returned(self, *names: str) -> float:
        """Wait until all killed parts are well again; return when the last one was."""
        for name in names:
            await asyncio.wait_for(self._back[name].wait(), 180)
        return max(self._back_at[name] for name in names)

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
        """Return the resident memory of a part in MB, 0 while it is dead."""
        try:
            status = Path(f"/proc/{self.pid(name)}/status").read_text()
        except OSError:
            return 0.0
        resident = [line for line in status.splitlines() if line.startswith("VmRSS:")]
        return int(resident[0].split()[1]) / 1024 if resident else 0.0

    async def settle(self, part: Part) -> None:
        """Do what the embedded house does when a part has died, when it may come back."""
        await self._may_start[part.name].wait()
        await release(self.layout, part)

    def note_return(self, part: Part) -> None:
        """Remember that a part is well again."""
        self._back_at[part.name] = time.monotonic()
        self._back.setdefault(part.name, asyncio.Event()).set()

    def _part(self, name: str) -> Part:
        return next(part for part in self._supervisor.parts if part.name == name)


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
