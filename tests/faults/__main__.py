"""`make faults`: kill parts of the real house under load, then look whether anything is missing.

    python -m tests.faults [--quick] [--seed N]

Prints a table, what was found, and one JSON line last.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import random
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.faults import audit, matrix, outages
from tests.faults.crowd import Crowd, crowd_at
from tests.faults.house import House, standing
from tests.faults.matrix import Line
from tests.faults.report import Outcome


@dataclass(frozen=True)
class Size:
    """How much is done.

    Attributes:
        rounds: strikes of every kind.
        citizens: conversations at the same time.
        think: mean seconds between an answer and the next sentence.
        outage: seconds a storage is away, or its disk full.
    """

    kinds: tuple[matrix.Kind, ...]
    rounds: int
    citizens: int
    think: float
    outage: float


def _size(options: argparse.Namespace) -> Size:
    chance = random.Random(options.seed)
    pairs = tuple(chance.sample(matrix.PAIRS, 3)) if options.quick else matrix.PAIRS
    return Size(
        kinds=matrix.SINGLES + pairs,
        rounds=options.rounds or (1 if options.quick else 10),
        citizens=options.citizens,
        think=options.think,
        outage=5.0 if options.quick else 15.0,
    )


def tell(text: str) -> None:
    """Print for whoever waits, while the house's own lines go to its log."""
    print(text, file=sys.__stdout__, flush=True)


async def _storm(house: House, crowd: Crowd, size: Size, seed: int) -> list[Line]:
    """Strike as planned, then the longer troubles; return the table."""
    chance = random.Random(seed)
    lines = {kind: Line(" + ".join(kind)) for kind in size.kinds}
    planned = matrix.plan(size.kinds, size.rounds, chance)
    begun = time.monotonic()
    for number, kind in enumerate(planned, 1):
        line = lines[kind]
        await matrix.strike(house, crowd, kind, line, chance)
        tell(f"{time.monotonic() - begun:5.0f} s  {number} of {len(planned)}: {line.name}, away"
             f" {line.away[-1]:.1f} s, all answered {line.recovery[-1]:.1f} s later")  # fmt: skip
    table = list(lines.values())
    for trouble in (
        outages.away(house, crowd, "redis", size.outage),
        outages.away(house, crowd, "mongodb", size.outage),
        outages.disk_full(house, crowd, size.outage),
    ):
        line = await trouble
        tell(f"{time.monotonic() - begun:5.0f} s  {line.name}, all answered"
             f" {line.recovery[-1]:.1f} s after the return")  # fmt: skip
        table.append(line)
    return table


async def _run(size: Size, seed: int, home: Path) -> Outcome:
    async with standing(home) as house:
        tell(f"the house stands; seed {seed}, {size.citizens} citizens at a time")
        memory = outages.Memory(house)
        watching = asyncio.create_task(memory.watch())
        async with crowd_at(house.layout.origin, size.citizens, size.think, seed) as crowd:
            await asyncio.sleep(size.think)
            lines = await _storm(house, crowd, size, seed)
            stuck = await crowd.go_home()
            crowd.check()
            waiting = await audit.settled(house.layout.mongodb_uri)
            wrong = [one for citizen in crowd.citizens if (one := await citizen.differs())]
            books = await audit.read_books(house.layout.mongodb_uri)
        watching.cancel()
    findings = audit.judge(books, crowd.citizens)
    findings.lost += [f"{one}: still waiting" for one in waiting]
    findings.lost += ["a citizen still waits"] * stuck
    findings.reordered += wrong
    return Outcome(crowd, lines, findings, memory.peak)


def main() -> int:
    """Run the matrix; 0 when the house has passed."""
    parser = argparse.ArgumentParser(prog="tests.faults", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="about three minutes")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--rounds", type=int, help="strikes of every kind (10, with --quick 1)")
    parser.add_argument("--citizens", type=int, default=110, help="conversations at a time")
    parser.add_argument("--think", type=float, default=10.0, help="seconds between two sentences")
    parser.add_argument("--home", type=Path, help="keep the house's data and logs here")
    options = parser.parse_args()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="paoyici-faults-") as folder:
        home = options.home or Path(folder)
        home.mkdir(parents=True, exist_ok=True)
        with (home / "house.log").open("w") as log, contextlib.redirect_stdout(log):
            outcome = asyncio.run(_run(_size(options), options.seed, home))
    for line in (*outcome.table(), *outcome.remarks()):
        print(line)
    seconds = round(time.monotonic() - begun)
    ending = {"seed": options.seed, "quick": options.quick, "seconds": seconds}
    print(json.dumps(outcome.result() | ending, ensure_ascii=False))
    return 0 if outcome.passed() else 1


if __name__ == "__main__":
    sys.exit(main())
