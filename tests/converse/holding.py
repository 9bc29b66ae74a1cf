"""Hold conversations, several at a time, and take down what was right."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import aiohttp
from PIL import Image

from paoyici.citizen import RefusedError
from tests.converse.checks import faults, words
from tests.converse.citizen import NothingToPressError, ScriptedCitizen
from tests.converse.talks import Talk, Turn

_PATIENCE = aiohttp.ClientTimeout(total=60)
_REFUSALS = (RefusedError, aiohttp.ClientError, TimeoutError, ValueError)


@dataclass(frozen=True)
class Exchange:
    """One turn as it went.

    Attributes:
        heard: all that came back, as a reader sees it.
        faults: what was wrong with it.
    """

    turn: Turn
    heard: str
    faults: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """One conversation as it went."""

    talk: Talk
    exchanges: tuple[Exchange, ...]

    @property
    def checked(self) -> int:
        """How many turns have a check."""
        return sum(exchange.turn.checked for exchange in self.exchanges)

    @property
    def right(self) -> int:
        """How many of them were answered right."""
        return sum(exchange.turn.checked and not exchange.faults for exchange in self.exchanges)


async def hold_all(
    origin: str,
    talks: Sequence[Talk],
    folder: Path,
    *,
    jobs: int,
    tell: Callable[[Outcome], None],
) -> list[Outcome]:
    """Hold conversations with the house at `origin`; return how they went, in their order.

    Args:
        folder: for what citizens have with them.
        jobs: conversations at a time.
        tell: told of each when it and all before it are over.
    """
    picture = folder / "picture.png"
    Image.new("RGB", (640, 400), (180, 200, 220)).save(picture)
    seats, outcomes = asyncio.Semaphore(jobs), []
    async with aiohttp.ClientSession(timeout=_PATIENCE) as session, asyncio.TaskGroup() as group:

        async def hold_next(place: int, talk: Talk) -> Outcome:
            async with seats:
                citizen = ScriptedCitizen(session, origin, f"{place}:{talk.id}", picture)
                return await hold(talk, citizen)

        for task in [group.create_task(hold_next(*numbered)) for numbered in enumerate(talks)]:
            outcomes.append(await task)
            tell(outcomes[-1])
    return outcomes


async def hold(talk: Talk, citizen: ScriptedCitizen) -> Outcome:
    """Hold one conversation to its end, whatever comes back."""
    return Outcome(talk, tuple([await _exchange(turn, citizen) for turn in talk.turns]))


async def _exchange(turn: Turn, citizen: ScriptedCitizen) -> Exchange:
    """Do a turn; what cannot be done, or is refused, is wrong by itself."""
    try:
        replies = await citizen.do(turn)
    except NothingToPressError as missing:
        return Exchange(turn, "", (f"nothing to press: {missing}",))
    except _REFUSALS as refusal:
        why = f"{type(refusal).__name__}: {refusal}"
        return Exchange(turn, why, (why,))
    return Exchange(turn, "\n".join(map(words, replies)), tuple(faults(turn, replies)))
