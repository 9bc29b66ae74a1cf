"""The fault matrix: every kind of death, alone and in pairs, at random moments of the load."""

from __future__ import annotations

import asyncio
import itertools
import random
import time
from dataclasses import dataclass, field

from tests.faults.crowd import Crowd, answered
from tests.faults.house import KINDS, WHOLE_DIALOGUE, House

_PATIENCE = 60.0

Kind = tuple[str, ...]
SINGLES: tuple[Kind, ...] = tuple((name,) for name in (*KINDS, WHOLE_DIALOGUE))
PAIRS: tuple[Kind, ...] = tuple(itertools.combinations(KINDS, 2))


@dataclass
class Line:
    """One line of the table.

    Attributes:
        away: seconds from each death until the part was well again.
        recovery: seconds from then until everything sent before was answered.
        back: the moments of return, on the monotonic clock.
        waiting: messages that were sent, and not answered, at those moments.
    """

    name: str
    kills: int = 0
    away: list[float] = field(default_factory=list)
    recovery: list[float] = field(default_factory=list)
    back: list[float] = field(default_factory=list)
    waiting: int = 0


def plan(kinds: tuple[Kind, ...], rounds: int, chance: random.Random) -> list[Kind]:
    """Return what to kill, every kind `rounds` times, in random order."""
    planned = [kind for kind in kinds for _ in range(rounds)]
    chance.shuffle(planned)
    return planned


async def strike(house: House, crowd: Crowd, kind: Kind, line: Line, chance: random.Random) -> None:
    """Kill the parts of a kind at a random moment, and wait until everybody is answered."""
    await asyncio.sleep(chance.uniform(0.0, 0.8))
    died = time.monotonic()
    for name in chance.sample(kind, len(kind)):
        house.kill(name)
        line.kills += 1
        if name != kind[-1]:
            await asyncio.sleep(chance.uniform(0.0, 0.5))
    back = await house.returned(*kind)
    line.waiting += sum(one.tried_at <= back and not one.answered_at for one in crowd.messages)
    last = await answered(crowd, back, _PATIENCE)
    line.back.append(back)
    line.away.append(back - died)
    line.recovery.append(last - back)
