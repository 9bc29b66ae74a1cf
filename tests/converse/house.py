"""The house the conversations are held with: real processes, empty data, a clock that is given."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from paoyici.parts import Layout, Part, environment, rooms, storage
from paoyici.supervisor import Supervisor
from tests.layout import own_layout


@dataclass(frozen=True)
class House:
    """A running house.

    Attributes:
        origin: where its street is.
    """

    origin: str
    supervisor: Supervisor

    async def fall(self) -> str:
        """Wait until a part ends without which it cannot go on; say which."""
        return await self.supervisor.first_death()


@asynccontextmanager
async def standing(home: Path, begin: datetime) -> AsyncIterator[House]:
    """Run a house with its data in `home`, on a clock that begins at `begin`.

    Raises:
        PartError: it could not start.
    """
    layout = own_layout(home)
    # All citizens have one address.
    supervisor = Supervisor(environment(layout) | {"OPENINGS_PER_MINUTE": "100000"})
    try:
        for part in (*storage(layout), *_rooms(layout, begin)):
            await supervisor.start(part)
        yield House(layout.origin, supervisor)
    finally:
        await supervisor.stop()


def _rooms(layout: Layout, begin: datetime) -> list[Part]:
    """Return our own processes, the street composed with the clock."""
    street = (sys.executable, "-m", "tests.converse.street", begin.isoformat())
    return [
        replace(part, command=street) if part.name == "street" else part for part in rooms(layout)
    ]


def last_words(home: Path) -> str:
    """Return the end of every part's log, for somebody who asks why a house fell."""
    found = sorted((home / "logs").glob("*.log"))
    return "".join(
        f"\n== {log.name}\n{log.read_text(encoding='utf-8', errors='replace')[-2000:]}"
        for log in found
    )
